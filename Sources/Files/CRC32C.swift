/// The checksum of TFRecord files and of checkpoints: CRC-32C (Castagnoli; RFC 3720, appendix B.4).
package struct CRC32C {
    private var state: UInt32 = ~0

    /// Nothing yet.
    package init() {}

    /// The checksum of everything given so far.
    package var value: UInt32 { ~state }

    /// The checksum as TFRecord stores it: rotated and shifted, so that a checksum of checksums is no fixed point.
    package var masked: UInt32 { ((value >> 15) | (value << 17)) &+ 0xa282_ead8 }

    /// Goes on with more bytes.
    package mutating func update(_ bytes: RawSpan) {
        var crc = state
        var index = 0
        // Eight tables, eight bytes at a time ("slicing by 8").
        while index + 8 <= bytes.byteCount {
            let word = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: UInt64.self) ^ UInt64(crc)
            crc = 0
            for byte in 0..<8 { crc ^= Self.tables[7 - byte][Int((word >> (8 * UInt64(byte))) & 255)] }
            index += 8
        }
        while index < bytes.byteCount {
            let byte = unsafe bytes.unsafeLoad(fromUncheckedByteOffset: index, as: UInt8.self)
            crc = Self.tables[0][Int((crc ^ UInt32(byte)) & 255)] ^ (crc >> 8)
            index += 1
        }
        state = crc
    }

    /// The checksum of one run of bytes.
    package static func of(_ bytes: [UInt8]) -> CRC32C {
        var checksum = CRC32C()
        unsafe checksum.update(bytes.span.bytes)
        return checksum
    }

    private static let tables: [[UInt32]] = {
        var tables = [[UInt32]](repeating: Array(repeating: 0, count: 256), count: 8)
        for byte in 0..<256 {
            var crc = UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? (crc >> 1) ^ 0x82f6_3b78 : crc >> 1 }
            tables[0][byte] = crc
        }
        for table in 1..<8 {
            for byte in 0..<256 {
                let crc = tables[table - 1][byte]
                tables[table][byte] = tables[0][Int(crc & 255)] ^ (crc >> 8)
            }
        }
        return tables
    }()
}
