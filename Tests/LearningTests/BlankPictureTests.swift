import Testing

@testable import Learning

struct BlankPictureTests {
    @Test(arguments: BlankPicture.names) func aNameIsEnough(name: String) throws {
        let blank = try #require(BlankPicture(name))
        #expect(blank.name == name)
        let picture = blank.picture(side: 33)
        #expect(picture.pixels.count == 3 * picture.width * picture.height)
    }

    @Test(arguments: ["plain:", "plain:000001", "noise:1", "noise:1,1", "images/1.png", ""])
    func otherNamesAreOfNoBlankPicture(name: String) { #expect(BlankPicture(name) == nil) }

    @Test func thoseOfOneColourHaveOne() {
        let names = ["plain:000000", "plain:ffffff", "plain:808080", "plain:b03030", "plain:30a040", "plain:3050c0"]
        #expect(BlankPicture.plain.map(\.name).starts(with: names))
        for (blank, colour) in zip(
            BlankPicture.plain, [[0, 0, 0], [255, 255, 255], [128, 128, 128], [0xB0, 0x30, 0x30]])
        {
            let pixels = blank.picture(side: 5).pixels.map(Int.init)
            #expect(stride(from: 0, to: pixels.count, by: 3).allSatisfy { Array(pixels[$0..<$0 + 3]) == colour })
        }
    }

    /// Every value is as likely, in squares of one colour.
    @Test func noiseIsNoise() {
        var seen: Set<[UInt8]> = []
        for blank in BlankPicture.noisy {
            guard case .noise(_, let grain) = blank.content else { continue }
            let pixels = blank.picture(side: 160).pixels
            #expect(seen.insert(pixels).inserted)
            let mean = pixels.reduce(0) { $0 + Double($1) } / Double(pixels.count)
            // Four times what chance allows a mean of so many squares.
            let squares = Double((160 / grain) * (160 / grain) * 3)
            #expect(abs(mean - 127.5) < 4 * 74 / squares.squareRoot())
            let row = stride(from: 0, to: 3 * grain, by: 3).map { Array(pixels[$0..<$0 + 3]) }
            #expect(Set(row).count == 1)
            #expect(Array(pixels[0..<3]) != Array(pixels[3 * grain..<3 * grain + 3]))
        }
    }
}
