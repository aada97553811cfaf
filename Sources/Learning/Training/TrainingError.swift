import Corpora
import Files
import Images
package import Kernels
import Model
import Text

/// Training that cannot start or go on: what is wrong, and where.
package struct TrainingError: Error, Equatable, CustomStringConvertible {
    /// What kind of trouble.
    package enum Code: String, Sendable {
        /// A data file that cannot be used.
        case data = "train.data"
        /// A checkpoint that is torn, foreign or of another run.
        case checkpoint = "train.checkpoint"
        /// A file, picture or model that is not there, or cannot be used.
        case input = "train.input"
        /// A file that cannot be written.
        case file = "train.file"
        /// The loss or its gradient is no number any more.
        case diverged = "train.diverged"
        /// Settings that do not fit together.
        case settings = "train.settings"
        /// A fault of the program: matrices that do not fit.
        case shape = "train.shape"
    }

    /// What kind of trouble.
    package let code: Code
    /// What and where; ``lines`` in one.
    package var message: String { lines.joined(separator: "\n") }
    /// What and where, line by line.
    package let lines: [String]
    /// The message.
    package var description: String { message }

    /// An error by its code and a message that names what and where.
    package init(_ code: Code, _ message: String) {
        self.init(code, lines: [message])
    }

    /// An error that takes more than one line to say.
    init(_ code: Code, lines: [String]) {
        self.code = code
        self.lines = lines
    }

    /// Matrices that do not fit, as a training error.
    package init(_ error: ShapeError) {
        self.init(.shape, error.description)
    }

    /// What something failed with that training depends on, as a training error.
    init(_ error: any Error) {
        switch error {
        case let error as TrainingError: self = error
        case let error as ShapeError: self.init(error)
        case let error as DataError where error.kind == .content: self.init(.data, "\(error)")
        case is ModelError, is ImageError, is FileError, is DataError: self.init(.input, "\(error)")
        default: self.init(.data, "\(error)")
        }
    }
}
