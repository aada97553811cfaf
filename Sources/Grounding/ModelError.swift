/// A model that cannot be used: what is wrong, and in which file.
public struct ModelError: Error, Equatable, CustomStringConvertible {
    /// What kind of fault; stable, for programs.
    public enum Code: String, Sendable {
        /// A file is not there.
        case missing = "model.missing"
        /// A file is damaged, or its parts do not fit together.
        case invalid = "model.invalid"
        /// A model that another version of this package may run, or another machine.
        case unsupported = "model.unsupported"
    }

    /// What kind of fault.
    public let code: Code
    /// What is wrong, and where.
    public let message: String
    /// The message.
    public var description: String { message }

    /// A fault of a model.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}
