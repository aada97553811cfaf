import Glibc

/// Memory from mmap(2), read-only from here on, for as long as somebody holds this object.
@safe
final class MappedMemory: Sendable {
    /// The bytes; whoever makes a view of them holds this object for as long.
    // SAFETY: nobody writes through it, and the memory goes with this object.
    nonisolated(unsafe) let buffer: UnsafeRawBufferPointer

    /// Takes over what was mapped, or nothing.
    @unsafe
    init(_ buffer: UnsafeRawBufferPointer) {
        unsafe self.buffer = buffer
    }

    deinit {
        if let start = unsafe buffer.baseAddress {
            unsafe munmap(UnsafeMutableRawPointer(mutating: start), buffer.count)
        }
    }
}
