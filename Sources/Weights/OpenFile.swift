import Files
import Glibc
import SystemPackage

/// A file of weights that stays open: whatever has its name by then, what is read is of the file that was opened.
///
/// Bytes are read, never mapped, unless somebody asks for that: a file that is cut while it is mapped takes its pages
/// away, and the process with them; one that is written over changes what was checked.
final class OpenFile: Sendable {
    let path: FilePath
    /// Bytes that it had when it was opened.
    let size: Int
    private let descriptor: FileDescriptor
    /// When it was last written, by then.
    private let written: [Int]

    /// Opens a regular file.
    convenience init(_ path: FilePath) throws(FileError) { try self.init(path, RegularFile.open(path)) }

    /// Opens a regular file of an open folder.
    convenience init(_ name: FilePath.Component, in folder: OpenFolder) throws(FileError) {
        try self.init(folder.path.appending(name), folder.open(name))
    }

    /// Takes a file that is open, and closes it at the end.
    private init(_ path: FilePath, _ opened: FileDescriptor) throws(FileError) {
        self.path = path
        descriptor = opened
        do throws(Errno) {
            let status = try descriptor.stat()
            (size, written) = (Int(status.size), Self.written(status))
        } catch {
            try? descriptor.close()
            throw FileError(path, "\(error)")
        }
    }

    deinit { try? descriptor.close() }

    /// Fills a buffer with the bytes from an offset on.
    ///
    /// - Throws: ``FileError`` where the file has become shorter, or cannot be read.
    func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(FileError) {
        var done = 0
        while done < buffer.count {
            let count: Int
            do {
                let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
                count = try unsafe descriptor.read(fromAbsoluteOffset: Int64(offset + done), into: rest)
            } catch {
                throw FileError(path, "\(error)")
            }
            if count == 0 { throw FileError(path, Self.changed) }
            done += count
        }
    }

    /// Bytes in a range of the file.
    func bytes(_ range: Range<Int>) throws(FileError) -> [UInt8] {
        var failure: FileError?
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
            do throws(FileError) {
                try unsafe read(
                    at: range.lowerBound,
                    into: UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[..<range.count])
                )
                count = range.count
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Throws where the file has been written since it was opened: what was checked need not be what was read.
    func requireUnchanged() throws(FileError) {
        guard let status = try? descriptor.stat(), Int(status.size) == size, Self.written(status) == written else {
            throw FileError(path, Self.changed)
        }
    }

    private static let changed = "was written over since it was opened; replace a model's files by renaming"

    private static func written(_ status: Stat) -> [Int] { [status.st_mtim.tv_sec, status.st_mtim.tv_nsec] }

    /// Maps all of the file.
    func map() throws(FileError) -> MappedMemory {
        guard size > 0 else { return unsafe MappedMemory(UnsafeRawBufferPointer(start: nil, count: 0)) }
        let start = unsafe mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor.rawValue, 0)
        guard unsafe start != MAP_FAILED else {
            throw FileError(path, "cannot be mapped: \(Errno(rawValue: errno))")
        }
        return unsafe MappedMemory(UnsafeRawBufferPointer(start: start, count: size))
    }

    /// Reads a range of the file into memory of its own.
    func copy(_ range: Range<Int>) throws(FileError) -> MappedMemory {
        guard !range.isEmpty else { return unsafe MappedMemory(UnsafeRawBufferPointer(start: nil, count: 0)) }
        let flags = MAP_PRIVATE | MAP_ANONYMOUS
        guard let start = unsafe mmap(nil, range.count, PROT_READ | PROT_WRITE, flags, -1, 0),
            unsafe start != MAP_FAILED
        else { throw FileError(path, "no memory for \(range.count) bytes", cause: .noMemory) }
        // Large pages where the system has them: faults of small ones take longer than reading.
        unsafe _ = madvise(start, range.count, MADV_HUGEPAGE)
        let memory = unsafe MappedMemory(UnsafeRawBufferPointer(start: start, count: range.count))
        try unsafe read(at: range.lowerBound, into: UnsafeMutableRawBufferPointer(start: start, count: range.count))
        return memory
    }
}
