/// Finds the orientation in the metadata of a picture. Metadata is untrusted and often broken: anything that does not
/// hold together counts as upright, since the pixels are fine without it.
enum Exif {
    /// More than a segment of a JPEG holds; of a longer chunk of a PNG, as much is looked at.
    static let limit = 1 << 16

    /// Looks tag 0x0112 up in the first directory of a TIFF structure, which is what EXIF is.
    static func orientation(ofTIFF tiff: ArraySlice<UInt8>) -> Orientation {
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
