package import JSON

/// Something that has a name, as it comes into a knowledge base.
package struct KnowledgeEntry: Sendable, Equatable {
    /// What it is called first of all.
    package var name: String
    /// What else it is called.
    package var aliases: [String] = []
    /// What links to it say; the name where nothing else was given.
    package var id: String
    /// What kind of thing it is, by the name of a type of some data set.
    package var type: String?
    /// What it is, in a few words.
    package var description: String?
    /// How well known it is beside others of its name.
    package var weight = 0.0

    /// The most bytes of one of its texts.
    package static let longestText = 4096
    /// The most aliases.
    package static let mostAliases = 4096

    /// An entry from its parts.
    package init(
        name: String, aliases: [String] = [], id: String? = nil, type: String? = nil, description: String? = nil,
        weight: Double = 0
    ) {
        (self.name, self.aliases, self.id) = (name, aliases, id ?? name)
        (self.type, self.description, self.weight) = (type, description, weight)
    }

    /// An entry as a line has it: `name`; perhaps `aliases`, `id` (or `qid`), `type`, `description` (or `desc`), `weight`.
    /// Other members mean nothing.
    package init(_ value: JSONValue) throws(KnowledgeEntryError) {
        guard case .object = value else { throw KnowledgeEntryError("expected an object with a “name”") }
        guard let name = try Self.text(value, "name"), name.contains(where: { !$0.isWhitespace }) else {
            throw KnowledgeEntryError("“name” is missing or empty")
        }
        self.name = name
        id = try Self.text(value, "id", "qid") ?? name
        type = try Self.text(value, "type")
        description = try Self.text(value, "description", "desc")
        if let given = value.present("weight") {
            guard let weight = given.double, weight >= 0 else {
                throw KnowledgeEntryError("“weight” must be a number that is not negative")
            }
            self.weight = weight
        }
        guard let given = value.present("aliases") else { return }
        guard let elements = given.elements, elements.count <= Self.mostAliases else {
            throw KnowledgeEntryError("“aliases” must be a list of at most \(Self.mostAliases) strings")
        }
        for element in elements {
            guard let alias = element.string else { throw KnowledgeEntryError("“aliases” must be a list of strings") }
            try Self.check(alias, "an alias")
            aliases.append(alias)
        }
    }

    /// The text of the first of some members that is there and not empty.
    private static func text(_ value: JSONValue, _ keys: String...) throws(KnowledgeEntryError) -> String? {
        for key in keys {
            guard let given = value.present(key) else { continue }
            guard let text = given.string else { throw KnowledgeEntryError("“\(key)” must be a string") }
            try check(text, "“\(key)”")
            if !text.isEmpty { return text }
        }
        return nil
    }

    private static func check(_ text: String, _ what: String) throws(KnowledgeEntryError) {
        guard text.utf8.count <= longestText else {
            throw KnowledgeEntryError("\(what) has more than \(longestText) bytes")
        }
    }
}

/// Why something is no entry of a knowledge base, or too much for one.
package struct KnowledgeEntryError: Error, Equatable, CustomStringConvertible {
    /// What is wrong.
    package let description: String

    init(_ description: String) { self.description = description }
}
