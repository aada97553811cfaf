package import SystemPackage
import Glibc

/// A file that appears under its name only when it is whole: written beside it, flushed to disk, then renamed.
///
/// The only way in which this package writes a file that it, or anybody, will read again. Whatever fails, and whoever
/// drops it before ``commit(flushingFolder:)``, what stood under the name stands there still, and nothing is left
/// beside it. A new file gets the permissions that the umask leaves; one that takes the place of another gets those.
package final class AtomicFile {
    private let path: FilePath
    private let temporary: FilePath
    private var descriptor: FileDescriptor?
    /// Checksum of all that was appended.
    package private(set) var checksum = CRC32C()

    /// Begins a file that will have this name.
    ///
    /// - Throws: ``FileError`` where nothing can be written there, or where what has the name is no regular file: a
    ///   device must not be replaced.
    package init(_ path: FilePath) throws(FileError) {
        self.path = path
        // Of this process alone: two that write the same file do not write into each other's.
        temporary = FilePath("\(path).\(getpid()).partial")
        do {
            let old = try? path.stat()
            if old?.type == .directory { throw Errno.isDirectory }
            guard old == nil || old?.type == .regular else {
                throw FileError(path, "cannot be written: it is there and is no regular file")
            }
            // What a process of the same number has left behind goes first: its permissions are not ours.
            try? temporary.unlink()
            let file = try FileDescriptor.open(
                temporary, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec],
                permissions: [.ownerReadWrite, .groupReadWrite, .otherReadWrite])
            descriptor = file
            if let old, fchmod(file.rawValue, old.permissions.rawValue) != 0 { throw Errno(rawValue: errno) }
        } catch {
            throw Self.error(error, path)
        }
    }

    deinit { discard() }

    /// Appends bytes.
    package func write(_ bytes: [UInt8]) throws(FileError) { try unsafe write(bytes.span.bytes) }

    /// Appends bytes.
    package func write(_ bytes: RawSpan) throws(FileError) {
        checksum.update(bytes)
        try put(bytes, at: nil)
    }

    /// Writes bytes at an offset from the beginning. They do not count for ``checksum``, and what is appended later
    /// goes where it would have gone without them.
    package func write(_ bytes: [UInt8], at offset: Int) throws(FileError) {
        try unsafe put(bytes.span.bytes, at: Int64(offset))
    }

    /// Makes the file appear under its name.
    ///
    /// - Parameter flushingFolder: Whether the name, too, is on the disk when this returns. Who writes many files into
    ///   one folder flushes it once, with ``Folder/flush(_:)``.
    package func commit(flushingFolder: Bool = true) throws(FileError) {
        guard let file = descriptor else { return }
        do {
            try Self.check(fsync(file.rawValue))
            descriptor = nil
            try file.close()
            try temporary.rename(to: path)
        } catch {
            discard()
            try? temporary.unlink()
            throw Self.error(error, path)
        }
        if flushingFolder { try Folder.flush(path.removingLastComponent()) }
    }

    /// Writes a whole file in one go.
    package static func write(_ contents: [UInt8], to path: FilePath) throws(FileError) {
        let file = try AtomicFile(path)
        try file.write(contents)
        try file.commit()
    }

    /// Writes at an offset, or behind what was appended.
    private func put(_ bytes: RawSpan, at offset: Int64?) throws(FileError) {
        guard let descriptor else { return }
        do {
            _ = try unsafe bytes.withUnsafeBytes { bytes in
                if let offset { return try unsafe descriptor.writeAll(toAbsoluteOffset: offset, bytes) }
                return try unsafe descriptor.writeAll(bytes)
            }
        } catch {
            throw Self.error(error, path)
        }
    }

    /// Leaves nothing behind.
    private func discard() {
        guard let file = descriptor else { return }
        descriptor = nil
        try? file.close()
        try? temporary.unlink()
    }

    private static func check(_ status: Int32) throws(Errno) {
        if status != 0 { throw Errno(rawValue: errno) }
    }

    private static func error(_ error: any Error, _ path: FilePath) -> FileError {
        if let error = error as? FileError { return error }
        return FileError(path, "cannot be written", error as? Errno ?? .ioError)
    }
}

extension FilePath {
    /// The corresponding C function is `unlink`.
    fileprivate func unlink() throws(Errno) {
        guard unsafe withPlatformString({ unsafe Glibc.unlink($0) }) == 0 else { throw Errno(rawValue: errno) }
    }

    /// The corresponding C function is `rename`.
    fileprivate func rename(to path: FilePath) throws(Errno) {
        let status = unsafe withPlatformString { from in
            unsafe path.withPlatformString { to in unsafe Glibc.rename(from, to) }
        }
        guard status == 0 else { throw Errno(rawValue: errno) }
    }
}
