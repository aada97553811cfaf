package import SystemPackage

/// A file or folder that cannot be read or written: which, and why.
package struct FileError: Error, Equatable, CustomStringConvertible {
    /// The file.
    package let path: FilePath
    /// What is wrong with it, as the end of a sentence that begins with its name.
    package let message: String
    /// The file, and what is wrong with it.
    package var description: String { "\(path): \(message)" }

    /// What is wrong with a file.
    package init(_ path: FilePath, _ message: String) {
        self.path = path
        self.message = message
    }
}
