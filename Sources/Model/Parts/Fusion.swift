package import Kernels

/// Lets words know of what a post shows before they are tagged: rows of words in, rows of words out.
///
/// What there is to know of is patches, words of the alternative text, both or neither, so that one model answers posts
/// with and without them.
package protocol Fusion: Sendable {
    /// Fuses.
    ///
    /// - Parameters:
    ///   - words: One row a word, sequence by sequence.
    ///   - evidence: What each sequence's post shows.
    ///   - dropout: Rate of dropout in training.
    ///   - note: Called with what objectives learn from, and with what somebody may want to look at; see ``FusionNote``.
    /// - Returns: a row for each word, in the same order.
    func fuse<C: Computation>(
        _ words: WordsToFuse<C>, evidence: ShownEvidence<C.Value>, dropout: Float, on computation: C,
        note: (FusionNote, C.Value) -> Void
    ) throws(ShapeError) -> C.Value
}

extension Fusion {
    /// Fuses, for who needs nothing but the words.
    package func fuse<C: Computation>(
        _ words: WordsToFuse<C>, evidence: ShownEvidence<C.Value>, dropout: Float = 0, on computation: C
    ) throws(ShapeError) -> C.Value {
        try fuse(words, evidence: evidence, dropout: dropout, on: computation) { _, _ in }
    }
}

/// A fusion that a method can be made of: declared for a shape of its own.
package protocol FusionPart: Fusion {
    /// Widths and the like, as `config.json` has them.
    associatedtype Configuration: FusionConfiguration

    /// Declares the part (`fusion`) for the encoders' shapes.
    init(_ configuration: Configuration, _ shapes: ModelShapes, in layout: inout ParameterLayout)
}

/// The shape of a fusion.
package protocol FusionConfiguration: Codable, Sendable, Equatable {
    /// The defaults.
    init()
    /// Throws where numbers make no sense, or do not fit the encoders.
    func validate(_ shapes: ModelShapes) throws(ModelError)
}

/// A fusion that tells texts with their own evidence from texts with another post's.
package protocol EvidenceMatching: Fusion {
    /// How well texts and evidence go together, by their summaries, row by row, as logits: `rows × 1`.
    func matching<C: Computation>(_ text: C.Value, _ shown: C.Value, on computation: C) throws(ShapeError) -> C.Value
}

/// Words that a fusion gets.
package struct WordsToFuse<C: Computation> {
    /// One row a word, sequence by sequence, as they are read from the text alone.
    package let rows: C.Value
    /// Words of each sequence.
    package let lengths: [Int]
    /// Reads the texts again, with what the encoder's layers see before their own rows. What came out of the text alone
    /// stays as it is: mentions are grounded by it.
    package let reread: (EncoderPrefix<C.Value>) throws(ShapeError) -> C.Value

    /// Words by their rows, and the way back to their texts.
    package init(
        _ rows: C.Value, lengths: [Int], reread: @escaping (EncoderPrefix<C.Value>) throws(ShapeError) -> C.Value
    ) {
        self.rows = rows
        self.lengths = lengths
        self.reread = reread
    }
}

extension WordsToFuse {
    /// 1 for words of posts that show something, 0 for the others: `words × 1`.
    func mask(_ shown: [Int], on computation: C) throws(ShapeError) -> C.Value {
        let mask = zip(lengths, shown).flatMap { [Float](repeating: $1 > 0 ? 1 : 0, count: $0) }
        return try computation.constant(rows: mask.count, columns: 1, mask.span)
    }

    /// The number of its sequence for each word.
    var sequences: [Int32] {
        lengths.enumerated().flatMap { [Int32](repeating: Int32($0), count: $1) }
    }

    /// Where the words of each sequence lie.
    var ranges: [Range<Int>] { lengths.ranges }
}

/// What a fusion makes on the way.
package enum FusionNote: Hashable, Sendable {
    /// How far words let in what is shown, 0 to 1: a row a word. Not noted where no post of the batch shows anything.
    case gate
    /// What a text says, and what its post shows, in one space: a row a sequence; zeros where there is nothing.
    case textSummary, shownSummary
    /// How well text and evidence go together, as logits: a row a sequence.
    case matching
    /// Cosines of words and what is added to them: a row a word.
    case redundancy
    /// Normal distributions that words and evidence pass as, by their means and the logarithms of their variances: a row a
    /// word, a row for each patch or word shown.
    case textMean, textLogVariance, shownMean, shownLogVariance
}

/// What the posts of a batch of sequences show, encoded.
package struct ShownEvidence<Value> {
    /// Tokens of the pictures as the patch encoder made them, picture by picture; `nil` where no post has one.
    package var tokens: Value?
    /// Tokens of each sequence's picture; 0 for none.
    package var tokenCounts: [Int]
    /// Words of the alternative texts, one row a word, sequence by sequence; `nil` where no post has one.
    package var alt: Value?
    /// Words of each sequence's alternative text.
    package var altCounts: [Int]

    /// Evidence by its parts.
    package init(tokens: Value?, tokenCounts: [Int], alt: Value?, altCounts: [Int]) {
        self.tokens = tokens
        self.tokenCounts = tokenCounts
        self.alt = alt
        self.altCounts = altCounts
    }

    /// Nothing, for so many sequences.
    package static func nothing(_ sequences: Int) -> Self {
        let none = [Int](repeating: 0, count: sequences)
        return Self(tokens: nil, tokenCounts: none, alt: nil, altCounts: none)
    }

    /// Whether each sequence's post shows anything.
    package var isShown: [Bool] { zip(tokenCounts, altCounts).map { $0 + $1 > 0 } }
}
