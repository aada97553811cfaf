import ArgumentParser
import Learning
import Model
import Reporting

extension Terminal {
    /// Turns what is wrong with settings, data or a model, where one is trained or judged, into a message and the exit
    /// status for it.
    static func reportingTrainingErrors(_ body: () throws -> Void) throws {
        try reportingDataErrors {
            do {
                try body()
            } catch let error as TrainingError where error.code == .settings {
                throw ValidationError(error.message)
            } catch let error as TrainingError {
                note("gmner: \(error)")
                throw ExitCode(error.code.status)
            } catch let error as ModelError {
                note("gmner: \(error)")
                throw ExitCode(.noInput)
            }
        }
    }
}

extension TrainingError.Code {
    /// How the program ends.
    fileprivate var status: ExitStatus {
        switch self {
        case .settings: .usage
        case .data, .checkpoint: .data
        case .file: .outputFailed
        case .diverged, .shape: .internalFault
        }
    }
}
