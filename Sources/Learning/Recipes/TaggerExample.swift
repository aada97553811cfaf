package import Kernels
package import Model
package import Text
import Randomness

/// A post as the tagger learns from it.
package struct TaggerExample: Sendable {
    /// One sequence: the post's words, and behind a separator what is known about it.
    package var pieces: PieceBatch
    /// Gold tag of each word of the post. Words behind the separator have none: they take no part in loss and decoding.
    package var tags: [Int32]
    /// Its entities, as far as there was room for them.
    package let spans: [TagSet.Span]
    /// The others.
    let spansBehind: [TagSet.Span]
    /// What a teacher makes of the gold tags; `nil` where there is none.
    package var taught: TagExpectations?
    /// Whether there was no room for the end of the post.
    let isCut: Bool

    /// Cuts words into pieces.
    ///
    /// - Parameters:
    ///   - words: words of the post, as the data set splits them.
    ///   - spans: its entities, with types among `tags`.
    ///   - knowledge: background text, read after a separator (PGIM, Li et al. 2023, section 3.3).
    ///   - limit: most pieces of the sequence, special ones included; knowledge is cut first, then words at the end
    ///     of the post, which then have no tag either.
    package init(
        words: [String], spans: [TagSet.Span] = [], tags: TagSet = TagSet(.coarse), knowledge: String? = nil,
        wordPiece: WordPiece, limit: Int
    ) {
        let words = words.map { Word(scalars: 0..<0, text: $0) }
        let pieced = wordPiece.pieces(of: words)
        let end = pieced.ranges.prefix { $0.upperBound + 2 <= limit }.count
        var pieces = PieceBatch()
        pieces.append(words, pieced, 0..<end, cls: wordPiece.cls, sep: wordPiece.sep)
        if let knowledge, let context = PieceContext(knowledge, behind: pieced, limit: limit, wordPiece) {
            pieces.append(context, wordPiece)
        }
        self.pieces = pieces
        self.tags = tags.tags(of: spans, count: words.count).prefix(end).map(Int32.init)
        self.spans = spans.filter { $0.words.upperBound <= end }
        spansBehind = spans.filter { $0.words.upperBound > end }
        isCut = end < words.count
    }
}

extension PieceBatch {
    /// A sentence that nobody has tagged, as one sequence of at most so many pieces.
    init(_ sentence: String, _ wordPiece: WordPiece, limit: Int) {
        self =
            TaggerExample(
                words: WordSplitter.words(in: sentence).map(\.text), wordPiece: wordPiece, limit: limit
            ).pieces
    }

    /// Hides each of some names, as ranges of words, with the given probability behind `mask`: what is learned of them
    /// has to come from the words around.
    mutating func hide(
        _ names: @autoclosure () -> [Range<Int>], probability: Float, behind mask: Int32,
        _ random: inout SeededGenerator
    ) {
        guard probability > 0 else { return }
        for name in names() where random.uniform() < probability {
            for piece in words[name].joined() { ids[piece] = mask }
        }
    }

    /// Adds all sequences of another batch.
    mutating func append(_ other: PieceBatch) {
        let first = ids.count
        ids += other.ids
        shapes += other.shapes
        lengths += other.lengths
        words += other.words.map { $0.lowerBound + first..<$0.upperBound + first }
        matches += other.matches.map { $0.lowerBound + first..<$0.upperBound + first }
    }
}
