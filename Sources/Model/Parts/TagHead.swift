package import Kernels

/// Finds the mentions of a text in the rows of its words.
///
/// A head scores on any ``Computation``, so that it learns on the tape; what it scored becomes mentions in its
/// ``MentionDecoder``, outside of any computation. Rows of scores are the head's own business: one a word (a CRF), one a
/// span, one a query.
package protocol TagHead: Sendable {
    /// Scores of texts whose words lie one after the other.
    ///
    /// - Parameters:
    ///   - words: One row a word, sequence by sequence.
    ///   - lengths: Words of each sequence.
    ///   - dropout: Rate of dropout in training.
    func score<C: Computation>(
        _ words: C.Value, lengths: [Int], dropout: Float, on computation: C
    ) throws(ShapeError) -> TagScores<C.Value>

    /// What makes mentions of the scores of a model with these numbers.
    func decoder(_ read: (Parameter) -> [Float]) throws(ShapeError) -> any MentionDecoder
}

/// What a head scored.
package struct TagScores<Value> {
    /// The scores, sequence by sequence.
    package let rows: Value
    /// Rows of each sequence.
    package let lengths: [Int]

    /// Scores by their rows.
    package init(rows: Value, lengths: [Int]) {
        self.rows = rows
        self.lengths = lengths
    }
}

/// Makes mentions of a head's scores.
package protocol MentionDecoder: Sendable {
    /// The mentions of one text, in text order, never overlapping; their places in the text (``Mention/scalars``) are left
    /// for whoever knows it.
    ///
    /// A long text is read in windows that overlap. What to do with that is the head's business: stitch the rows of the
    /// words that each window owns, or decode each window alone.
    ///
    /// - Parameter words: Words of the text.
    func mentions(of windows: [ScoredWindow], words: Int) throws(ShapeError) -> [Mention]
}

/// One window of a text and the rows that the head scored for it.
package struct ScoredWindow: Sendable {
    /// Words that were read together.
    package let words: Range<Int>
    /// Those of them that no other window speaks for.
    package let owned: Range<Int>
    /// The head's rows, row by row.
    package let scores: [Float]

    /// A window by its parts.
    package init(words: Range<Int>, owned: Range<Int>, scores: [Float]) {
        self.words = words
        self.owned = owned
        self.scores = scores
    }

    /// A text that is read whole.
    package init(words: Int, scores: [Float]) {
        self.init(words: 0..<words, owned: 0..<words, scores: scores)
    }
}
