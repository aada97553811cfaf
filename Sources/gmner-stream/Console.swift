import ArgumentParser
import Flow
import Reporting
import Glibc
import SystemPackage

/// What the program says for itself, and how it leaves.
enum Console {
    /// Writes a text that was asked for to standard output.
    static func answer(_ text: String) throws {
        do {
            _ = try FileDescriptor.standardOutput.writeAll((text + "\n").utf8)
        } catch {
            tell("gmner-stream: standard output: \(error)")
            throw ExitCode(ExitStatus.outputFailed.code)
        }
    }

    /// Writes a line to standard error. If nobody is there to read it, that is no reason to stop.
    static func tell(_ line: String) {
        _ = try? FileDescriptor.standardError.writeAll((VisibleText.line(line) + "\n").utf8)
    }

    /// Ends the process with what the parser says of a command line: help, or what is wrong with it, where arguments are
    /// repeated as they are.
    static func end(with error: any Error) -> Never {
        let (code, message) = (StreamCommand.exitCode(for: error), StreamCommand.fullMessage(for: error))
        let descriptor: FileDescriptor = code.isSuccess ? .standardOutput : .standardError
        if !message.isEmpty { _ = try? descriptor.writeAll((VisibleText.lines(message) + "\n").utf8) }
        _exit(code.rawValue)
    }

    /// Says why the program gives up.
    static func fail(_ status: ExitStatus, _ message: String) -> ExitStatus {
        tell("gmner-stream: \(message)")
        return status
    }

    /// Ends the process.
    static func exit(_ status: ExitStatus) -> Never {
        // A reader that went away ends a filter by this signal, and shells look for that.
        if status == .signal(SIGPIPE) { Signals.dieOfBrokenPipe() }
        // Not exit(3): a lane may be in the middle of a product, and OpenBLAS takes its memory down there. It also waits for
        // a thread of its own, which tries for ever where `ulimit -v` leaves it no room.
        _exit(status.code)
    }
}
