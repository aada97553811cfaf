package import Kernels

/// Lets words know of what a post shows before they are tagged: rows of words in, rows of words of the same shape out.
///
/// What there is to know of is patches, words of the alternative text, both or neither, so that one model answers posts
/// with and without them; where there is neither, the words come back as they are.
package protocol Fusion: Sendable {
    /// Fuses.
    ///
    /// - Parameters:
    ///   - words: One row a word, sequence by sequence.
    ///   - lengths: Words of each sequence.
    ///   - evidence: What each sequence's post shows.
    ///   - dropout: Rate of dropout in training.
    func fuse<C: Computation>(
        _ words: C.Value, lengths: [Int], evidence: ShownEvidence<C.Value>, dropout: Float, on computation: C
    ) throws(ShapeError) -> C.Value
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
}
