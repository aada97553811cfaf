@testable import Images
import Testing

@Suite struct PNGWriterTests {
    @Test(arguments: [(1, 1), (7, 3), (256, 130)])
    func whatIsWrittenReadsBack(width: Int, height: Int) throws {
        var random = SplitMix(state: 3)
        // Noise does not compress, so the room that encoding takes is put to the test.
        let rgb = (0..<(width * height * 3)).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        let picture = try ImageDecoder().picture(
            of: PNGWriter.encode(width: width, height: height, rgb: rgb), atLeast: 1)
        let same = picture == Picture(width: width, height: height, pixels: rgb)
        #expect(same)
    }

    @Test(arguments: [(0, 0, 0), (2, 2, 11), (-1, -1, 3), (1_000_001, 1, 3_000_003)])
    func sizesThatDoNotFitAreAnError(width: Int, height: Int, count: Int) {
        let rgb = [UInt8](repeating: 0, count: count)
        #expect(
            failure { () throws(ImageError) in try PNGWriter.encode(width: width, height: height, rgb: rgb) } != nil)
    }
}
