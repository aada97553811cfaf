import Text

extension KnowledgeBase {
    /// The most names of a text that are told.
    private static let mostNames = 8
    /// The most characters of what is told of one.
    private static let mostOfDescription = 90
    /// The most characters of a text in which names are looked for: longer ones are read without knowledge.
    private static let longestPost = 8192

    /// What is known of the names in a text, in the form that outside models answer in, so that a tagger that learned to
    /// read those reads this: `Named entities: 1. Taylor Swift (person/American singer) 2. …`. `nil` where nothing is.
    package func knowledge(of text: String) -> String? {
        guard text.utf8.count <= 4 * Self.longestPost else { return nil }
        var told: Set<String> = []
        var items: [String] = []
        for name in names(in: text, atMost: 2 * Self.mostNames) where items.count < Self.mostNames {
            let item = "\(name.text) (\(Self.told(of: name)))"
            if told.insert(item).inserted { items.append("\(items.count + 1). \(item)") }
        }
        return items.isEmpty ? nil : "Named entities: " + items.joined(separator: " ")
    }

    /// What is known of those that have a name, a line each, best first: `Taylor Swift (person): American singer`. Where nothing
    /// has the name, that of the names which it holds; those of which nothing is known but the name are left out.
    package func lines(about name: String, atMost most: Int) -> [String] {
        let named = entities(named: name)
        let all = named.isEmpty ? names(in: name, atMost: most).compactMap(\.entities.first) : named
        return Array(all.lazy.compactMap(Self.line).prefix(most))
    }

    private static func line(about entity: KnownEntity) -> String? {
        let type = entity.type.flatMap(spoken).map { " (\($0))" }
        guard type != nil || entity.description != nil else { return nil }
        return entity.name + (type ?? "") + (entity.description.map { ": \($0)" } ?? "")
    }

    /// What the best of all that has a name is, and what the best of another kind.
    private static func told(of name: NameInText) -> String {
        let first = name.entities[0]
        let other = name.entities.first { $0.type != first.type && $0.type != nil }
        return [first, other].compactMap(\.self).map { told(of: $0) }.joined(separator: "; ")
    }

    private static func told(of entity: KnownEntity) -> String {
        let type = entity.type.flatMap(spoken)
        let description = entity.description.map { String($0.prefix(mostOfDescription)) }
        let parts = [type, description].compactMap(\.self)
        return parts.isEmpty ? entity.name : parts.joined(separator: "/")
    }

    /// A type in plain words.
    private static func spoken(_ type: String) -> String? {
        let coarse = TypeInventory.coarse
        guard let index = coarse.index(of: type) else { return type }
        // That something is none of the others says nothing.
        return coarse.role(of: index) == .other ? nil : coarse.spokenNames[index]
    }
}
