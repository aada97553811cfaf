/// A picture of few bytes that costs much, or is meant to: made when it is needed, valid or nearly so, and always the
/// same.
public struct PictureBomb: Sendable, CustomStringConvertible {
    /// What becomes of it.
    public enum Effect: Sendable {
        /// It is refused when its header was read.
        case refused
        /// It is decoded, and nearly the most that a picture may cost.
        case heavy
        /// It is decoded at once: what it hides is not read.
        case cheap
    }

    /// What it does.
    public let description: String
    /// What becomes of it.
    public let effect: Effect
    /// The file.
    public let bytes: [UInt8]

    init(_ description: String, _ effect: Effect, _ bytes: [UInt8]) {
        self.description = description
        self.effect = effect
        self.bytes = bytes
    }

    /// One of each kind, of no more than a mebibyte each.
    public static func all() -> [PictureBomb] { jpegs() + pngs() + webps() }

    private static func jpegs() -> [PictureBomb] {
        [
            PictureBomb(
                "JPEG, 99 scans of nothing", .refused, jpeg(.progressive, side: 8_000, components: 3, scans: 99)),
            PictureBomb("JPEG, 99 refinements", .refused, jpeg(.refined, side: 8_000, components: 4, scans: 99)),
            PictureBomb("JPEG, 99 arithmetic", .refused, jpeg(.arithmetic, side: 8_000, components: 4, scans: 99)),
            PictureBomb("JPEG, four scans kept", .refused, jpeg(.sequential, side: 8_000, components: 4, scans: 4)),
            PictureBomb(
                "JPEG, as large as can be", .refused, jpeg(.progressive, side: 65_500, components: 3, scans: 3)),
            PictureBomb("JPEG, scans kept", .heavy, jpeg(.refined, side: 4_600, components: 3, scans: 40)),
            PictureBomb("JPEG, arithmetic", .heavy, jpeg(.arithmetic, side: 4_000, components: 1, scans: 2)),
            PictureBomb("JPEG, scans of one block", .cheap, jpeg(.progressive, side: 8, components: 1, scans: 60_000)),
            PictureBomb("JPEG, metadata without end", .cheap, jpegOfMetadata(count: 100_000)),
        ]
    }

    private static func pngs() -> [PictureBomb] {
        [
            PictureBomb("PNG, deep", .refused, png(7_900, 7_900, depth: 16, colour: .rgba)),
            PictureBomb("PNG, interlaced", .refused, png(7_900, 7_900, depth: 16, colour: .rgba, interlaced: true)),
            PictureBomb("PNG, tall", .refused, png(60, 1_000_000, depth: 8, colour: .rgb)),
            PictureBomb("PNG, large", .heavy, png(8_000, 8_000, depth: 8, colour: .rgb)),
            PictureBomb("PNG, of one bit", .heavy, png(8_000, 8_000, depth: 1, colour: .gray)),
            PictureBomb("PNG, wide", .heavy, png(1_000_000, 60, depth: 8, colour: .rgb)),
            PictureBomb("PNG, pixels after the last", .cheap, png(10, 10, depth: 8, colour: .rgb, surplus: 1 << 30)),
            PictureBomb("PNG, profiles and texts", .cheap, pngOfExtras(each: 100_000_000)),
            PictureBomb("PNG, chunks without end", .cheap, pngOfEmptyChunks(count: 80_000)),
        ]
    }

    private static func webps() -> [PictureBomb] {
        [
            PictureBomb("WebP, as large as can be", .refused, webp(side: 16_383, sets: 1)),
            PictureBomb("WebP, large, with many codes", .refused, webp(side: 6_000, sets: 65_536)),
            PictureBomb("WebP, large", .heavy, webp(side: 8_000, sets: 1)),
            PictureBomb("WebP, many codes", .heavy, webp(side: 1_024, sets: 65_536)),
        ]
    }

    /// A number, most significant byte first.
    static func bigEndian(_ value: Int, bytes: Int) -> [UInt8] {
        (1...bytes).map { UInt8(truncatingIfNeeded: value >> (8 * (bytes - $0))) }
    }
}
