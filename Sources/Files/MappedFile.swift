import Glibc
package import SystemPackage

/// A file whose bytes are looked at where they are, without being read first.
///
/// For large files of which little is wanted. It must not be cut or written over while it is mapped: a page that is gone
/// takes the process with it. Replacing it by a rename, as ``AtomicFile`` does, leaves whoever has it mapped with the old one.
@safe
package final class MappedFile: Sendable {
    // SAFETY: nobody writes through it, and the memory goes with this object.
    private nonisolated(unsafe) let buffer: UnsafeRawBufferPointer

    /// Maps a regular file.
    ///
    /// - Throws: ``FileError`` where there is none, or no room for it.
    package init(_ path: FilePath) throws(FileError) {
        let file = try RegularFile.open(path)
        defer { try? file.close() }
        let size: Int
        do throws(Errno) {
            size = Int(try file.stat().size)
        } catch {
            throw FileError(path, error)
        }
        guard size > 0 else {
            unsafe buffer = UnsafeRawBufferPointer(start: nil, count: 0)
            return
        }
        let start = unsafe mmap(nil, size, PROT_READ, MAP_PRIVATE, file.rawValue, 0)
        guard unsafe start != MAP_FAILED else { throw FileError(path, "cannot be mapped", Errno(rawValue: errno)) }
        unsafe buffer = UnsafeRawBufferPointer(start: start, count: size)
    }

    deinit {
        if let start = unsafe buffer.baseAddress {
            unsafe munmap(UnsafeMutableRawPointer(mutating: start), buffer.count)
        }
    }

    /// All bytes of the file.
    package var bytes: RawSpan {
        @_lifetime(borrow self)
        get { unsafe _overrideLifetime(buffer.bytes, borrowing: self) }
    }
}

extension RawSpan {
    /// The number that is stored at an offset, lowest byte first; `nil` where that is not all within.
    package func integer<Number: FixedWidthInteger & BitwiseCopyable>(
        at offset: Int, as type: Number.Type
    ) -> Number? {
        guard offset >= 0, offset <= byteCount - MemoryLayout<Number>.size else { return nil }
        return unsafe Number(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: Number.self))
    }

    /// A part of these bytes; `nil` where that is not all within.
    @_lifetime(copy self)
    package func part(at offset: Int, count: Int) -> RawSpan? {
        guard offset >= 0, count >= 0, offset <= byteCount, count <= byteCount - offset else { return nil }
        return extracting(offset..<offset + count)
    }
}
