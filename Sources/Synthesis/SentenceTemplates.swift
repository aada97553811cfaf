package import Corpora
import Randomness

/// Sentences with places for names: `{PER} signs for {ORG}`. Filled with names of the types that stand there, they are labelled
/// texts that nobody had to label.
package struct SentenceTemplates: Sendable {
    private enum Part: Sendable {
        case word(String)
        case name(type: String)
    }

    private let templates: [[Part]]

    /// Whether there is none.
    package var isEmpty: Bool { templates.isEmpty }
    /// How many there are.
    package var count: Int { templates.count }

    /// Reads templates, one a line, words apart by spaces; blank lines are left out.
    ///
    /// - Throws: ``DataError`` with the line of a place for something that is no type of `types`.
    package init(parsing text: String, types: Set<String>) throws(DataError) {
        var templates: [[Part]] = []
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            var parts: [Part] = []
            for word in line.split(whereSeparator: \.isWhitespace) {
                guard word.hasPrefix("{"), word.hasSuffix("}"), word.count > 2 else {
                    parts.append(.word(String(word)))
                    continue
                }
                let type = String(word.dropFirst().dropLast())
                guard types.contains(type) else {
                    throw DataError(
                        "line \(number + 1): {\(type)} is no type of the data; these are: \(types.sorted().joined(separator: ", "))"
                    )
                }
                parts.append(.name(type: type))
            }
            if !parts.isEmpty { templates.append(parts) }
        }
        self.templates = templates
    }

    /// So many sentences. The same names and seed give the same sentences.
    package func sentences(_ count: Int, from names: MentionReplacement, seed: UInt64) -> [LabelledPost] {
        guard !templates.isEmpty else { return [] }
        return (0..<count).map { number in
            var random = SeededGenerator(seed: seed, stream: 0x7465_6d70, UInt64(number))
            var words: [String] = []
            var entities: [(words: Range<Int>, type: String)] = []
            for part in templates[Int.random(in: 0..<templates.count, using: &random)] {
                switch part {
                case .word(let word): words.append(word)
                case .name(let type):
                    let start = words.count
                    words += names.name(of: type, &random)
                    entities.append((start..<words.count, type))
                }
            }
            return LabelledPost(id: "template-\(number + 1)", words: words, entities: entities)
        }
    }
}
