extension PictureBomb {
    /// A lossless WebP of one colour that has that many sets of codes (RFC 9649), of which each takes kilobytes of a decoder
    /// and 36 bits of the file. Up to 65536; there is one a tile of 4x4 pixels or more.
    public static func webp(side: Int, sets: Int) -> [UInt8] {
        var bits = BitWriter()
        bits.put(0x2F, 8)
        bits.put(side - 1, 14)
        bits.put(side - 1, 14)
        // No alpha, version 0; no transform, no cache of colours.
        bits.put(0, 1 + 3 + 1 + 1)
        // Which tile has which set is a picture itself. It takes the largest tiles that are enough.
        let tile = (2...9).last { tiles(side, $0) * tiles(side, $0) >= sets } ?? 2
        bits.put(sets > 1 ? 1 : 0, 1)
        if sets > 1 {
            bits.put(tile - 2, 3)
            bits.put(0, 1)
            // Green and red tell the number of a set.
            putCodeOfBytes(&bits)
            putCodeOfBytes(&bits)
            for _ in 0..<3 { putCodeOfOne(&bits) }
            for number in 0..<(tiles(side, tile) * tiles(side, tile)) {
                bits.putCode((number % sets) & 255, 8)
                bits.putCode((number % sets) >> 8, 8)
            }
        }
        for _ in 0..<(5 * sets) { putCodeOfOne(&bits) }
        let pixels = bits.bytes.count.isMultiple(of: 2) ? bits.bytes : bits.bytes + [0]
        let chunk = Array("VP8L".utf8) + littleEndian(pixels.count) + pixels
        return Array("RIFF".utf8) + littleEndian(4 + chunk.count) + Array("WEBP".utf8) + chunk
    }

    private static func tiles(_ side: Int, _ bits: Int) -> Int { (side + (1 << bits) - 1) >> bits }

    /// A code of the one symbol 0, which takes no bits.
    private static func putCodeOfOne(_ bits: inout BitWriter) { bits.put(1, 4) }

    /// A code of 256 symbols, eight bits each.
    private static func putCodeOfBytes(_ bits: inout BitWriter) {
        let order = [17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8]
        bits.put(0, 1)
        bits.put(order.count - 4, 4)
        for length in order { bits.put(length == 8 ? 1 : 0, 3) }
        // Of the alphabet, as many: two less in eight bits.
        bits.put(1, 1)
        bits.put(3, 3)
        bits.put(254, 8)
    }

    private static func littleEndian(_ value: Int) -> [UInt8] { bigEndian(value, bytes: 4).reversed() }
}
