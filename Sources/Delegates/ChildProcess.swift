import CLinux
import Descriptors
import Glibc
import SystemPackage

/// A program that is spoken to by pipes. It leads a process group of its own: what somebody types at the terminal does not
/// end it before its time, and its end is the end of what it started.
struct ChildProcess {
    /// Where to write to it; never blocks.
    let input: FileDescriptor
    /// Where to read from it; never blocks.
    let output: FileDescriptor
    private let pid: pid_t

    /// Starts a command line with `/bin/sh`. Its standard error is this program's.
    init(shell command: String) throws(Errno) {
        let (itsInput, input) = try Self.pipe()
        let output: FileDescriptor
        let itsOutput: FileDescriptor
        do throws(Errno) {
            (output, itsOutput) = try Self.pipe()
        } catch {
            Self.close([itsInput, input])
            throw error
        }
        var pid: pid_t = 0
        let result = unsafe linux_start_shell(command, itsInput.rawValue, itsOutput.rawValue, &pid)
        Self.close([itsInput, itsOutput])
        guard result == 0 else {
            Self.close([input, output])
            throw Errno(rawValue: result)
        }
        for end in [input, output] { _ = fcntl(end.rawValue, F_SETFL, O_NONBLOCK) }
        (self.input, self.output, self.pid) = (input, output, pid)
    }

    /// Tells it that there is nothing more, and gives it some time to end by itself; then ends it. Returns how it ended, as
    /// wait(2) tells it.
    func end(patience: Duration) -> Int32 {
        try? input.close()
        var left = patience.nanoseconds / 5_000_000
        var status: Int32 = 0
        while unsafe waitpid(pid, &status, WNOHANG) == 0 {
            guard left > 0 else {
                // Nobody else has reaped it, so the number is still its own.
                kill(-pid, SIGKILL)
                kill(pid, SIGKILL)
                while unsafe waitpid(pid, &status, 0) < 0, errno == EINTR {}
                break
            }
            left -= 1
            usleep(5000)
        }
        // What it leaves behind in its group holds the pipes open, and has nobody to talk to.
        kill(-pid, SIGKILL)
        try? output.close()
        return status
    }

    private static func pipe() throws(Errno) -> (FileDescriptor, FileDescriptor) {
        do {
            let ends = try FileDescriptor.pipe()
            return (ends.readEnd, ends.writeEnd)
        } catch {
            throw error as? Errno ?? .badFileDescriptor
        }
    }

    private static func close(_ ends: [FileDescriptor]) {
        for end in ends { try? end.close() }
    }
}
