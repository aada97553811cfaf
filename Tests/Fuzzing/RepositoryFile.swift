import SystemPackage

/// A file of this repository, from which inputs are made.
enum RepositoryFile {
    /// The first 64 KiB of it; nothing where it is not there, which the tests would see: no sample would be taken.
    static func bytes(_ path: String) -> [UInt8] {
        let root = FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()
        guard let file = try? FileDescriptor.open(root.pushing(FilePath(path)), .readOnly) else { return [] }
        let bytes = try? file.closeAfter {
            var bytes = [UInt8](repeating: 0, count: 1 << 16)
            let count = try bytes.withUnsafeMutableBytes { try file.read(into: $0) }
            return Array(bytes[..<count])
        }
        return bytes ?? []
    }
}
