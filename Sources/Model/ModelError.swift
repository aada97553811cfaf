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
    /// The message.
    package var description: String { message }

    /// A fault of a model.
    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}
