import ArgumentParser
import Corpora
import Files
import Flow
import Images
import Learning
import Model
import Reporting
import SystemPackage
import Text
import Weights

/// What a command failed with, as whoever started it sees it. Every error comes here, so that the same fault ends every
/// command in the same way.
struct Failure: Error {
    let status: ExitStatus
    /// What is told, line by line.
    let lines: [String]

    init(_ status: ExitStatus, _ message: String) {
        self.init(status, lines: [message])
    }

    private init(_ status: ExitStatus, lines: [String]) {
        self.status = status
        self.lines = ["gmner: \(lines[0])"] + lines.dropFirst()
    }

    /// What an error means; `nil` for one that is about the command line, which its parser words.
    init?(_ error: any Error) {
        switch error {
        case let error as Failure: self = error
        case let error as DataError: self.init(error.kind.status, "\(error)")
        case let error as TrainingError where error.code == .settings: return nil
        case let error as TrainingError: self.init(error.code.status, lines: error.lines)
        case let error as ModelError where error.shortage != nil: self.init(.internalFault, "\(error)")
        case let error as ModelError: self.init(error.code == .unwritten ? .outputFailed : .noInput, "\(error)")
        case PipelineError.model(let error): self.init(.noInput, "\(error)")
        case PipelineError.system(let errno): self.init(.internalFault, "cannot start: \(errno)")
        case let error as FileError: self.init(.noInput, "\(error)")
        case let error as ImageError: self.init(.noInput, "\(error)")
        default:
            // What a parser does not know either is ours.
            guard !(error is ExitCode), GmnerCommand.exitCode(for: error) == .failure else { return nil }
            self.init(.internalFault, "\(error)")
        }
    }
}

extension DataError.Kind {
    fileprivate var status: ExitStatus {
        switch self {
        case .content: .data
        case .input: .noInput
        case .output: .outputFailed
        }
    }
}

extension TrainingError.Code {
    fileprivate var status: ExitStatus {
        switch self {
        case .settings: .usage
        case .data, .checkpoint: .data
        case .input: .noInput
        case .file: .outputFailed
        case .diverged, .shape: .internalFault
        }
    }
}
