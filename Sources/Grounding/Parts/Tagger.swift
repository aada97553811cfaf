public import Kernels
public import Text

/// Tags words: text encoder, word shapes, one row a word, emissions, and a linear-chain CRF's scores
/// (Lafferty et al. 2001; the text side of BERT-CRF in Yu et al. 2023).
///
/// The vocabulary is uncased, so case comes back by a learned row for each word's shape, added to its pieces.
public struct Tagger: Sendable {
    /// Pooling and shapes.
    public let configuration: TaggerConfiguration
    /// The encoder underneath.
    public let encoder: TextEncoder
    let shapes: Parameter?
    /// Word rows to scores, one column a tag.
    public let emissions: Linear
    /// `tags × tags`, from row to column.
    public let transitions: Parameter
    /// `1 × tags`: score of starting with a tag.
    public let start: Parameter
    /// `1 × tags`: score of ending with a tag.
    public let end: Parameter

    /// Declares encoder (`text`) and head (`tagger`).
    public init(
        _ configuration: TaggerConfiguration, encoder: TextEncoderConfiguration, tags: Int,
        in layout: inout ParameterLayout
    ) {
        self.configuration = configuration
        let width = encoder.width
        self.encoder = layout.at("text") { TextEncoder(encoder, in: &$0) }
        (shapes, emissions, transitions, start, end) = layout.at("tagger") { layout in
            let shapes =
                configuration.shapes > 0
                ? layout.table("shapes", rows: configuration.shapes, width: width, .zeros) : nil
            return (
                shapes, layout.linear("emissions", inputs: width, outputs: tags),
                layout.parameter(["transitions"], rows: tags, columns: tags, .zeros, .vector),
                layout.parameter(["start"], rows: 1, columns: tags, .zeros, .vector),
                layout.parameter(["end"], rows: 1, columns: tags, .zeros, .vector)
            )
        }
    }

    /// One row a word: `batch.words.count × width`.
    public func states<C: Computation>(
        _ batch: PieceBatch, dropout: Float = 0, on computation: C
    ) throws(ShapeError) -> C.Value {
        let pieces = try pieceStates(batch, dropout: dropout, on: computation)
        switch configuration.pooling {
        case .first: return try computation.gather(pieces, batch.words.map { Int32($0.lowerBound) })
        case .mean: return try computation.mean(pieces, over: batch.words)
        }
    }

    /// One row a piece, special tokens included.
    public func pieceStates<C: Computation>(
        _ batch: PieceBatch, dropout: Float = 0, on computation: C
    ) throws(ShapeError) -> C.Value {
        let extra = try shapes.map { table throws(ShapeError) in try computation.gather(table, batch.shapes) }
        return try encoder.encode(
            batch.ids, lengths: batch.lengths, adding: extra, dropout: dropout, on: computation)
    }

    /// Scores of the tags of each word: `words × tags`.
    public func score<C: Computation>(
        _ states: C.Value, dropout: Float = 0, on computation: C
    ) throws(ShapeError) -> C.Value {
        try computation.linear(computation.dropout(states, rate: dropout), emissions, .identity)
    }
}

/// Sequences of pieces, one after the other, and where each word's pieces lie.
public struct PieceBatch: Sendable {
    /// Pieces of all sequences, special tokens included.
    public var ids: [Int32] = []
    /// Pieces in each sequence.
    public var lengths: [Int] = []
    /// The shape of the word that each piece belongs to; 0 for special tokens.
    public var shapes: [Int32] = []
    /// Rows of each word's pieces, over all sequences in order; empty for a word without pieces.
    public var words: [Range<Int>] = []

    /// No sequence.
    public init() {}

    /// Adds the words of one sequence between the pieces that open and close it.
    public mutating func append(
        _ words: [Word], _ pieces: PiecedText, _ range: Range<Int>, cls: Int32, sep: Int32
    ) {
        let first = ids.count
        ids.append(cls)
        shapes.append(0)
        for word in range {
            let own = pieces.ranges[word]
            self.words.append(ids.count..<ids.count + own.count)
            ids += pieces.ids[own]
            let shape = Int32(WordShape.of(words[word].text).rawValue) + 1
            shapes += repeatElement(shape, count: own.count)
        }
        ids.append(sep)
        shapes.append(0)
        lengths.append(ids.count - first)
    }
}
