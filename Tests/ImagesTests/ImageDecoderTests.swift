@testable import Images
import Testing
import TestSupport

@Suite struct ImageDecoderTests {
    @Test(arguments: try Fixture.load().decode)
    func givesTheExpectedPixels(_ fixture: Fixture.Decode) throws {
        let picture = try ImageDecoder().picture(of: Fixture.picture(fixture.file), atLeast: fixture.side)
        #expect(picture.width == fixture.width)
        #expect(picture.height == fixture.height)
        #expect(picture.storedSize.width == fixture.originalWidth)
        #expect(picture.storedSize.height == fixture.originalHeight)
        let expected = try Fixture.bytes(fixture.expected)
        try #require(picture.pixels.count == expected.count)
        let worst = zip(picture.pixels, expected).map { abs(Int($0) - Int($1)) }.max()
        #expect(try #require(worst) <= fixture.tolerance)
    }

    /// The shorter side is 90: n/8 of it, rounded up, is what decoding can give.
    @Test(arguments: [(1, 12), (12, 12), (13, 23), (45, 45), (46, 57), (79, 79), (80, 90), (90, 90), (5000, 90)])
    func decodesJPEGAtTheSmallestScaleThatIsEnough(side: Int, shorter: Int) throws {
        let picture = try ImageDecoder().picture(of: Fixture.picture("scaled.jpg"), atLeast: side)
        #expect(picture.height == shorter)
        #expect((picture.storedSize.width, picture.storedSize.height) == (131, 90))
    }

    private static let disguises: [(name: String, text: String)] = [
        ("GIF", "GIF89a\u{1}\0\u{1}\0"),
        ("unknown", "RIFF\u{10}\0\0\0WAVEfmt "),
        ("AVIF", "\0\0\0 ftypavif"),
        ("HEIC", "\0\0\0 ftypheic"),
        ("HTML", "<!DOCTYPE html><title>Not found</title>"),
        ("HTML", "\u{FEFF}\n  <html>"),
        ("XML", "<svg xmlns=''/>"),
        ("BMP", "BM"),
        ("unknown", "{\"error\":\"not found\"}"),
        ("unknown", "\0"),
        ("unknown", "<"),
    ]

    @Test(arguments: disguises)
    func saysWhatSomethingElseLooksLike(name: String, text: String) {
        let error = failure { () throws(ImageError) in try ImageDecoder().picture(of: Array(text.utf8), atLeast: 224) }
        #expect(error?.code == .format)
        #expect(error?.message.contains(name) == true, "\(error?.message ?? "no error")")
    }

    /// What moves is no picture to ground in.
    @Test func anAnimationIsSaidToBeOne() throws {
        let bytes = try Fixture.picture("animated.webp")
        let error = failure { () throws(ImageError) in try ImageDecoder().picture(of: bytes, atLeast: 1) }
        #expect(error == ImageError(.format, "an animated WebP, not a still picture"))
    }

    @Test func noBytesAreAnError() {
        #expect(failure { () throws(ImageError) in try ImageDecoder().picture(of: [], atLeast: 1) }?.code == .empty)
    }

    @Test(arguments: ["baseline-420.jpg", "rgb-8.png", "lossy.webp"])
    func limitsAreCheckedFromTheHeader(file: String) throws {
        let bytes = try Fixture.picture(file)
        let picture = try ImageDecoder().picture(of: bytes, atLeast: .max)
        let pixels = picture.width * picture.height
        let pass = ImageLimits(maxPixels: pixels, maxBytes: bytes.count)
        #expect(
            failure { () throws(ImageError) in try ImageDecoder(limits: pass).picture(of: bytes, atLeast: 1) } == nil)
        let few = ImageLimits(maxPixels: pixels - 1)
        let manyPixels = failure { () throws(ImageError) in try ImageDecoder(limits: few).picture(of: bytes, atLeast: 1)
        }
        #expect(manyPixels?.code == .tooManyPixels)
        #expect(manyPixels?.message.contains("\(picture.width)x\(picture.height)") == true)
        let short = ImageLimits(maxBytes: bytes.count - 1)
        let manyBytes = failure { () throws(ImageError) in
            try ImageDecoder(limits: short).picture(of: bytes, atLeast: 1)
        }
        #expect(manyBytes?.code == .tooLarge)
    }

    @Test func aColumnOfPixelsTurnsIntoARow() throws {
        let png = try PNGWriter.encode(width: 1, height: 3, rgb: [10, 10, 10, 20, 20, 20, 30, 30, 30])
        let quarterTurn = Array("II*\0".utf8) + [8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0]
        let chunk = PictureBomb.chunk("eXIf", quarterTurn)
        let picture = try ImageDecoder().picture(of: Array(png[..<33] + chunk + png[33...]), atLeast: .max)
        #expect((picture.width, picture.height) == (3, 1))
        #expect(picture.pixels == [30, 30, 30, 20, 20, 20, 10, 10, 10])
    }

    @Test func aLongThinPictureDecodes() throws {
        let rgb = [UInt8](repeating: 200, count: 60_000 * 3)
        let picture = try ImageDecoder().picture(of: PNGWriter.encode(width: 60_000, height: 1, rgb: rgb), atLeast: 224)
        #expect((picture.width, picture.height) == (60_000, 1))
        #expect(picture.pixels == rgb)
    }
}
