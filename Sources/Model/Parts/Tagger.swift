package import Kernels
package import Text

/// Tags words: text encoder, word shapes, one row a word, emissions, and a linear-chain CRF's scores
/// (Lafferty et al. 2001; the text side of BERT-CRF in Yu et al. 2023).
///
/// The vocabulary is uncased, so case comes back by a learned row for each word's shape, added to its pieces.
///
/// Where knowledge behind a post names a word of it too, the row of the word there is mapped and added to the word's own
/// (a copy path from context to post, as in pointer networks, Vinyals et al. 2015, with the pointer given by exact
/// match): what is said of “Ted Cruz (politician)” need not be carried over by attention first.
package struct Tagger: Sendable {
    /// Pooling and shapes.
    package let configuration: TaggerConfiguration
    /// The encoder underneath.
    package let encoder: TextEncoder
    let shapes: Parameter?
    /// From a word's row in knowledge to what is added to its row in the post; no bias, so that without a match there
    /// is nothing.
    let matches: Linear?
    /// Word rows to scores, one column a tag.
    package let emissions: Linear
    /// `tags × tags`, from row to column.
    package let transitions: Parameter
    /// `1 × tags`: score of starting with a tag.
    package let start: Parameter
    /// `1 × tags`: score of ending with a tag.
    package let end: Parameter

    /// Declares encoder (`text`) and head (`tagger`).
    package init(
        _ configuration: TaggerConfiguration, encoder: TextEncoderConfiguration, tags: Int,
        in layout: inout ParameterLayout
    ) {
        self.configuration = configuration
        let width = encoder.width
        self.encoder = layout.at("text") { TextEncoder(encoder, in: &$0) }
        (shapes, matches, emissions, transitions, start, end) = layout.at("tagger") { layout in
            let shapes =
                configuration.shapes > 0
                ? layout.table("shapes", rows: configuration.shapes, width: width, .zeros) : nil
            let matches =
                configuration.knowledgeMatches == true
                ? layout.linear("matches", inputs: width, outputs: width, bias: false) : nil
            return (
                shapes, matches, layout.linear("emissions", inputs: width, outputs: tags),
                layout.parameter(["transitions"], rows: tags, columns: tags, .zeros, .vector),
                layout.parameter(["start"], rows: 1, columns: tags, .zeros, .vector),
                layout.parameter(["end"], rows: 1, columns: tags, .zeros, .vector)
            )
        }
    }

    /// One row a word: `batch.words.count × width`.
    package func states<C: Computation>(
        _ batch: PieceBatch, dropout: Float = 0, on computation: C
    ) throws(ShapeError) -> C.Value {
        let pieces = try pieceStates(batch, dropout: dropout, on: computation)
        let words =
            switch configuration.pooling {
            case .first: try computation.gather(pieces, batch.words.map { Int32($0.lowerBound) })
            case .mean: try computation.mean(pieces, over: batch.words)
            }
        guard let matches else { return words }
        let matched = try computation.mean(pieces, over: batch.matches)
        return try computation.add(words, computation.linear(matched, matches, .identity))
    }

    /// One row a piece, special tokens included.
    package func pieceStates<C: Computation>(
        _ batch: PieceBatch, dropout: Float = 0, on computation: C
    ) throws(ShapeError) -> C.Value {
        let extra = try shapes.map { table throws(ShapeError) in try computation.gather(table, batch.shapes) }
        return try encoder.encode(
            batch.ids, lengths: batch.lengths, adding: extra, dropout: dropout, on: computation)
    }

    /// Scores of the tags of each word: `words × tags`.
    package func score<C: Computation>(
        _ states: C.Value, dropout: Float = 0, on computation: C
    ) throws(ShapeError) -> C.Value {
        try computation.linear(computation.dropout(states, rate: dropout), emissions, .identity)
    }
}

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
