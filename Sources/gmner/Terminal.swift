import ArgumentParser
import Glibc
import Reporting
import SystemPackage

/// Output of the workbench: whole writes, and errors that are not lost.
enum Terminal {
    /// Writes to standard output.
    static func write(_ text: String) throws {
        _ = try FileDescriptor.standardOutput.writeAll(text.utf8)
    }

    /// Writes to standard error, where nothing is left to tell of a failure.
    static func note(_ text: String) {
        _ = try? FileDescriptor.standardError.writeAll("\(text)\n".utf8)
    }

    /// Whether standard error is a terminal.
    static var showsErrors: Bool { isatty(FileDescriptor.standardError.rawValue) == 1 }
}

extension ExitCode {
    /// The exit code of a status.
    init(_ status: ExitStatus) { self.init(status.code) }
}
