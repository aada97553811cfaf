package import SystemPackage

/// A vocabulary that cannot be used: what is wrong, and in which line of which file.
package struct VocabularyError: Error, Equatable, CustomStringConvertible {
    /// The file, where it came from one.
    package let path: String?
    /// The line, counted from 1, where one line is to blame.
    package let line: Int?
    /// What is wrong.
    package let message: String
    /// What the system has too little of, where that is the cause: the file is not to blame.
    package let shortage: Errno?

    init(path: String? = nil, line: Int? = nil, _ message: String, shortage: Errno? = nil) {
        self.shortage = shortage
        self.path = path
        self.line = line
        self.message = message
    }

    /// `path:line: message`, as compilers print it.
    package var description: String {
        var place = path ?? "vocabulary"
        if let line { place += ":\(line)" }
        return "\(place): \(message)"
    }
}
