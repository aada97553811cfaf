package import SystemPackage

#if canImport(Glibc)
    import Glibc
#endif

/// A file that appears under its name only when it is whole: written beside it, flushed to disk, then renamed.
package final class AtomicFile {
    private let path: FilePath
    private let temporary: FilePath
    private var descriptor: FileDescriptor?
    /// Checksum of all that was written.
    package private(set) var checksum = CRC32C()

    /// Begins a file that will have this name.
    package init(_ path: FilePath) throws(FileError) {
        self.path = path
        temporary = FilePath("\(path).partial")
        do {
            descriptor = try FileDescriptor.open(
                temporary, .writeOnly, options: [.create, .truncate, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead, .otherRead])
        } catch {
            throw FileError(path, "cannot be written: \(error)")
        }
    }

    deinit {
        if let descriptor {
            try? descriptor.close()
            _ = unsafe temporary.withPlatformString { unsafe unlink($0) }
        }
    }

    /// Appends bytes.
    package func write(_ bytes: [UInt8]) throws(FileError) { try unsafe write(bytes.span.bytes) }

    /// Appends bytes.
    package func write(_ bytes: RawSpan) throws(FileError) {
        checksum.update(bytes)
        guard let descriptor else { return }
        do {
            _ = try unsafe bytes.withUnsafeBytes { try unsafe descriptor.writeAll($0) }
        } catch {
            throw FileError(path, "cannot be written: \(error)")
        }
    }

    /// Makes the file appear under its name.
    package func commit() throws(FileError) {
        guard let file = descriptor else { return }
        descriptor = nil
        do {
            try Self.check(fsync(file.rawValue))
            try file.close()
            try Self.check(
                unsafe temporary.withPlatformString { from in
                    unsafe path.withPlatformString { to in unsafe rename(from, to) }
                })
            let folder = path.removingLastComponent()
            let directory = try FileDescriptor.open(folder.isEmpty ? "." : folder, .readOnly, options: .directory)
            defer { try? directory.close() }
            try Self.check(fsync(directory.rawValue))
        } catch {
            throw FileError(path, "cannot be written: \(error)")
        }
    }

    private static func check(_ status: Int32) throws(Errno) {
        if status != 0 { throw Errno(rawValue: errno) }
    }
}
