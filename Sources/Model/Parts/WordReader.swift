package import Kernels
import Text

/// Reads texts word by word: text encoder, word shapes, one row a word.
///
/// The vocabulary is uncased, so case comes back by a learned row for each word's shape, added to its pieces.
///
/// Where knowledge behind a post names a word of it too, the row of the word there is mapped and added to the word's own
/// (a copy path from context to post, as in pointer networks, Vinyals et al. 2015, with the pointer given by exact
/// match): what is said of “Ted Cruz (politician)” need not be carried over by attention first.
package struct WordReader: Sendable {
    /// Pooling and shapes.
    package let configuration: WordConfiguration
    /// The encoder underneath.
    package let encoder: TextEncoder
    let shapes: Parameter?
    /// From a word's row in knowledge to what is added to its row in the post; no bias, so that without a match there
    /// is nothing.
    let matches: Linear?

    /// Columns of a word's row.
    package var width: Int { encoder.configuration.width }

    /// Declares the encoder (`text`), and shapes and matches (`tagger`).
    package init(
        _ configuration: WordConfiguration, encoder: TextEncoderConfiguration, in layout: inout ParameterLayout
    ) {
        self.configuration = configuration
        let width = encoder.width
        self.encoder = layout.at("text") { TextEncoder(encoder, in: &$0) }
        (shapes, matches) = layout.at("tagger") { layout in
            (
                configuration.shapes > 0
                    ? layout.table("shapes", rows: configuration.shapes, width: width, .zeros) : nil,
                configuration.knowledgeMatches == true
                    ? layout.linear("matches", inputs: width, outputs: width, bias: false) : nil
            )
        }
    }

    /// One row a word: `batch.words.count × width`; the encoder's layers may see a prefix before each sequence.
    package func states<C: Computation>(
        _ batch: PieceBatch, prefix: EncoderPrefix<C.Value>? = nil, dropout: Float = 0, on computation: C
    ) throws(ShapeError) -> C.Value {
        let pieces = try pieceStates(batch, prefix: prefix, dropout: dropout, on: computation)
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
        _ batch: PieceBatch, prefix: EncoderPrefix<C.Value>? = nil, dropout: Float = 0, on computation: C
    ) throws(ShapeError) -> C.Value {
        let extra = try shapes.map { table throws(ShapeError) in try computation.gather(table, batch.shapes) }
        return try encoder.encode(
            batch.ids, lengths: batch.lengths, adding: extra, prefix: prefix, dropout: dropout, on: computation)
    }
}

/// How word pieces become rows of words.
package struct WordConfiguration: Codable, Sendable, Equatable {
    /// Which of a word's pieces speaks for it.
    package enum Pooling: String, Codable, Sendable, CaseIterable {
        case first
        case mean
    }

    /// How pieces become words.
    package var pooling: Pooling
    /// Rows of the word-shape table; 0 for none.
    package var shapes: Int
    /// Most pieces of a post together with what is known about it, as in training; `nil` where the tagger learned
    /// without such knowledge, and does not read it.
    package var knowledgePieces: Int?
    /// Whether a word gets what knowledge says where it names the word too; `nil`: no.
    package var knowledgeMatches: Bool?

    /// A new tagger: a row for each word shape, and matches where it reads knowledge.
    package init(pooling: Pooling = .mean, readingPieces knowledgePieces: Int? = nil) {
        self.init(
            pooling: pooling, shapes: WordShape.allCases.count + 1, knowledgePieces: knowledgePieces,
            knowledgeMatches: knowledgePieces.map { _ in true })
    }

    /// A tagger's shape.
    package init(
        pooling: Pooling = .mean, shapes: Int, knowledgePieces: Int? = nil, knowledgeMatches: Bool? = nil
    ) {
        self.pooling = pooling
        self.shapes = shapes
        self.knowledgePieces = knowledgePieces
        self.knowledgeMatches = knowledgeMatches
    }

    /// Throws where numbers make no sense beside an encoder of this shape.
    func validate(_ text: TextEncoderConfiguration) throws(ModelError) {
        try ModelError.require(
            "words",
            [
                ("shapes", shapes, SizeLimits.wordShapes),
                ("knowledgePieces", knowledgePieces ?? 1, 1...text.maximumLength),
            ])
    }
}
