package import Corpora
import JSON
package import SystemPackage
import Text

/// The noun phrases that sentences speak of most, each with how often: what pictures are drawn of, and by what objects in
/// pictures are told.
///
/// A phrase is a noun with its adjectives, in lower case and in the singular, without what determines and counts it:
/// "Two brown dogs" is "brown dog".
package struct NounVocabulary: Sendable, Equatable {
    /// A phrase, and how often it was met.
    package struct Entry: Sendable, Equatable {
        /// Its words, with a space between.
        package var phrase: String
        /// How often.
        package var count: Int
    }

    /// The phrases, the most frequent first.
    package let entries: [Entry]
    private let places: [ExactString: Int]

    /// Most phrases of a vocabulary: the field has a thousand.
    package static let sizes = 1...65_536

    private init(_ entries: [Entry]) {
        self.entries = entries
        places = Dictionary(
            entries.enumerated().map { ($1.phrase.exact, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The most frequent phrases of sentences; of phrases that are equally frequent, the first by their bytes.
    package init(of sentences: some Sequence<String>, most: Int) {
        var counts: [ExactString: Int] = [:]
        for sentence in sentences {
            let caption = Caption(sentence)
            for phrase in caption.phrases { counts[caption.name(of: phrase).exact, default: 0] += 1 }
        }
        let order = counts.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }
        self.init(order.prefix(most).map { Entry(phrase: $0.key.string, count: $0.value) })
    }

    /// Reads what ``lines`` wrote.
    ///
    /// - Throws: ``DataError`` with the line of whatever is missing, of another kind, out of its bounds, or there already.
    package static func read(_ path: FilePath, mayBeStream: Bool = false) throws(DataError) -> NounVocabulary {
        var entries: [Entry] = []
        var lineOfPhrase: [ExactString: Int] = [:]
        try DataFile.forEachValue(path, mayBeStream: mayBeStream) { (value, line) throws(DataError) in
            guard let phrase = value["phrase"]?.string, phrase.contains(where: \.isLetter) else {
                throw DataError(path, line: line, "no “phrase” with words")
            }
            guard let count = value["count"]?.integer, count > 0 else {
                throw DataError(path, line: line, "“count” is no whole number above 0")
            }
            if let first = lineOfPhrase.updateValue(line, forKey: phrase.exact) {
                throw DataError(path, line: line, "“\(phrase)” again; line \(first) has it already")
            }
            guard entries.count < sizes.upperBound else {
                throw DataError(path, line: line, "more than \(sizes.upperBound) phrases")
            }
            entries.append(Entry(phrase: phrase, count: count))
        }
        guard !entries.isEmpty else { throw DataError(path, "no noun phrases") }
        return NounVocabulary(entries)
    }

    /// One JSON object a line: `{"phrase":"brown dog","count":12}`.
    package var lines: [UInt8] {
        var bytes: [UInt8] = []
        for entry in entries {
            JSONValue.object([.init("phrase", .string(entry.phrase)), .init("count", .integer(entry.count))])
                .write(into: &bytes)
            bytes.append(UInt8(ascii: "\n"))
        }
        return bytes
    }

    /// The place of a phrase; `nil` for one that is not here.
    package subscript(phrase: String) -> Int? { places[phrase.exact] }

    /// What a phrase is here: itself, or without as many of its first words as it takes; `nil` where that is nothing.
    func nearest(to phrase: String) -> String? {
        var words = phrase.split(separator: " ")[...]
        while !words.isEmpty {
            let name = words.joined(separator: " ")
            if self[name] != nil { return name }
            words.removeFirst()
        }
        return nil
    }
}

extension Caption {
    /// A phrase as a vocabulary has it.
    func name(of phrase: CaptionPhrase) -> String {
        (lower[phrase.describing].filter { $0 != "," } + [phrase.noun.name]).joined(separator: " ")
    }
}
