package import SystemPackage

/// A file or folder that cannot be read or written: which, and why.
package struct FileError: Error, Equatable, CustomStringConvertible {
    /// The file.
    package let path: FilePath
    /// What is wrong with it, as the end of a sentence that begins with its name.
    package let message: String
    /// What the system said, where it was asked.
    package let cause: Errno?
    /// What the system has too little of, where that is the cause: the file is not to blame.
    package var shortage: Errno? {
        cause.flatMap { [.tooManyOpenFiles, .tooManyOpenFilesInSystem, .noMemory].contains($0) ? $0 : nil }
    }

    /// The file, and what is wrong with it.
    package var description: String { "\(path): \(message)" }

    /// What is wrong with a file.
    package init(_ path: FilePath, _ message: String, cause: Errno? = nil) {
        self.path = path
        self.message = message
        self.cause = cause
    }

    /// What the system says of a file, after what was tried: "cannot be written".
    init(_ path: FilePath, _ what: String, _ cause: Errno) {
        self.init(path, "\(what): \(cause)", cause: cause)
    }
}
