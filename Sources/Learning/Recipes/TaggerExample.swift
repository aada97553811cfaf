public import Grounding
public import Text

/// A post as the tagger learns from it.
public struct TaggerExample: Sendable {
    /// One sequence: the post's words, and behind a separator what is known about it.
    public var pieces: PieceBatch
    /// Gold tag of each word of the post. Words behind the separator have none: they take no part in loss and decoding.
    public var tags: [Int32]

    /// Cuts words into pieces.
    ///
    /// - Parameters:
    ///   - words: words of the post, as the data set splits them.
    ///   - tags: gold tag of each.
    ///   - knowledge: background text, read after a separator (PGIM, Li et al. 2023, section 3.3).
    ///   - limit: most pieces of the sequence, special ones included; knowledge is cut first, then words at the end
    ///     of the post, which then have no tag either.
    public init(words: [String], tags: [Int32], knowledge: String? = nil, wordPiece: WordPiece, limit: Int) {
        var end = words.count
        var pieced = wordPiece.encode(words: words)
        while end > 0, pieced.ranges[end - 1].upperBound + 2 > limit { end -= 1 }
        var pieces = PieceBatch()
        pieces.append(Self.words(words), pieced, 0..<end, cls: wordPiece.cls, sep: wordPiece.sep)
        if let knowledge {
            let context = WordSplitter.words(in: knowledge)
            pieced = wordPiece.encode(words: context)
            let room = limit - pieces.ids.count - 1
            let kept = pieced.ranges.prefix { $0.upperBound <= room }.count
            pieces.appendContext(context, pieced, 0..<kept, sep: wordPiece.sep)
        }
        self.pieces = pieces
        self.tags = Array(tags.prefix(end))
    }

    private static func words(_ words: [String]) -> [Word] {
        words.map { Word(scalars: 0..<0, text: $0) }
    }
}

extension PieceBatch {
    /// Goes on with the last sequence: words that are read but have no row of their own.
    mutating func appendContext(_ words: [Word], _ pieces: PiecedText, _ range: Range<Int>, sep: Int32) {
        guard !range.isEmpty, !lengths.isEmpty else { return }
        var context = PieceBatch()
        context.append(words, pieces, range, cls: sep, sep: sep)
        ids += context.ids.dropFirst()
        shapes += context.shapes.dropFirst()
        lengths[lengths.count - 1] += context.ids.count - 1
    }

    /// Adds all sequences of another batch.
    mutating func append(_ other: PieceBatch) {
        let first = ids.count
        ids += other.ids
        shapes += other.shapes
        lengths += other.lengths
        words += other.words.map { $0.lowerBound + first..<$0.upperBound + first }
    }
}
