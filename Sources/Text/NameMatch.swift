/// A name, as it is looked for in what is written somewhere else: on a poster, on a shirt, in a detector's word for a thing.
///
/// Letters and digits count alone, without case and accents: "#LoveLive", "Love Live!" and "LOVELIVE" are one name.
package struct NameMatch: Sendable {
    /// The whole name, then each of its words that is long enough to tell.
    private let parts: [[UInt32]]

    /// The most scalars of a name, and of what it is looked for in: bounds on work.
    private static let longest = (name: 64, text: 1024)
    /// The fewest letters and digits that tell a name, and a word of one, from chance.
    private static let shortest = (name: 3, word: 5)
    /// What a word alone is worth beside the whole name.
    private static let wordShare: Float = 0.9

    /// A name as a text has it.
    package init(_ name: String) {
        let whole = Self.folded(name, Self.longest.name)
        let words = name.split(whereSeparator: \.isWhitespace).map { Self.folded(String($0), Self.longest.name) }
            .filter { $0.count >= Self.shortest.word && $0 != whole }
        parts = whole.count >= Self.shortest.name ? [whole] + words : []
    }

    /// How much of the name stands in a text, 0…1: the share of its letters and digits that need no change, for the place
    /// in the text where it needs the fewest (Sellers 1980). 0 for names that are too short to tell.
    package func similarity(_ text: String) -> Float {
        guard !parts.isEmpty else { return 0 }
        let text = Self.folded(text, Self.longest.text)
        guard !text.isEmpty else { return 0 }
        return parts.enumerated().reduce(0) { best, part in
            let share = 1 - Float(Self.changes(from: part.element, anywhereIn: text)) / Float(part.element.count)
            return max(best, part.offset == 0 ? share : Self.wordShare * share)
        }
    }

    /// The fewest insertions, deletions and replacements that make `name` of some part of `text`.
    private static func changes(from name: [UInt32], anywhereIn text: [UInt32]) -> Int {
        var above = [Int](repeating: 0, count: text.count + 1)
        for (row, scalar) in name.enumerated() {
            var diagonal = above[0]
            above[0] = row + 1
            for column in 1...text.count {
                let replaced = diagonal + (text[column - 1] == scalar ? 0 : 1)
                diagonal = above[column]
                above[column] = min(replaced, above[column] + 1, above[column - 1] + 1)
            }
        }
        return above.min() ?? name.count
    }

    /// Letters and digits, lower-cased and without accents; at most `most` of them.
    private static func folded(_ text: String, _ most: Int) -> [UInt32] {
        let table = ScalarTable.shared
        var folded: [UInt32] = []
        for scalar in text.unicodeScalars {
            guard folded.count < most else { break }
            table.forEachNameScalar(of: scalar.value) { folded.append($0) }
        }
        return folded
    }
}
