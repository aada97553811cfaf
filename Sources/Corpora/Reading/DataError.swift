package import Files
package import SystemPackage

/// Data that cannot be read, written or compared: what is wrong, and in which line of which file.
package struct DataError: Error, Equatable, CustomStringConvertible {
    /// What kind of trouble.
    package enum Kind: Sendable {
        /// What is in the data.
        case content
        /// A file or folder that is not there, or cannot be read.
        case input
        /// A file that cannot be written.
        case output
    }

    /// What kind of trouble.
    package let kind: Kind
    /// The file or folder, where one is to blame.
    package let path: String?
    /// The line, counted from 1, where one is to blame.
    package let line: Int?
    /// What is wrong.
    package let message: String

    /// Data that cannot be used.
    package init(_ path: FilePath, line: Int? = nil, _ message: String, kind: Kind = .content) {
        self.kind = kind
        self.path = path.string
        self.line = line
        self.message = message
    }

    /// A file or folder that cannot be written.
    package init(writing error: FileError) {
        self.init(error.path, error.message, kind: .output)
    }

    /// Data that cannot be used or written, whichever file they are of.
    package init(_ message: String, kind: Kind = .content) {
        self.kind = kind
        path = nil
        line = nil
        self.message = message
    }

    /// A post that has no place in a format, or no answer.
    package init(_ post: LabelledPost, _ message: String) {
        self.init("post \(post.id): \(message)")
    }

    /// `path:line: message`, as compilers print it; the message alone where no file is to blame.
    package var description: String { path.map { describe($0, line, message) } ?? message }
}

/// Something that was read by a rule rather than by the letter.
package struct DataNote: Sendable, Equatable, CustomStringConvertible {
    /// The file.
    package let path: String
    /// The line, counted from 1, where it happened first.
    package let line: Int?
    /// What was met, and which rule was followed.
    package let message: String

    /// A note about a file, or a line of it.
    package init(_ path: FilePath, line: Int?, _ message: String) {
        self.path = path.string
        self.line = line
        self.message = message
    }

    /// `path:line: message`, as compilers print it.
    package var description: String { describe(path, line, message) }
}

private func describe(_ path: String, _ line: Int?, _ message: String) -> String {
    line.map { "\(path):\($0): \(message)" } ?? "\(path): \(message)"
}
