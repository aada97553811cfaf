/// Finds the orientation in the metadata of a picture. Metadata is untrusted and often broken: anything that does not
/// hold together counts as upright, since the pixels are fine without it.
enum Exif {
    /// Orientation of a JPEG: the first APP1 segment that holds EXIF, before the first scan.
    static func orientation(ofJPEG bytes: [UInt8]) -> Orientation {
        var at = 2
        while at + 4 <= bytes.count, bytes[at] == 0xFF {
            let marker = bytes[at + 1]
            if marker == 0xFF {
                at += 1  // Fill byte before a marker.
                continue
            }
            let startOfScan: UInt8 = 0xDA
            let endOfImage: UInt8 = 0xD9
            if marker == startOfScan || marker == endOfImage { break }
            let length = Int(bytes[at + 2]) << 8 | Int(bytes[at + 3])
            guard length >= 2, at + 2 + length <= bytes.count else { break }
            let segment = bytes[(at + 4)..<(at + 2 + length)]
            let exif: [UInt8] = [0x45, 0x78, 0x69, 0x66, 0, 0]  // "Exif", two zeros
            if marker == 0xE1, segment.starts(with: exif) {
                return orientation(ofTIFF: segment.dropFirst(exif.count))
            }
            at += 2 + length
        }
        return .upright
    }

    /// Orientation of a PNG: its eXIf chunk, if one stands before the pixels.
    static func orientation(ofPNG bytes: [UInt8]) -> Orientation {
        var at = 8
        while at + 8 <= bytes.count {
            let length = bytes[at..<(at + 4)].reduce(0) { $0 << 8 | Int($1) }
            let type = bytes[(at + 4)..<(at + 8)]
            guard length <= bytes.count - at - 8, !type.elementsEqual("IDAT".utf8) else { break }
            if type.elementsEqual("eXIf".utf8) { return orientation(ofTIFF: bytes[(at + 8)..<(at + 8 + length)]) }
            at += 12 + length
        }
        return .upright
    }

    /// Looks tag 0x0112 up in the first directory of a TIFF structure.
    private static func orientation(ofTIFF tiff: ArraySlice<UInt8>) -> Orientation {
        let littleEndian = tiff.starts(with: [0x49, 0x49, 42, 0])
        guard littleEndian || tiff.starts(with: [0x4D, 0x4D, 0, 42]) else { return .upright }
        func number(at offset: Int, bytes count: Int) -> Int? {
            guard offset >= 0, offset <= tiff.count - count else { return nil }
            let start = tiff.startIndex + offset
            let field = tiff[start..<(start + count)]
            return littleEndian
                ? field.reversed().reduce(0) { $0 << 8 | Int($1) } : field.reduce(0) { $0 << 8 | Int($1) }
        }
        guard let directory = number(at: 4, bytes: 4), let entries = number(at: directory, bytes: 2) else {
            return .upright
        }
        for entry in 0..<entries {
            let field = directory + 2 + entry * 12
            guard let tag = number(at: field, bytes: 2) else { break }
            let unsignedShort = 3
            if tag == 0x0112, number(at: field + 2, bytes: 2) == unsignedShort,
                let value = number(at: field + 8, bytes: 2)
            {
                return Orientation(rawValue: value) ?? .upright
            }
        }
        return .upright
    }
}
