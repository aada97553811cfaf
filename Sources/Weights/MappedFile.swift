import Files
import Glibc
import SystemPackage

/// A file mapped into memory, read-only, for as long as somebody holds this object.
///
/// The pages are shared with every other process that maps the file and are read when they are first touched. A file
/// that another process shortens while it is mapped takes its pages away; weight files are replaced by renaming.
@safe
final class MappedFile: Sendable {
    /// The bytes of the file; whoever makes a view of them holds this object for as long.
    // SAFETY: the mapping is private and read-only, nobody writes through it, and goes with this object.
    nonisolated(unsafe) let buffer: UnsafeRawBufferPointer

    /// Maps the whole of a regular file.
    init(_ path: FilePath) throws(WeightsError) {
        let file: FileDescriptor
        let size: Int
        do throws(FileError) {
            file = try RegularFile.open(path)
        } catch {
            throw WeightsError(path, error.message)
        }
        defer { try? file.close() }
        do {
            size = Int(try file.seek(offset: 0, from: .end))
        } catch {
            throw WeightsError(path, "cannot be measured: \(error)")
        }
        if size == 0 {
            unsafe buffer = UnsafeRawBufferPointer(start: nil, count: 0)
            return
        }
        let start = unsafe mmap(nil, size, PROT_READ, MAP_PRIVATE, file.rawValue, 0)
        guard unsafe start != MAP_FAILED else {
            throw WeightsError(path, "cannot be mapped: \(Errno(rawValue: errno))")
        }
        unsafe buffer = UnsafeRawBufferPointer(start: start, count: size)
    }

    deinit {
        if let start = unsafe buffer.baseAddress {
            unsafe munmap(UnsafeMutableRawPointer(mutating: start), buffer.count)
        }
    }
}
