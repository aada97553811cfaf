import Model
import Text
import Wire

/// What the words of a mention may be corrected to: at most two more or fewer at either side (UnCo, section 3.3).
struct SpanChoices: Sendable {
    /// Words that a mention may have.
    struct Choice: Sendable, Equatable {
        let words: Range<Int>
        /// Unicode scalars of the text.
        let scalars: Range<Int>
        /// The text there.
        let text: String
    }

    private static let reach = 2

    /// Nearest to the mention first.
    let all: [Choice]

    /// What the mention may become in a text of these words, given as ranges of Unicode scalars.
    init(around mention: Range<Int>, of words: [Range<Int>], in text: String) {
        let starts = (mention.lowerBound - Self.reach...mention.lowerBound + Self.reach)
        let ends = (mention.upperBound - Self.reach...mention.upperBound + Self.reach)
        func distance(_ range: Range<Int>) -> Int {
            abs(range.lowerBound - mention.lowerBound) + abs(range.upperBound - mention.upperBound)
        }
        let ranges = starts.flatMap { start in ends.filter { $0 > start }.map { start..<$0 } }
            .filter { $0.lowerBound >= 0 && $0.upperBound <= words.count }
            .sorted { (distance($0), $0.lowerBound) < (distance($1), $1.lowerBound) }
        func scalars(of range: Range<Int>) -> Range<Int> {
            words[range.lowerBound].lowerBound..<words[range.upperBound - 1].upperBound
        }
        guard let first = ranges.map(\.lowerBound).min(), let last = ranges.map(\.upperBound).max() else {
            all = []
            return
        }
        // The way into a long text is gone once, not for each choice.
        let reach = scalars(of: first..<last)
        let near = text.slice(scalars: reach)
        all = ranges.map { range in
            let bounds = scalars(of: range)
            let place = bounds.lowerBound - reach.lowerBound
            return Choice(words: range, scalars: bounds, text: near.slice(scalars: place..<place + bounds.count))
        }
    }

    /// The choice that somebody means by some words: as they stand in the text or, if nothing there does, but for white space
    /// and the case of letters.
    func find(_ words: String) -> Choice? {
        all.first { $0.text == words } ?? all.first { Self.loosely($0.text) == Self.loosely(words) }
    }

    private static func loosely(_ words: String) -> String {
        words.split(whereSeparator: \.isWhitespace).joined(separator: " ").lowercased()
    }
}
