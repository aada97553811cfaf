@testable import Images
import Testing
import TestSupport

/// Damaged files: an error or a picture, never a crash, and never a picture that is partly made up.
@Suite struct DamageTests {
    private static let samples = [
        "baseline-420.jpg", "progressive.jpg", "restart.jpg", "separate-scans.jpg", "arithmetic.jpg", "cmyk.jpg",
        "orientation-6.jpg", "rgb-8.png", "palette-4-alpha-interlaced.png", "gray-16.png", "extras.png", "lossy.webp",
        "lossy-alpha.webp", "lossless-alpha.webp", "orientation-6.webp",
    ]

    /// What is not the whole picture is an error, or says that it is not.
    @Test(arguments: samples)
    func everyShorterPrefixIsAnErrorOrSaysSo(file: String) throws {
        let bytes = try Fixture.picture(file)
        let whole = try ImageDecoder().picture(of: bytes, atLeast: .max)
        #expect(whole.damage == nil)
        var silent = 0
        for length in 1..<bytes.count {
            do throws(ImageError) {
                let picture = try ImageDecoder().picture(of: Array(bytes.prefix(length)), atLeast: .max)
                if let damage = picture.damage {
                    #expect(damage.code == .truncated && file.hasSuffix("jpg"), "\(length) of \(bytes.count) bytes")
                    #expect(throws: damage) { try picture.whole() }
                } else {
                    let same = picture == whole
                    #expect(same, "\(length) of \(bytes.count) bytes")
                    silent += 1
                }
            } catch {
                #expect(error.code == .truncated, "\(length) of \(bytes.count) bytes: \(error)")
            }
        }
        #expect(silent < 20, "\(silent) of \(bytes.count - 1) prefixes are whole")
    }

    /// Half of the rows are enough, and they are the right ones: up to where the file ends.
    @Test(arguments: ["baseline-420.jpg", "restart.jpg", "cmyk.jpg"])
    func aFileThatEndsInItsSecondHalfGivesTheRowsThatAreThere(file: String) throws {
        let bytes = try Fixture.picture(file)
        let whole = try ImageDecoder().picture(of: bytes, atLeast: .max)
        var least = whole.height
        for length in 1..<bytes.count {
            guard let picture = try? ImageDecoder().picture(of: Array(bytes.prefix(length)), atLeast: .max),
                let damage = picture.damage
            else { continue }
            let words = damage.message.split(separator: " ")
            let rows = try #require(words.firstIndex(of: "of").flatMap { Int(words[$0 - 1]) })
            #expect(rows >= whole.height - rows)
            // Colour of the row beside it reaches into the last one.
            let sure = (rows - 1) * whole.width * 3
            #expect(picture.pixels[..<sure] == whole.pixels[..<sure])
            least = min(least, rows)
        }
        #expect(least <= whole.height / 2 + 16, "\(least) of \(whole.height) rows")
    }

    /// Nothing but the end-of-image mark is missing, and it is known that nothing else is.
    @Test(arguments: ["baseline-420.jpg", "progressive.jpg", "separate-scans.jpg", "gray-progressive.jpg"])
    func aJPEGWithoutItsEndIsWhole(file: String) throws {
        let bytes = try Fixture.picture(file)
        try #require(bytes.suffix(2) == [0xFF, 0xD9])
        let picture = try ImageDecoder().picture(of: bytes.dropLast(2), atLeast: .max)
        #expect(try picture == ImageDecoder().picture(of: bytes, atLeast: .max))
    }

