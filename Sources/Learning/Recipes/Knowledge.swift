package import SystemPackage
import Wire
package import Corpora
import JSON
import Text

/// Background texts of posts, by id: recorded answers of an outside model.
package struct Knowledge: Sendable {
    private var texts: [ExactString: String] = [:]

    /// No knowledge.
    package init() {}

    /// What files say; see ``read(_:)``.
    package init(_ files: [FilePath]) throws(DataError) {
        for file in files { try read(file) }
    }

    /// Number of posts that something is known about.
    package var count: Int { texts.count }

    /// What is known about a post.
    package subscript(id: String) -> String? { texts[id.exact] }

    /// Adds a file of lines `{"id": …, "knowledge": …}`.
    ///
    /// - Throws: ``DataError`` where a line is no such object, or an id comes twice.
    package mutating func read(_ path: FilePath) throws(DataError) {
        try DataFile.forEachValue(path, mayBeStream: true) { (value, line) throws(DataError) in
            guard let id = value["id"]?.string, let text = value["knowledge"]?.string else {
                throw DataError(path, line: line, "expected an object with strings “id” and “knowledge”")
            }
            guard texts.updateValue(text, forKey: id.exact) == nil else {
                throw DataError(path, line: line, "post \(id) again")
            }
        }
    }
}
