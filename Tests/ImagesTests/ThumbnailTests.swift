@testable import Images
import Testing

@Suite struct ThumbnailTests {
    @Test func pixelsAreTheMeanOfThoseTheyStandFor() {
        let grey: [UInt8] = [0, 10, 20, 30, 40, 50, 60, 71]
        let picture = Picture(width: 4, height: 2, pixels: grey.flatMap { [$0, $0, 255] })
        let reduced = picture.reduced(toFit: 2)
        #expect((reduced.width, reduced.height) == (2, 1))
        #expect(reduced.pixels == [25, 25, 255, 45, 45, 255])
        #expect(reduced.storedSize == picture.storedSize)
    }

    @Test func aPictureThatFitsStaysAndALineKeepsAPixel() {
        let picture = Picture(width: 3, height: 2, pixels: [UInt8](repeating: 7, count: 18))
        #expect(picture.reduced(toFit: 3) == picture)
        #expect(picture.reduced(toFit: 0) == picture)
        let line = Picture(width: 1000, height: 1, pixels: [UInt8](repeating: 9, count: 3000)).reduced(toFit: 10)
        #expect((line.width, line.height) == (10, 1))
        #expect(line.pixels == [UInt8](repeating: 9, count: 30))
    }

    @Test(arguments: [(1, 1), (7, 3), (640, 1), (200, 150)])
    func aJPEGThatIsWrittenReadsBack(width: Int, height: Int) throws {
        let picture = Picture(width: width, height: height, pixels: [UInt8](repeating: 120, count: width * height * 3))
        let read = try ImageDecoder().picture(of: JPEGWriter.encode(picture, quality: 80), atLeast: .max)
        #expect((read.width, read.height) == (width, height))
        #expect(read.pixels.allSatisfy { (118...122).contains($0) })
    }

    @Test func noiseFitsIntoItsRoom() throws {
        var random = SplitMix(state: 3)
        let noise = (0..<(64 * 64 * 3)).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        let picture = Picture(width: 64, height: 64, pixels: noise)
        #expect(try JPEGWriter.encode(picture, quality: 100).starts(with: [0xFF, 0xD8, 0xFF]))
    }

    @Test func aSideBeyondTheFormatIsAnError() {
        let picture = Picture(width: 70_000, height: 1, pixels: [UInt8](repeating: 0, count: 210_000))
        #expect(failure { () throws(ImageError) in try JPEGWriter.encode(picture, quality: 80) } != nil)
    }
}
