import Geometry

/// A post in the making: words, and which of them are names.
struct PostDraft {
    private(set) var words: [String] = []
    private(set) var entities: [SynthesizedEntity] = []

    mutating func append(_ text: String) {
        words += text.split(separator: " ").map(String.init)
    }

    mutating func append(_ more: some Sequence<String>) {
        words += more
    }

    /// Appends a name, behind its sign where it is a handle or a hashtag.
    mutating func append(_ name: DrawnName, noun: CaptionNoun?, visible: Bool, box: RelativeBox?) {
        if let sign = name.sign { words.append(sign) }
        let start = words.count
        words += name.words
        entities.append(
            SynthesizedEntity(
                words: start..<words.count, typeIndex: name.role.typeIndex, visible: visible, box: box,
                counterpart: noun?.name, noun: noun, isMale: name.isMale))
    }

    /// Takes the full stop off the end.
    mutating func removeFullStop() {
        if words.last == "." { words.removeLast() }
    }

    /// Turns every word, names included, into another case.
    mutating func changeCase(_ change: (String) -> String) {
        for index in words.indices where !words[index].hasPrefix("http") { words[index] = change(words[index]) }
    }

    /// Puts words in front.
    mutating func prepend(_ text: String) {
        let more = text.split(separator: " ").map(String.init)
        words = more + words
        for index in entities.indices {
            let range = entities[index].words
            entities[index].words = range.lowerBound + more.count..<range.upperBound + more.count
        }
    }

    /// Appends another draft.
    mutating func append(_ other: PostDraft) {
        let offset = words.count
        words += other.words
        entities += other.entities.map { entity in
            var entity = entity
            entity.words = entity.words.lowerBound + offset..<entity.words.upperBound + offset
            return entity
        }
    }
}

/// A name as a post writes it.
struct DrawnName {
    var words: [String]
    var role: NameInventory.Role
    /// `@` or `#` in front, with the words drawn together.
    var sign: String?
    var isMale: Bool?
}
