@testable import Images
import Testing
import TestSupport

/// What a picture costs is counted before it is decoded.
@Suite struct CostTests {
    private func cost(_ jpeg: [UInt8]) throws -> DecodingCost {
        try ImageCodec(bytes: jpeg, deadline: .never).jpegHeader().cost
    }

    /// The scans that libjpeg writes of a colour photograph: component numbers, first and last coefficient, bits.
    private static let usualScans: [(components: [UInt8], first: UInt8, last: UInt8, bits: UInt8)] = [
        ([1, 2, 3], 0, 0, 0x01), ([1], 1, 5, 0x02), ([3], 1, 63, 0x01), ([2], 1, 63, 0x01), ([1], 6, 63, 0x02),
        ([1], 1, 63, 0x21), ([1, 2, 3], 0, 0, 0x10), ([3], 1, 63, 0x10), ([2], 1, 63, 0x10), ([1], 1, 63, 0x10),
    ]

    /// A progressive photograph in the usual ten scans, without the bytes of its pixels.
    private func photograph(_ width: Int, _ height: Int, halved: Bool) -> [UInt8] {
        let size = [height >> 8, height & 255, width >> 8, width & 255].map { UInt8($0) }
        let frame: [UInt8] = [8] + size + [3, 1, halved ? 0x22 : 0x11, 0, 2, 0x11, 0, 3, 0x11, 0]
        var file: [UInt8] = [0xFF, 0xD8]
        file += PictureBomb.segment(0xC2, frame)
        for scan in Self.usualScans {
            var header = [UInt8(scan.components.count)]
            for component in scan.components { header += [component, 0] }
            file += PictureBomb.segment(0xDA, header + [scan.first, scan.last, scan.bits])
        }
        return file + [0xFF, 0xD9]
    }

    /// So large as cameras and telephones make them.
    @Test(arguments: [(4_000, 3_000, false), (6_000, 4_000, false), (9_248, 6_936, true)])
    func photographsInManyScansPass(width: Int, height: Int, halved: Bool) throws {
        let limits = ImageLimits(maxPixels: max(64_000_000, width * height))
        let cost = try cost(photograph(width, height, halved: halved))
        try cost.check(against: limits)
        #expect(cost.memory > width * height * (halved ? 3 : 6))
    }

    @Test func eachScanCounts() throws {
        for coding in [PictureBomb.Coding.progressive, .refined, .arithmetic] {
            let few = try cost(PictureBomb.jpeg(coding, side: 800, components: 1, scans: 10))
            let many = try cost(PictureBomb.jpeg(coding, side: 800, components: 1, scans: 30))
            let more = try cost(PictureBomb.jpeg(coding, side: 800, components: 1, scans: 50))
            #expect(many.work - few.work == more.work - many.work)
            #expect(many.work - few.work > 20 * 10_000)
            #expect(many.memory == few.memory)
        }
    }

    /// Scans behind the end of the picture, or in its metadata, are none.
    @Test func onlyScansCount() throws {
        let bomb = PictureBomb.jpeg(.arithmetic, side: 800, components: 1, scans: 10)
        let scan = PictureBomb.segment(0xDA, [1, 1, 0, 1, 63, 0])
        let hidden = bomb[..<2] + PictureBomb.segment(0xE2, scan) + bomb[2...] + scan
        #expect(try cost(Array(hidden)) == cost(bomb))
    }

    @Test func fillBytesAndStuffedBytesHideNoScan() throws {
        let bomb = PictureBomb.jpeg(.arithmetic, side: 800, components: 1, scans: 10)
        let scan = PictureBomb.segment(0xDA, [1, 1, 0, 1, 63, 0])
        let last = bomb[..<(bomb.count - 2)]
        for noise in [[], [0xFF, 0xFF, 0xFF], [1, 2, 3], [0xFF, 0, 0xFF, 0xD3, 7], [0xFF, 0xD8]] as [[UInt8]] {
            let more: [UInt8] = last + noise + scan
            #expect(try cost(more).work > cost(bomb).work, "\(noise)")
        }
    }

    /// What would take too long is refused when its header was read: the deadline is asked no more.
    @Test(arguments: PictureBomb.all().filter { $0.effect == .refused })
    func costlyPicturesAreRefusedAhead(bomb: PictureBomb) {
        let asked = Countdown()
        let error = failure { () throws(ImageError) in
            try ImageDecoder().patches(of: bomb.bytes, ImageToPatches(size: 32, patch: 16), deadline: asked.deadline)
        }
        #expect([.tooCostly, .tooManyPixels].contains(error?.code), "\(String(describing: error))")
        #expect(asked.count < 50)
    }

    /// What looks costly and is not gives its picture.
    @Test(arguments: PictureBomb.all().filter { $0.effect == .cheap })
    func harmlessPicturesAreDecoded(bomb: PictureBomb) throws {
        #expect(bomb.bytes.count <= 1 << 20)
        _ = try ImageDecoder().patches(of: bomb.bytes, ImageToPatches(size: 32, patch: 16))
    }
}
