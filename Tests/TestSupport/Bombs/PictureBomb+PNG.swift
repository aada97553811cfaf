extension PictureBomb {
    /// What a pixel of a PNG consists of.
    public enum ColourType: UInt8, Sendable {
        case gray = 0
        case rgb = 2
        case rgba = 6

        var channels: Int { [.gray: 1, .rgb: 3, .rgba: 4][self] ?? 1 }
    }

    /// A PNG of zeros, a thousandth in size, with that many bytes more than its rows have.
    public static func png(
        _ width: Int, _ height: Int, depth: Int, colour: ColourType, interlaced: Bool = false, surplus: Int = 0,
        extras: [UInt8] = []
    ) -> [UInt8] {
        let header =
            bigEndian(width, bytes: 4) + bigEndian(height, bytes: 4)
            + [UInt8(depth), colour.rawValue, 0, 0, interlaced ? 1 : 0]
        let adam7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
        let passes = interlaced ? adam7 : [(0, 0, 1, 1)]
        let raw = passes.reduce(0) { sum, pass in
            let columns = max(0, (width - pass.0 + pass.2 - 1) / pass.2)
            let rows = max(0, (height - pass.1 + pass.3 - 1) / pass.3)
            return columns == 0 ? sum : sum + rows * (1 + (columns * depth * colour.channels + 7) / 8)
        }
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", header) + extras
            + chunk("IDAT", zeros(raw + surplus)) + chunk("IEND", [])
    }

    /// A small PNG behind chunks that unpack to that many bytes each.
    static func pngOfExtras(each count: Int) -> [UInt8] {
        let packed = zeros(count)
        let extras =
            chunk("iCCP", Array("profile\0\0".utf8) + packed) + chunk("zTXt", Array("Comment\0\0".utf8) + packed)
            + chunk("iTXt", Array("Comment\0\u{1}\0\0\0".utf8) + packed)
            + chunk("eXIf", Array("II*\0".utf8) + [UInt8](repeating: 0, count: 100_000))
        return png(16, 16, depth: 8, colour: .rgb, extras: extras)
    }

    /// A small PNG behind that many chunks of nothing.
    static func pngOfEmptyChunks(count: Int) -> [UInt8] {
        let empty = chunk("teSt", [])
        return png(16, 16, depth: 8, colour: .rgb, extras: (0..<count).flatMap { _ in empty })
    }

    /// A chunk with its checksum.
    public static func chunk(_ type: String, _ content: [UInt8]) -> [UInt8] {
        let body = Array(type.utf8) + content
        return bigEndian(content.count, bytes: 4) + body + bigEndian(Int(checksum(body[...])), bytes: 4)
    }

    /// CRC-32 as PNG specifies it (annex D).
    public static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        ~bytes.reduce(UInt32.max) { table[Int(($0 ^ UInt32($1)) & 255)] ^ $0 >> 8 }
    }

    /// What might be a PNG, with the checksum that each of its chunks should have: libpng looks no further where one is wrong.
    public static func withChecksums(_ file: [UInt8]) -> [UInt8] {
        var file = file
        var start = 8
        while start + 12 <= file.count, file.starts(with: [0x89, 0x50, 0x4E, 0x47]) {
            let end = start + 8 + file[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
            guard end + 4 <= file.count else { break }
            let sum = checksum(file[(start + 4)..<end])
            for place in 0..<4 { file[end + place] = UInt8(sum >> (24 - 8 * place) & 255) }
            start = end + 4
        }
        return file
    }

    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(byte) { crc, _ in crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }

    /// So many zeros as a zlib stream (RFC 1950, 1951): a zero, and then two bits for each 258 of its copies.
    public static func zeros(_ count: Int) -> [UInt8] {
        var bits = BitWriter()
        // A last block with codes of its own: 286 of literals and lengths, 1 of a distance, 18 of their lengths.
        bits.put(1, 1)
        bits.put(2, 2)
        bits.put(29, 5)
        bits.put(0, 5)
        bits.put(14, 4)
        // Lengths of codes for lengths, in the order of the specification: 0, 1 and 2 take two bits, 18 too.
        for symbol in [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1] {
            bits.put([0, 1, 2, 18].contains(symbol) ? 2 : 0, 3)
        }
        // Canonical codes, in the order of symbols. Zero and the end take two bits, the length 258 one.
        let codes = [0: 0, 1: 1, 2: 2, 18: 3]
        func code(_ symbol: Int) { bits.putCode(codes[symbol] ?? 0, 2) }
        func gap(_ length: Int) {
            code(18)
            bits.put(length - 11, 7)
        }
        code(2)
        gap(138)
        gap(117)
        code(2)
        gap(28)
        code(1)
        code(1)
        // Literal 0 is 10, the end 11, length 258 is 0; the distance 1 is 0.
        let literals = count == 0 ? 0 : 1 + (count - 1) % 258
        for _ in 0..<literals { bits.putCode(2, 2) }
        bits.putZeros(2 * ((count - literals) / 258))
        bits.putCode(3, 2)
        let sum = (count % 65_521) << 16 | 1
        return [0x78, 0x9C] + bits.bytes + bigEndian(sum, bytes: 4)
    }
}
