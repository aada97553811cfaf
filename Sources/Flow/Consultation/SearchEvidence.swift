import JSON
import KnowledgeBase
import Text

/// What is searched for, and what of the finds is passed on (ECA of MAKAR, EMNLP 2025).
enum SearchEvidence {
    /// As many pages as MAKAR reads.
    private static let mostSnippets = 3
    /// The most Unicode scalars of one: a paragraph.
    private static let longestSnippet = 500
    /// Words of context at either side of an entity: a clause.
    private static let contextWords = 8
    /// The most Unicode scalars of the context at either side.
    private static let longestContext = 120

    /// The query for an entity: its name in quotation marks, and the words around it but addresses, which no page has.
    static func query(for entity: Range<Int>, in text: String) -> String {
        let start = max(0, entity.lowerBound - longestContext)
        let before = words(text.slice(scalars: start..<entity.lowerBound), isCutAtStart: start > 0)
        let scalars = text.unicodeScalars
        let end = scalars.index(scalars.startIndex, offsetBy: entity.upperBound)
        let rest = scalars[end...].prefix(longestContext + 1)
        let after = words(String(rest), isCutAtEnd: rest.count > longestContext)
        let name = text.slice(scalars: entity).split { $0.isWhitespace || $0 == "\"" }.joined(separator: " ")
        return (["\"\(name)\""] + before.suffix(contextWords) + after.prefix(contextWords)).joined(separator: " ")
    }

    /// What was found, in short pieces of one line each, the first few; `nil` where a value is no list of texts.
    static func snippets(_ value: JSONValue) -> [String]? {
        guard let elements = value.elements else { return nil }
        let texts = elements.compactMap(\.string)
        guard texts.count == elements.count else { return nil }
        return Array(texts.lazy.compactMap(snippet).prefix(mostSnippets))
    }

    /// What a knowledge base has of an entity, as if a search had found it.
    static func snippets(of name: String, in base: KnowledgeBase) -> [String] {
        base.lines(about: name, atMost: mostSnippets).compactMap(snippet)
    }

    /// Words of a part of a text, without those that may have been cut.
    private static func words(_ text: String, isCutAtStart: Bool = false, isCutAtEnd: Bool = false) -> [Substring] {
        var words = text.split(omittingEmptySubsequences: false) { $0.isWhitespace || $0.isNewline }[...]
        if isCutAtStart { words = words.dropFirst() }
        if isCutAtEnd { words = words.dropLast() }
        return words.filter { !$0.isEmpty && !$0.contains("://") }
    }

    private static func snippet(_ text: String) -> String? {
        text.oneLine(atMost: longestSnippet)
    }
}
