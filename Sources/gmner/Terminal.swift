import ArgumentParser
import Glibc
import Learning
import Reporting
import SystemPackage

/// Output of the workbench: whole writes, and errors that are not lost.
enum Terminal {
    /// Writes lines for people to standard output.
    static func write(_ text: String) throws {
        do {
            _ = try FileDescriptor.standardOutput.writeAll(VisibleText.lines(text).utf8)
        } catch {
            throw Failure(.outputFailed, "standard output: \(error)")
        }
    }

    /// Writes lines in which data are made visible already, and colours are meant.
    static func write(styled text: String) throws {
        do {
            _ = try FileDescriptor.standardOutput.writeAll(text.utf8)
        } catch {
            throw Failure(.outputFailed, "standard output: \(error)")
        }
    }

    /// Writes a line to standard error, where nothing is left to tell of a failure.
    static func note(_ text: String) { tell(VisibleText.line(text)) }

    private static func tell(_ text: String) {
        _ = try? FileDescriptor.standardError.writeAll("\(text)\n".utf8)
    }

    /// Ends the program with what an error means.
    static func end(with error: any Error) -> Never {
        if case let error as TrainingError = error, error.code == .settings {
            end(with: ValidationError(error.message))
        }
        if let failure = Failure(error) {
            for line in failure.lines { note(line) }
            leave(failure.status.code)
        }
        // The parser's messages repeat arguments as they are.
        let (code, message) = (GmnerCommand.exitCode(for: error), GmnerCommand.fullMessage(for: error))
        if code.isSuccess {
            try? write(message + "\n")
        } else if !message.isEmpty {
            tell(VisibleText.lines(message))
        }
        leave(code.rawValue)
    }

    /// Ends the program. Not by exit(3): that waits for OpenBLAS' thread, which tries for ever where `ulimit -v` leaves it
    /// no room.
    static func leave(_ code: Int32) -> Never { _exit(code) }

    /// Whether standard error is a terminal.
    static var showsErrors: Bool { isatty(FileDescriptor.standardError.rawValue) == 1 }
}

extension ExitCode {
    /// The exit code of a status.
    init(_ status: ExitStatus) { self.init(status.code) }
}
