import Files
import KnowledgeBase
package import SystemPackage
import Wire
package import Corpora
import JSON
import Text

/// Background texts of posts: recorded answers of an outside model, by id, and what knowledge bases know of the names in
/// the others.
package struct Knowledge: Sendable {
    private var texts: [ExactString: String] = [:]
    private var bases: [KnowledgeBase] = []

    /// No knowledge.
    package init() {}

    /// What files say; see ``read(_:)``.
    package init(_ files: [FilePath]) throws(DataError) {
        for file in files { try read(file) }
    }

    /// Whether nothing is known about any post.
    package var isEmpty: Bool { texts.isEmpty && bases.isEmpty }

    /// What was recorded about a post.
    package subscript(id: String) -> String? { texts[id.exact] }

    /// What is known about a post: what was recorded, or else what it says itself, or else what a base knows of the names in
    /// its text.
    package func of(_ post: LabelledPost) -> String? {
        if let known = self[post.sourceID] ?? post.knowledge { return known }
        return bases.lazy.compactMap { $0.knowledge(of: post.text) }.first
    }

    /// Adds a knowledge base, or a file of lines `{"id": …, "knowledge": …}`.
    ///
    /// - Throws: ``DataError`` where a line is no such object, or an id comes twice.
    package mutating func read(_ path: FilePath) throws(DataError) {
        if KnowledgeBase.isIndex(path) {
            do throws(FileError) {
                bases.append(try KnowledgeBase(path))
            } catch {
                throw DataError(error.path, error.message, kind: .input)
            }
            return
        }
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
