package import Text

/// Sequences of pieces, one after the other, and where each word's pieces lie.
package struct PieceBatch: Sendable {
    /// Pieces of all sequences, special tokens included.
    package var ids: [Int32] = []
    /// Pieces in each sequence.
    package var lengths: [Int] = []
    /// The shape of the word that each piece belongs to; 0 for special tokens.
    package var shapes: [Int32] = []
    /// Rows of each word's pieces, over all sequences in order; empty for a word without pieces.
    package var words: [Range<Int>] = []
    /// For each word the rows of the same word where the context behind its sequence first has it; empty for none.
    package var matches: [Range<Int>] = []

    /// No sequence.
    package init() {}

    /// Adds the words of one sequence between the pieces that open and close it.
    package mutating func append(
        _ words: [Word], _ pieces: PiecedText, _ range: Range<Int>, cls: Int32, sep: Int32
    ) {
        let first = ids.count
        ids.append(cls)
        shapes.append(0)
        for word in range {
            let own = pieces.ranges[word]
            self.words.append(ids.count..<ids.count + own.count)
            matches.append(0..<0)
            ids += pieces.ids[own]
            let shape = Int32(WordShape.of(words[word].text).rawValue) + 1
            shapes += repeatElement(shape, count: own.count)
        }
        ids.append(sep)
        shapes.append(0)
        lengths.append(ids.count - first)
    }
}
