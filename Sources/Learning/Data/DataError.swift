public import SystemPackage

/// Data that cannot be used: what is wrong, and in which line of which file.
public struct DataError: Error, Equatable, CustomStringConvertible {
    /// The file or folder.
    public let path: String
    /// The line, counted from 1, where one is to blame.
    public let line: Int?
    /// What is wrong.
    public let message: String

    /// Data that cannot be used.
    public init(_ path: FilePath, line: Int? = nil, _ message: String) {
        self.path = path.string
        self.line = line
        self.message = message
    }

    /// `path:line: message`, as compilers print it.
    public var description: String { describe(path, line, message) }
}

/// Something that was read by a rule rather than by the letter.
public struct DataNote: Sendable, Equatable, CustomStringConvertible {
    /// The file.
    public let path: String
    /// The line, counted from 1, where it happened first.
    public let line: Int?
    /// What was met, and which rule was followed.
    public let message: String

    init(_ path: FilePath, line: Int?, _ message: String) {
        self.path = path.string
        self.line = line
        self.message = message
    }

    /// `path:line: message`, as compilers print it.
    public var description: String { describe(path, line, message) }
}

private func describe(_ path: String, _ line: Int?, _ message: String) -> String {
    line.map { "\(path):\($0): \(message)" } ?? "\(path): \(message)"
}
