@testable import Images
import Testing

@Suite struct PictureOutlineTests {
    private let white = Colour(red: 255, green: 255, blue: 255)

    private func rows(of picture: Picture) -> [String] {
        (0..<picture.height).map { y in
            (0..<picture.width).map { picture.pixels[(y * picture.width + $0) * 3] == 255 ? "#" : "." }.joined()
        }
    }

    @Test func edgesAreDrawnInside() {
        var picture = Picture(width: 7, height: 5, pixels: [UInt8](repeating: 0, count: 105))
        picture.outline(x1: 1, y1: 0, x2: 6, y2: 5, white, thickness: 1)
        #expect(rows(of: picture) == [".#####.", ".#...#.", ".#...#.", ".#...#.", ".#####."])
    }

    @Test func whatLiesOutsideIsLeftOut() {
        var picture = Picture(width: 4, height: 3, pixels: [UInt8](repeating: 0, count: 36))
        picture.outline(x1: -9, y1: 1.4, x2: 2.2, y2: 1e300, white, thickness: 1)
        #expect(rows(of: picture) == ["....", "##..", "##.."])
        picture.outline(x1: 0, y1: 0, x2: 4, y2: 3, white, thickness: 100)
        #expect(rows(of: picture) == ["####", "####", "####"])
    }

    @Test(
        arguments: [
            (.nan, 0, 2, 2), (0, 0, .infinity, 2), (2, 0, 1, 2), (0, 2, 2, 1), (9, 9, 12, 12), (1, 1, 1, 1),
        ] as [(Double, Double, Double, Double)])
    func aBoxThatIsNoneDrawsNothing(x1: Double, y1: Double, x2: Double, y2: Double) {
        var picture = Picture(width: 4, height: 3, pixels: [UInt8](repeating: 0, count: 36))
        picture.outline(x1: x1, y1: y1, x2: x2, y2: y2, white, thickness: 2)
        #expect(picture.pixels.allSatisfy { $0 == 0 })
    }
}
