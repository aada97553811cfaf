extension PictureBomb {
    /// How the blocks of a JPEG are written.
    public enum Coding: Sendable {
        /// Huffman codes, all coefficients of a block at once.
        case sequential
        /// Huffman codes, scans that say nothing of their blocks.
        case progressive
        /// Huffman codes, scans that say nothing more of what others have said.
        case refined
        /// Arithmetic codes, which go on where their bytes end.
        case arithmetic
    }

    /// A JPEG whose scans cover all of their component's blocks with a few bytes, or two bits a block.
    public static func jpeg(_ coding: Coding, side: Int, components: Int, scans: Int) -> [UInt8] {
        jpeg(coding, width: side, height: side, components: components, scans: scans)
    }

    /// The same, of any shape.
    public static func jpeg(
        _ coding: Coding, width: Int, height: Int, components: Int, scans: Int
    ) -> [UInt8] {
        let frames: [Coding: UInt8] = [.sequential: 0xC0, .progressive: 0xC2, .refined: 0xC2, .arithmetic: 0xCA]
        let blocks = (width + 7) / 8 * ((height + 7) / 8)
        var file: [UInt8] = [0xFF, 0xD8] + segment(0xDB, [0] + [UInt8](repeating: 1, count: 64))
        let size = bigEndian(height, bytes: 2) + bigEndian(width, bytes: 2)
        file += segment(
            frames[coding] ?? 0xC0,
            [8] + size + [UInt8(components)] + (1...UInt8(components)).flatMap { [$0, 0x11, 0] })
        // One code, 0: no difference of the mean; the end of a block, or of 2^14 blocks and as many as 14 bits say.
        file += segment(0xC4, [0, 1] + [UInt8](repeating: 0, count: 15) + [0])
        file += segment(0xC4, [0x10, 1] + [UInt8](repeating: 0, count: 15) + [coding == .sequential ? 0 : 0xE0])
        if coding == .arithmetic { file += segment(0xCC, [0x10, 0x13]) }
        for scan in 0..<scans {
            let component = UInt8(scan % components + 1)
            switch coding {
            case .sequential:
                file += segment(0xDA, [1, component, 0, 0, 63, 0]) + [UInt8](repeating: 0, count: (blocks + 3) / 4)
            case .progressive: file += segment(0xDA, [1, component, 0, 1, 63, 0]) + emptyBlocks(blocks)
            case .refined:
                let bits: UInt8 = scan < components ? 0x01 : 0x10
                file += segment(0xDA, [1, component, 0, 1, 63, bits]) + emptyBlocks(blocks)
            // Found by trying: few make as much of what comes after their end.
            case .arithmetic: file += segment(0xDA, [1, component, 0, 1, 63, 0x0D]) + [0x94, 0x80]
            }
        }
        return file + [0xFF, 0xD9]
    }

    /// A JPEG of one block behind that many segments of metadata.
    static func jpegOfMetadata(count: Int) -> [UInt8] {
        let block = jpeg(.sequential, side: 8, components: 1, scans: 1)
        let metadata = segment(0xE1, Array("Exif\0\0".utf8))
        return block[..<2] + (0..<count).flatMap { _ in metadata } + block[2...]
    }

    /// A marker, and what belongs to it.
    public static func segment(_ marker: UInt8, _ content: [UInt8]) -> [UInt8] {
        [0xFF, marker] + bigEndian(content.count + 2, bytes: 2) + content
    }

    /// So many times a 0 and fourteen ones as that many blocks need, filled up with ones.
    private static func emptyBlocks(_ blocks: Int) -> [UInt8] {
        let bits = (0..<((blocks + 32_766) / 32_767)).flatMap { _ in [0] + [Int](repeating: 1, count: 14) }
        return stride(from: 0, to: bits.count, by: 8).flatMap { start -> [UInt8] in
            let byte = (0..<8).reduce(0) { $0 << 1 | (start + $1 < bits.count ? bits[start + $1] : 1) }
            return byte == 255 ? [255, 0] : [UInt8(byte)]
        }
    }
}
