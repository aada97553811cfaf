import ArgumentParser
import Glibc
import Learning
import Reporting
import SystemPackage

/// Output of the workbench: whole writes, and errors that are not lost.
enum Terminal {
    /// Writes to standard output.
    static func write(_ text: String) throws {
        do {
            _ = try FileDescriptor.standardOutput.writeAll(text.utf8)
        } catch {
            throw Failure(.outputFailed, "standard output: \(error)")
        }
    }

    /// Writes to standard error, where nothing is left to tell of a failure.
    static func note(_ text: String) {
        _ = try? FileDescriptor.standardError.writeAll("\(text)\n".utf8)
    }

    /// Ends the program with what an error means.
    static func end(with error: any Error) -> Never {
        if case let error as TrainingError = error, error.code == .settings {
            end(with: ValidationError(error.message))
        }
        guard let failure = Failure(error) else { GmnerCommand.exit(withError: error) }
        note("gmner: \(failure.message)")
        exit(failure.status.code)
    }

    /// Whether standard error is a terminal.
    static var showsErrors: Bool { isatty(FileDescriptor.standardError.rawValue) == 1 }
}

extension ExitCode {
    /// The exit code of a status.
    init(_ status: ExitStatus) { self.init(status.code) }
}
