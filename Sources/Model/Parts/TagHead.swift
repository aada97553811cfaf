package import Kernels

/// Finds the mentions of a text in the rows of its words.
///
/// A head scores on any ``Computation``, so that it learns on the tape; what it scored becomes mentions in its
/// ``MentionDecoder``, outside of any computation. Rows of scores are the head's own business: one a word (a CRF), one a
/// span, one a query and a word.
package protocol TagHead: Sendable {
    /// Scores of texts whose words lie one after the other.
    ///
    /// - Parameters:
    ///   - words: One row a word, sequence by sequence.
    ///   - lengths: Words of each sequence.
    ///   - evidence: What each sequence's post shows, for heads that look themselves.
    ///   - dropout: Rate of dropout in training.
    func score<C: Computation>(
        _ words: C.Value, lengths: [Int], evidence: ShownEvidence<C.Value>, dropout: Float, on computation: C
    ) throws(ShapeError) -> TagScores<C.Value>

    /// What makes mentions of the scores of a model with these numbers.
    func decoder(_ read: (Parameter) -> [Float]) throws(ShapeError) -> any MentionDecoder
}

/// A head that a method can be made of: declared for a shape of its own.
package protocol HeadPart: TagHead {
    /// Widths and the like, as `config.json` has them.
    associatedtype Configuration: HeadConfiguration

    /// Declares the head for fused words as wide as the text encoder's.
    init(_ configuration: Configuration, _ shapes: ModelShapes, in layout: inout ParameterLayout)
}

/// The shape of a head.
package protocol HeadConfiguration: Codable, Sendable, Equatable {
    /// The defaults.
    init()
    /// Throws where numbers make no sense.
    func validate() throws(ModelError)
}

/// The shape of a head that has nothing to set.
package struct PlainHeadConfiguration: HeadConfiguration {
    package init() {}
    package func validate() throws(ModelError) {}
}

/// What a head scored.
package struct TagScores<Value> {
    /// Scores of one kind.
    package struct Sheet {
        /// The scores, sequence by sequence.
        package let rows: Value
        /// Rows of each sequence.
        package let lengths: [Int]
    }

    /// The scores, by their kinds; of most heads one.
    package private(set) var sheets: [Sheet]

    /// Scores by their rows, and how many each sequence has of them.
    package init(rows: Value, lengths: [Int]) {
        sheets = [Sheet(rows: rows, lengths: lengths)]
    }

    /// The same, with scores of another kind behind them.
    package func beside(rows: Value, lengths: [Int]) -> Self {
        var scores = self
        scores.sheets.append(Sheet(rows: rows, lengths: lengths))
        return scores
    }

    /// Rows of the first kind.
    package var rows: Value { sheets[0].rows }
}

extension Computation {
    /// The numbers of each sequence, kind by kind, row by row: what a ``ScoredWindow`` holds.
    package func array(_ scores: TagScores<Value>) -> [[Float]] {
        let kinds = scores.sheets.map { sheet in
            let rows = array(sheet.rows)
            return sheet.lengths.map { $0 * sheet.rows.columns }.ranges.map { rows[$0] }
        }
        return kinds[0].indices.map { sequence in kinds.flatMap { $0[sequence] } }
    }
}

/// Makes mentions of a head's scores.
package protocol MentionDecoder: Sendable {
    /// The mentions of one text, in text order; they overlap only where the head says that one may lie in another. Their
    /// places in the text (``Mention/scalars``) are left for whoever knows it.
    ///
    /// A long text is read in windows that overlap. What to do with that is the head's business: stitch the rows of the
    /// words that each window owns, or decode each window alone.
    ///
    /// - Parameter words: Words of the text.
    func mentions(of windows: [ScoredWindow], words: Int) throws(ShapeError) -> [Mention]

    /// What the scores of another pass over the same text say of each of these mentions.
    func shares(of mentions: [Mention], in windows: [ScoredWindow], words: Int) throws(ShapeError) -> [MentionShares]
}

extension MentionDecoder {
    /// By whether they are found again: what is not has no share.
    package func shares(
        of mentions: [Mention], in windows: [ScoredWindow], words: Int
    ) throws(ShapeError) -> [MentionShares] {
        let found = Dictionary(
            try self.mentions(of: windows, words: words).map { ($0.words, $0) }, uniquingKeysWith: { first, _ in first }
        )
        return mentions.map { mention in
            let again = found[mention.words]
            return MentionShares(
                types: mention.posterior.indices.map { (again?.posterior[$0] ?? 0) * (again?.spanScore ?? 0) })
        }
    }
}

/// One window of a text and the rows that the head scored for it.
package struct ScoredWindow: Sendable {
    /// Words that were read together.
    package let words: Range<Int>
    /// Those of them that no other window speaks for.
    package let owned: Range<Int>
    /// The head's rows, row by row, kind by kind.
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

extension [ScoredWindow] {
    /// Rows of the words of a whole text, each from the window that owns the word, of a head that scores words.
    ///
    /// - Parameters:
    ///   - columns: Columns of the kind of scores that is wanted.
    ///   - before: Columns of the kinds before it.
    func rows(of columns: Int, behind before: Int = 0, words: Int) -> [Float] {
        var rows: [Float] = []
        rows.reserveCapacity(words * columns)
        for window in self {
            let start = window.words.count * before
            let first = start + (window.owned.lowerBound - window.words.lowerBound) * columns
            rows += window.scores[first..<first + window.owned.count * columns]
        }
        return rows
    }
}
