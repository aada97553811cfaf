import Glibc
import SystemPackage

/// A pipe that wakes a thread out of poll(2).
///
/// A signal, or the end of the output, has to reach the reader while it waits for input that may never come.
struct WakePipe: Sendable {
    /// Becomes readable with the first ``wake()`` and stays so.
    let readEnd: FileDescriptor
    /// Where a byte wakes.
    let writeEnd: FileDescriptor

    init() throws(Errno) {
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
    func wake() {
        // A failure could only mean that the pipe is full, and then the thread is awake already.
        var byte: UInt8 = 0
        _ = unsafe withUnsafeBytes(of: &byte) { unsafe try? writeEnd.write($0) }
    }

    /// Gives the descriptors back. No thread may use the pipe any more.
    func close() {
        try? readEnd.close()
        try? writeEnd.close()
    }
}
