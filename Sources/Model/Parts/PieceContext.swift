package import Text

/// What is known about a post, cut into pieces to be read behind it: `[CLS] post [SEP] knowledge [SEP]`
/// (PGIM, Li et al. 2023, section 3.3).
///
/// Training and answering both make their sequences of it, so what is served is what was trained.
package struct PieceContext: Sendable {
    private let words: [Word]
    private let pieces: PiecedText

    /// Takes as many whole words from the beginning of a text as there is room for; `nil` where there is none, or the
    /// text has no words.
    ///
    /// - Parameters:
    ///   - post: The post's words, all in one sequence.
    ///   - limit: Most pieces of that sequence, this text and the special ones included.
    package init?(_ text: String, behind post: PiecedText, limit: Int, _ wordPiece: WordPiece) {
        // Three special pieces: in front, between and behind.
        let room = limit - post.ids.count - 3
        guard room > 0 else { return nil }
        // No word has less than one piece.
        let words = Array(WordSplitter.words(in: TextBlocks.first(of: text)).prefix(room))
        var pieces = wordPiece.pieces(of: words)
        pieces.ranges.removeLast(pieces.ranges.count - pieces.ranges.prefix { $0.upperBound <= room }.count)
        guard !pieces.ranges.isEmpty else { return nil }
        self.words = words
        self.pieces = pieces
    }

    /// Pieces that it adds to the sequence.
    var count: Int { (pieces.ranges.last?.upperBound ?? 0) + 1 }

    /// Its own sequence, opened by the separator that closes the post's.
    fileprivate func sequence(_ sep: Int32) -> PieceBatch {
        var batch = PieceBatch()
        batch.append(words, pieces, pieces.ranges.indices, cls: sep, sep: sep)
        return batch
    }
}

extension PieceBatch {
    /// Goes on with the last sequence: words that are read but have no row of their own, so that they take no part in
    /// loss and decoding.
    package mutating func append(_ context: PieceContext, _ wordPiece: WordPiece) {
        let context = context.sequence(wordPiece.sep)
        match(context, unknown: wordPiece.unk)
        ids += context.ids.dropFirst()
        shapes += context.shapes.dropFirst()
        lengths[lengths.count - 1] += context.ids.count - 1
    }

    /// Looks for the words of the last sequence in what comes behind it. Words are the same when their pieces are known
    /// and the same, so case makes no difference where the vocabulary has none.
    private mutating func match(_ context: PieceBatch, unknown: Int32) {
        // The first piece of the context is the separator that is there already.
        let shift = ids.count - 1
        let places = Dictionary(
            context.words.map { (context.ids[$0], $0.lowerBound + shift..<$0.upperBound + shift) },
            uniquingKeysWith: { first, _ in first })
        let start = ids.count - (lengths.last ?? 0)
        for index in words.indices.reversed() {
            let word = words[index]
            guard word.lowerBound >= start else { break }
            if let place = places[ids[word]], !ids[word].contains(unknown) { matches[index] = place }
        }
    }
}

extension WordPiece {
    /// Most pieces of one word that are read; a longer one (an address of thousands of characters) is known by its
    /// beginning.
    static let mostOfWord = 64

    /// The pieces of words as models read them: at most 64 of each word.
    package func pieces(of words: [Word]) -> PiecedText {
        let pieces = encode(words: words)
        guard pieces.ranges.contains(where: { $0.count > Self.mostOfWord }) else { return pieces }
        var result = PiecedText()
        for range in pieces.ranges {
            let kept = pieces.ids[range].prefix(Self.mostOfWord)
            result.ranges.append(result.ids.count..<result.ids.count + kept.count)
            result.ids += kept
        }
        return result
    }
}
