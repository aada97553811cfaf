package import SystemPackage

/// A file or folder that cannot be read, written or used: which, what in it, and why.
package struct FileError: Error, Equatable, CustomStringConvertible {
    /// What in a file is to blame.
    package enum Part: Sendable, Equatable {
        /// A line, counted from 1.
        case line(Int)
        /// A tensor of a file of weights.
        case tensor(String)
    }

    /// The file.
    package let path: FilePath
    /// What in it is to blame; `nil` for the whole.
    package let part: Part?
    /// What is wrong with it, as the end of a sentence that begins with its name.
    package let message: String
    /// What the system said, where it was asked.
    package let cause: Errno?
    /// What the system has too little of, where that is the cause: the file is not to blame.
    package var shortage: Errno? {
        cause.flatMap { [.tooManyOpenFiles, .tooManyOpenFilesInSystem, .noMemory].contains($0) ? $0 : nil }
    }

    /// The file, what in it, and what is wrong: `path:line: message`, as compilers print it.
    package var description: String {
        switch part {
        case nil: "\(path): \(message)"
        case .line(let line): "\(path):\(line): \(message)"
        case .tensor(let name): "\(path): tensor \(name): \(message)"
        }
    }

    /// What is wrong with a file.
    package init(_ path: FilePath, _ message: String, cause: Errno? = nil) {
        (self.path, self.message, self.cause) = (path, message, cause)
        part = nil
    }

    /// What is wrong with a part of a file.
    package init(_ path: FilePath, _ part: Part?, _ message: String) {
        (self.path, self.part, self.message) = (path, part, message)
        cause = nil
    }

    /// What the system says of a file, after what was tried: "cannot be written".
    init(_ path: FilePath, _ what: String, _ cause: Errno) {
        self.init(path, "\(what): \(cause)", cause: cause)
    }
}
