import Glibc
package import SystemPackage

/// A pipe that wakes a thread out of poll(2).
///
/// A signal, say, has to reach a reader that waits for input which may never come.
package struct WakePipe: Sendable {
    /// Becomes readable with the first ``wake()`` and stays so until ``drain()``.
    package let readEnd: FileDescriptor
    /// Where a byte wakes.
    package let writeEnd: FileDescriptor

    /// A pipe that nobody has used.
    package init() throws(Errno) {
        do {
            (readEnd, writeEnd) = try FileDescriptor.pipe()
        } catch let error as Errno {
            throw error
        } catch {
            throw .badFileDescriptor
        }
        // Whoever wakes must not wait, in a signal handler least of all.
        for end in [readEnd, writeEnd] { _ = fcntl(end.rawValue, F_SETFL, O_NONBLOCK) }
    }

    /// Wakes the waiting thread, now or when it next waits.
    package func wake() {
        // A failure could only mean that the pipe is full, and then the thread is awake already.
        var byte: UInt8 = 0
        _ = unsafe withUnsafeBytes(of: &byte) { unsafe try? writeEnd.write($0) }
    }

    /// Has the reading end sleep again until the next ``wake()``.
    package func drain() {
        var buffer = [UInt8](repeating: 0, count: 64)
        while let count = try? unsafe buffer.withUnsafeMutableBytes({ try unsafe readEnd.read(into: $0) }), count > 0 {}
    }

    /// Gives the descriptors back. No thread may use the pipe any more.
    package func close() {
        try? readEnd.close()
        try? writeEnd.close()
    }
}
