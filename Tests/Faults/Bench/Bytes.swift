import SystemPackage

/// Files as bytes.
enum Bytes {
    /// The bytes of a file, or the first of them.
    static func read(_ path: FilePath, upTo limit: Int = .max) throws -> [UInt8] {
        let file = try FileDescriptor.open(path, .readOnly)
        return try file.closeAfter {
            var all: [UInt8] = []
            var piece = [UInt8](repeating: 0, count: min(limit, 1 << 16))
            while all.count < limit {
                let count = try piece.withUnsafeMutableBytes { try file.read(into: $0) }
                if count == 0 { break }
                all += piece[..<min(count, limit - all.count)]
            }
            return all
        }
    }

    /// Makes a file of bytes, in place of what is there.
    static func write(_ bytes: some Sequence<UInt8>, to path: FilePath) throws {
        try put(bytes, to: path, .truncate)
    }

    /// Puts bytes behind what is in a file.
    static func append(_ bytes: some Sequence<UInt8>, to path: FilePath) throws { try put(bytes, to: path, .append) }

    private static func put(
        _ bytes: some Sequence<UInt8>, to path: FilePath, _ option: FileDescriptor.OpenOptions
    ) throws {
        let file = try FileDescriptor.open(
            path, .writeOnly, options: [.create, option], permissions: [.ownerReadWrite, .groupRead, .otherRead])
        _ = try file.closeAfter { try file.writeAll(bytes) }
    }
}
