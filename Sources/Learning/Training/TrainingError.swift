package import Kernels

/// Training that cannot start or go on: what is wrong, and where.
package struct TrainingError: Error, Equatable, CustomStringConvertible {
    /// What kind of trouble.
    package enum Code: String, Sendable {
        /// A data file that cannot be used.
        case data = "train.data"
        /// A checkpoint that is torn, foreign or of another run.
        case checkpoint = "train.checkpoint"
        /// A file that cannot be read or written.
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
    /// What and where.
    package let message: String
    /// The message.
    package var description: String { message }

    /// An error by its code and a message that names what and where.
    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// Matrices that do not fit, as a training error.
    package init(_ error: ShapeError) {
        self.init(.shape, error.description)
    }
}
