import Testing
import TestSupport

@testable import Images

/// Where EXIF may stand, and where it is not looked for.
@Suite struct OrientationTests {
    /// EXIF of a TIFF with one entry, `gap` bytes behind its head.
    private func exif(_ orientation: UInt8, gap: Int = 0) -> [UInt8] {
        let offset = 8 + gap
        return Array("II*\0".utf8) + [UInt8(offset & 255), UInt8(offset >> 8), 0, 0]
            + [UInt8](repeating: 0, count: gap) + [1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]
    }

    private func segment(_ marker: UInt8, _ content: [UInt8]) -> [UInt8] {
        let length = content.count + 2
        return [0xFF, marker, UInt8(length >> 8), UInt8(length & 255)] + content
    }

    private let app1: UInt8 = 0xE1
    private let name = Array("Exif\0\0".utf8)

    private func orientation(ofJPEG segments: [UInt8], before: Bool = true) throws -> Orientation {
        let jpeg = try Fixture.picture("baseline-420.jpg")
        let bytes = before ? jpeg[..<2] + segments + jpeg[2...] : jpeg + segments
        return try ImageCodec(bytes: bytes, deadline: .never).jpegHeader().orientation
    }

    @Test func isInTheFirstSegmentThatIsEXIF() throws {
        #expect(try orientation(ofJPEG: []) == .upright)
        #expect(try orientation(ofJPEG: segment(app1, name + exif(6))) == .quarterTurnRight)
        let xmp = segment(app1, Array("http://ns.adobe.com/xap/1.0/\0<x/>".utf8))
        let both =
            xmp + segment(app1, Array("Exif".utf8)) + segment(app1, name + exif(3)) + segment(app1, name + exif(6))
        #expect(try orientation(ofJPEG: both) == .halfTurn)
        #expect(try orientation(ofJPEG: segment(0xE2, name + exif(6))) == .upright)
        #expect(try orientation(ofJPEG: segment(app1, name)) == .upright)
        #expect(try orientation(ofJPEG: segment(app1, [])) == .upright)
        #expect(try orientation(ofJPEG: segment(app1, name + exif(6)), before: false) == .upright)
    }

    @Test("A segment may be as long as segments get, and there may be many")
    func longSegments() throws {
        let longest = 65_533 - 6 - exif(6).count
        #expect(try orientation(ofJPEG: segment(app1, name + exif(6, gap: longest))) == .quarterTurnRight)
        let noise = segment(app1, [UInt8](repeating: 7, count: 65_533))
        let many = Array(repeatElement(noise, count: 100).joined()) + segment(app1, name + exif(8))
        #expect(try orientation(ofJPEG: many) == .quarterTurnLeft)
    }

    /// Between the header and the rest of a PNG.
    private func orientation(ofPNG chunks: [UInt8]) throws -> Orientation {
        let png = try Fixture.picture("rgb-8.png")
        return try ImageCodec(bytes: png[..<33] + chunks + png[33...], deadline: .never).pngHeader().orientation
    }

    private func chunk(_ content: [UInt8]) -> [UInt8] {
        PictureBomb.chunk("eXIf", content)
    }

    @Test func isInTheChunkBeforeThePixels() throws {
        #expect(try orientation(ofPNG: []) == .upright)
        #expect(try orientation(ofPNG: chunk(exif(6))) == .quarterTurnRight)
        #expect(
            try orientation(ofPNG: chunk(exif(6, gap: 60_000) + [UInt8](repeating: 0, count: 200_000)))
                == .quarterTurnRight)
        // Metadata that does not hold together is none.
        #expect(try orientation(ofPNG: chunk([])) == .upright)
        #expect(try orientation(ofPNG: chunk(Array("II".utf8))) == .upright)
        #expect(try orientation(ofPNG: chunk(Array("what is this".utf8))) == .upright)
        var torn = chunk(exif(6))
        torn[torn.count - 1] ^= 1
        #expect(try orientation(ofPNG: torn) == .upright)
    }
}
