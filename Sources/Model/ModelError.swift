package import SystemPackage
import Files

/// A model that cannot be used: what is wrong, and in which file.
package struct ModelError: Error, Equatable, CustomStringConvertible {
    /// What kind of fault; stable, for programs.
    package enum Code: String, Sendable {
        /// A file is not there.
        case missing = "model.missing"
        /// A file is damaged, or its parts do not fit together.
        case invalid = "model.invalid"
        /// A model that another version of this package may run, or another machine.
        case unsupported = "model.unsupported"
        /// A file that cannot be written.
        case unwritten = "model.unwritten"
    }

    /// What kind of fault.
    package let code: Code
    /// What is wrong, and where.
    package let message: String
    /// What the system has too little of, where that is the cause: the model is not to blame.
    package let shortage: Errno?
    /// The message.
    package var description: String { message }

    /// Weights that cannot be used.
    init(_ error: FileError) { self.init(.invalid, error.description, shortage: error.shortage) }

    /// A fault of a model.
    package init(_ code: Code, _ message: String, shortage: Errno? = nil) {
        self.shortage = shortage
        self.code = code
        self.message = message
    }
}
