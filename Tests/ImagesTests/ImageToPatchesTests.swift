@testable import Images
import Testing

@Suite struct ImageToPatchesTests {
    /// Against Pillow on float planes, which it does not round: only the order of sums differs.
    @Test(arguments: try Fixture.load().resize)
    func patchesAgreeWithPillow(_ fixture: Fixture.Resize) throws {
        let picture = try ImageDecoder().picture(of: Fixture.picture(fixture.file), atLeast: .max)
        let toPatches = ImageToPatches(
            size: fixture.size, patch: fixture.patch, filter: fixture.filter == "bicubic" ? .bicubic : .bilinear)
        let matrix = toPatches.matrix(of: picture)
        let expected = try Fixture.floats(fixture.patches)
        try #require(matrix.count == expected.count)
        let worst = zip(matrix, expected).map { abs($0 - $1) }.max()
        #expect(try #require(worst) < 2e-5)
    }

    /// Against Pillow on bytes, which rounds after each of its two passes: within a level and a half of 255.
    @Test(arguments: try Fixture.load().resize)
    func pixelsAgreeWithPillowOnBytes(_ fixture: Fixture.Resize) throws {
        let picture = try ImageDecoder().picture(of: Fixture.picture(fixture.file), atLeast: .max)
        let plain = ImageToPatches(
            size: fixture.size, patch: 1, mean: [0, 0, 0], deviation: [1, 1, 1].map { $0 / 255 },
            filter: fixture.filter == "bicubic" ? .bicubic : .bilinear)
        let expected = try Fixture.bytes(fixture.pixels)
        let pixels = plain.matrix(of: picture)
        try #require(pixels.count == expected.count)
        let worst = zip(pixels, expected).map { abs($0 - Float($1)) }.max()
        #expect(try #require(worst) < 1.5)
    }

    /// Turned after it was resized, or before: only the order differs in which values are cut off.
    @Test(arguments: Set(try Fixture.load().decode.map(\.file)).sorted())
    func rowByRowIsTheSameAsInOnePiece(file: String) throws {
        let bytes = try Fixture.picture(file)
        let toPatches = ImageToPatches(size: 24, patch: 8)
        let picture = try ImageDecoder().picture(of: bytes, atLeast: toPatches.size)
        let loaded = try ImageDecoder().patches(of: bytes, toPatches)
        #expect(loaded.size == picture.storedSize)
        let whole = toPatches.matrix(of: picture)
        try #require(loaded.patches.count == whole.count)
        let differences = zip(loaded.patches, whole).map { abs($0 - $1) }
        #expect(try #require(differences.max()) < 0.25)
        #expect(differences.reduce(0, +) / Float(differences.count) < 0.01)
    }

    /// What a detector takes, made while patches are: as of the whole picture.
    @Test(arguments: Set(try Fixture.load().decode.map(\.file)).sorted())
    func bothSquaresAreMadeOfOneDecoding(file: String) throws {
        let bytes = try Fixture.picture(file)
        let toPixels = ImageToPixels(size: 30)
        let both = try ImageDecoder().patches(of: bytes, ImageToPatches(size: 24, patch: 8, pixels: toPixels))
        let picture = try ImageDecoder().picture(of: bytes, atLeast: 30)
        #expect(both.size == picture.storedSize)
        for (got, whole) in [
            (both.patches, ImageToPatches(size: 24, patch: 8).matrix(of: picture)),
            (both.pixels, toPixels.matrix(of: picture)),
        ] {
            try #require(got.count == whole.count)
            let differences = zip(got, whole).map { abs($0 - $1) }
            #expect(try #require(differences.max()) < 0.25)
            #expect(differences.reduce(0, +) / Float(differences.count) < 0.01)
        }
        #expect(both.pixels.allSatisfy { (-1...1).contains($0) })
        #expect(try ImageDecoder().patches(of: bytes, ImageToPatches(size: 24, patch: 8)).pixels.isEmpty)
    }

    @Test func pixelsOfADetectorAreLineByLine() {
        let pixels = (0..<(3 * 3 * 3)).map { UInt8($0 * 9) }
        let matrix = ImageToPixels(size: 3).matrix(of: Picture(width: 3, height: 3, pixels: pixels))
        #expect(zip(matrix, pixels).allSatisfy { abs($0 - (Float($1) / 127.5 - 1)) < 1e-4 })
    }

    /// 131x90 pixels do not divide by 8: a scaled decode ends in the middle of a pixel, on the side that the
    /// orientation turns it to. What is resized has to stay in its place all the same.
    @Test(arguments: 1...8)
    func aScaledPictureStaysInItsPlace(orientation: UInt8) throws {
        let exif = Array("Exif\0\0II*\0".utf8) + [8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]
        let jpeg = try Fixture.picture("scaled.jpg")
        let turned = jpeg[..<2] + [0xFF, 0xE1, 0, UInt8(exif.count + 2)] + exif + jpeg[2...]
        let plain = ImageToPatches(size: 28, patch: 1, mean: [0, 0, 0], deviation: [1, 1, 1].map { $0 / 255 })
        let whole = try plain.matrix(of: ImageDecoder().picture(of: Array(turned), atLeast: .max))
        for side in [34, 57, 79] {
            let scaled = try plain.matrix(of: ImageDecoder().picture(of: Array(turned), atLeast: side))
            let difference = zip(scaled, whole).map { abs($0 - $1) }.reduce(0, +) / Float(whole.count)
            #expect(difference < 1.2, "\(side): \(difference)")
        }
    }

    @Test func rowsAreChannelThenRowThenColumn() {
        // A picture of the size it is resized to stays as it is.
        let pixels = (0..<(4 * 4 * 3)).map { UInt8($0) }
        let plain = ImageToPatches(size: 4, patch: 2, mean: [0, 0, 0], deviation: [1, 1, 1].map { $0 / 255 })
        let matrix = plain.matrix(of: Picture(width: 4, height: 4, pixels: pixels))
        #expect(plain.grid == 2)
        #expect(matrix.count == 4 * 12)
        // Patch 1 is the upper right one: pixels (2,0) (3,0) (2,1) (3,1), first all of their reds.
        let expected: [Float] = [6, 9, 18, 21, 7, 10, 19, 22, 8, 11, 20, 23]
        #expect(zip(matrix[12..<24], expected).allSatisfy { abs($0 - $1) < 1e-3 })
    }

    @Test func pixelsBeyondTheLastWholePatchAreDropped() {
        let picture = Picture(width: 5, height: 5, pixels: [UInt8](repeating: 9, count: 75))
        #expect(ImageToPatches(size: 5, patch: 2).matrix(of: picture).count == 4 * 12)
    }

    @Test(arguments: [(60_000, 1), (1, 60_000), (1, 1)])
    func extremeShapesKeepTheirColour(width: Int, height: Int) {
        let pixels = [UInt8](repeating: 51, count: width * height * 3)
        let plain = ImageToPatches(size: 16, patch: 4, mean: [0, 0, 0], deviation: [1, 1, 1])
        let matrix = plain.matrix(of: Picture(width: width, height: height, pixels: pixels))
        #expect(matrix.allSatisfy { abs($0 - 0.2) < 1e-4 })
    }
}
