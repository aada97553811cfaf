/// Pictures of few bytes that cost much, made as they are needed.
enum Bomb {
    /// A segment of a JPEG.
    static func segment(_ marker: UInt8, _ content: [UInt8]) -> [UInt8] {
        let length = content.count + 2
        return [0xFF, marker, UInt8(length >> 8), UInt8(length & 255)] + content
    }

    /// A grey progressive JPEG of so many scans, each of a few bytes and over all of its blocks.
    static func progressive(side: Int, scans: Int) -> [UInt8] {
        let size = UInt8(side >> 8)
        let low = UInt8(side & 255)
        var file: [UInt8] = [0xFF, 0xD8]
        file += segment(0xDB, [0] + [UInt8](repeating: 1, count: 64))
        file += segment(0xC2, [8, size, low, size, low, 1, 1, 0x11, 0])
        // One code, 0: the end of a band for 2^14 blocks and as many more as 14 bits say.
        file += segment(0xC4, [0x10, 1] + [UInt8](repeating: 0, count: 15) + [0xE0])
        let blocks = (side + 7) / 8 * ((side + 7) / 8)
        let runs = (blocks + 32_766) / 32_767
        for _ in 0..<scans {
            file += segment(0xDA, [1, 1, 0, 1, 63, 0]) + runOfEmptyBlocks(runs)
        }
        return file + [0xFF, 0xD9]
    }

    /// So many times a 0 and fourteen ones, filled up with ones.
    private static func runOfEmptyBlocks(_ runs: Int) -> [UInt8] {
        let bits = (0..<runs).flatMap { _ in [0] + [Int](repeating: 1, count: 14) }
        return stride(from: 0, to: bits.count, by: 8).flatMap { start -> [UInt8] in
            let byte = (0..<8).reduce(0) { $0 << 1 | (start + $1 < bits.count ? bits[start + $1] : 1) }
            return byte == 255 ? [255, 0] : [UInt8(byte)]
        }
    }
}
