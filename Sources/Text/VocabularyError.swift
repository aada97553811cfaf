/// A vocabulary that cannot be used: what is wrong, and in which line of which file.
package struct VocabularyError: Error, Equatable, CustomStringConvertible {
    /// The file, where it came from one.
    package let path: String?
    /// The line, counted from 1, where one line is to blame.
    package let line: Int?
    /// What is wrong.
    package let message: String

    init(path: String? = nil, line: Int? = nil, _ message: String) {
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