    /// The first scans of a progressive picture show all of it, if coarsely.
    @Test func aProgressivePictureIsCoarseFromItsFirstScansOn() throws {
        let bytes = try Fixture.picture("progressive.jpg")
        let scans = bytes.indices.dropLast().filter { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xDA }
        let whole = try ImageDecoder().picture(of: bytes, atLeast: .max)
        let first = failure { () throws(ImageError) in
            try ImageDecoder().picture(of: Array(bytes[..<(scans[0] + 5)]), atLeast: .max)
        }
        #expect(first?.code == .truncated)
        let differences = try scans.dropFirst().map { scan in
            let picture = try ImageDecoder().picture(of: Array(bytes[..<(scan + 5)]), atLeast: .max)
            #expect(picture.damage?.message == "the file ends before its last scan: the picture is coarse")
            return zip(picture.pixels, whole.pixels).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) } / whole.pixels.count
        }
        #expect(differences.count > 5 && differences == differences.sorted(by: >))
        #expect(try #require(differences.last) < 4)
    }

    @Test(arguments: samples)
    func randomDamageNeverCrashes(file: String) throws {
        let bytes = try Fixture.picture(file)
        var random = SplitMix(state: UInt64(bytes.count))
        let limits = ImageLimits(maxPixels: 100_000)
        for _ in 0..<1_000 {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                // Headers carry sizes, tables and offsets, so most of the damage goes there.
                let reach = Bool.random(using: &random) ? min(200, damaged.count) : damaged.count
                let at = Int.random(in: 0..<reach, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: damaged[at] = UInt8.random(in: .min ... .max, using: &random)
                case 1: damaged[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                case 2: damaged[at] = [0, 1, 0x7F, 0x80, 0xFE, 0xFF][Int.random(in: 0..<6, using: &random)]
                default: damaged.removeSubrange(at..<min(damaged.count, at + 3))
                }
            }
            do throws(ImageError) {
                let picture = try ImageDecoder(limits: limits).picture(of: damaged, atLeast: 16)
                #expect(picture.pixels.count == picture.width * picture.height * 3)
                #expect(picture.storedSize.width * picture.storedSize.height <= limits.maxPixels)
            } catch {
                #expect(!error.message.isEmpty)
            }
        }
    }

    /// PNG checks itself by CRC, which hides what is behind it: with the CRC put right, damage goes deeper.
    @Test(arguments: ["rgb-8.png", "palette-4-alpha-interlaced.png", "gray-16-key.png", "orientation-6.png"])
    func damageBehindAValidChecksumNeverCrashes(file: String) throws {
        let bytes = try Fixture.picture(file)
        var random = SplitMix(state: 7)
        for _ in 0..<500 {
            var damaged = bytes
            let at = Int.random(in: 8..<(damaged.count - 12), using: &random)
            damaged[at] = UInt8.random(in: .min ... .max, using: &random)
            restoreChecksums(&damaged)
            _ = failure { () throws(ImageError) in
                try ImageDecoder(limits: ImageLimits(maxPixels: 100_000)).picture(of: damaged, atLeast: 16)
            }
        }
    }

    @Test func aHeaderThatAnnouncesTooMuchIsRefused() throws {
        var png = try Fixture.picture("rgb-8.png")
        for (offset, byte) in [0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60].enumerated() { png[16 + offset] = UInt8(byte) }
        restoreChecksums(&png)
        let error = failure { () throws(ImageError) in try ImageDecoder().picture(of: png, atLeast: 224) }
        #expect(error?.code == .tooManyPixels)
        #expect(error?.message.contains("60000x60000") == true)

        var jpeg = try Fixture.picture("progressive.jpg")
        let frame = try #require(jpeg.indices.first { jpeg[$0] == 0xFF && jpeg[$0 + 1] == 0xC2 })
        for (offset, byte) in [0xEA, 0x60, 0xEA, 0x60].enumerated() { jpeg[frame + 5 + offset] = UInt8(byte) }
        let other = failure { () throws(ImageError) in try ImageDecoder().picture(of: jpeg, atLeast: 224) }
        #expect(other?.code == .tooManyPixels)
        #expect(other?.message.contains("60000x60000") == true)
    }

    @Test func aSideBeyondTheLimitIsRefusedWhateverTheArea() throws {
        var png = try Fixture.picture("rgb-8.png")
        for (offset, byte) in [0, 0x7F, 0xFF, 0xFF, 0, 0, 0, 1].enumerated() { png[16 + offset] = UInt8(byte) }
        restoreChecksums(&png)
        let error = failure { () throws(ImageError) in try ImageDecoder().picture(of: png, atLeast: 224) }
        #expect(error?.code == .tooManyPixels)
    }

    /// What follows the last row is not unpacked: neither more pixels, nor what cannot be any.
    @Test(arguments: [0, 1, 10_000_000])
    func whatFollowsTheLastRowIsNotRead(surplus: Int) throws {
        let plain = PictureBomb.png(10, 10, depth: 8, colour: .rgb)
        let bytes = PictureBomb.png(10, 10, depth: 8, colour: .rgb, surplus: surplus)
        let picture = try ImageDecoder().picture(of: plain, atLeast: .max)
        #expect(try ImageDecoder().picture(of: bytes, atLeast: .max) == picture)
        let end = PictureBomb.chunk("IEND", [])
        let more = PictureBomb.chunk("IDAT", (0...255).map { UInt8($0) }) + [1, 2, 3]
        #expect(try ImageDecoder().picture(of: bytes.dropLast(end.count) + more, atLeast: .max) == picture)
    }

    @Test func tooFewPixelsAreCorrupt() throws {
        let bytes = PictureBomb.png(10, 10, depth: 8, colour: .rgb, surplus: -1)
        let error = failure { () throws(ImageError) in try ImageDecoder().picture(of: bytes, atLeast: .max) }
        #expect(error?.code == .corrupt)
    }

    @Test func aDamagedScanIsCorrupt() throws {
        var jpeg = try Fixture.picture("restart.jpg")
        let scan = try #require(jpeg.indices.last { jpeg[$0] == 0xFF && jpeg[$0 + 1] == 0xDA })
        // Another restart marker than the one that is due.
        let restart = try #require(jpeg[scan...].indices.first { jpeg[$0] == 0xFF && jpeg[$0 + 1] == 0xD1 })
        jpeg[restart + 1] = 0xD5
        let error = failure { () throws(ImageError) in try ImageDecoder().picture(of: jpeg, atLeast: .max) }
        #expect(error?.code == .corrupt)
    }

    @Test func brokenMetadataCountsAsUpright() throws {
        let bytes = try Fixture.picture("orientation-6.jpg")
        let exif = try #require(bytes.indices.first { bytes[$0...].starts(with: Array("Exif\0\0".utf8)) }) + 6
        let upright = try ImageDecoder().picture(of: Fixture.picture("orientation-1.jpg"), atLeast: .max)
        // The mark of a TIFF, where its directory is, and how many entries it has.
        for (at, byte) in [(0, 0x58), (2, 0x58), (4, 0xFF), (7, 0x7F), (8, 0), (9, 0xFF)] as [(Int, UInt8)] {
            var broken = bytes
            broken[exif + at] = byte
            let picture = try ImageDecoder().picture(of: broken, atLeast: .max)
            #expect((picture.width, picture.height) == (upright.width, upright.height) || at == 9)
        }
    }

    private func restoreChecksums(_ png: inout [UInt8]) {
        var at = 8
        while at + 12 <= png.count {
            let length = png[at..<(at + 4)].reduce(0) { $0 << 8 | Int($1) }
            guard length <= png.count - at - 12 else { return }
            let sum = PictureBomb.checksum(png[(at + 4)..<(at + 8 + length)])
            for byte in 0..<4 { png[at + 8 + length + byte] = UInt8(truncatingIfNeeded: sum >> (24 - 8 * byte)) }
            at += 12 + length
        }
    }
}
