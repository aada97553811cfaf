package import Text

/// Shape of a BERT-family text encoder, in the words of a Hugging Face `config.json`.
package struct TextEncoderConfiguration: Codable, Sendable, Equatable {
    /// Families that differ in tensor names and in how they tell positions apart.
    package enum Family: String, Codable, Sendable {
        /// Absolute positions (Devlin et al. 2019).
        case bert
        /// Absolute positions from 2 on, and a learned bias by distance (Song et al. 2020).
        case mpnet
    }

    /// `model_type`.
    package var family: Family
    /// Columns of a token's row.
    package var width: Int
    /// Transformer layers.
    package var layers: Int
    /// Attention heads; divides `width`.
    package var heads: Int
    /// Columns between the two products of a feed-forward block.
    package var innerWidth: Int
    /// Rows of the word-piece table.
    package var vocabularySize: Int
    /// Rows of the position table.
    package var positions: Int
    /// Rows of the segment table; BERT only.
    package var segments: Int?
    /// Added to the variance in layer normalisation.
    package var epsilon: Float
    /// Rows of the table of distances; MPNet only.
    package var distanceBuckets: Int?

    enum CodingKeys: String, CodingKey {
        case family = "model_type"
        case width = "hidden_size"
        case layers = "num_hidden_layers"
        case heads = "num_attention_heads"
        case innerWidth = "intermediate_size"
        case vocabularySize = "vocab_size"
        case positions = "max_position_embeddings"
        case segments = "type_vocab_size"
        case epsilon = "layer_norm_eps"
        case distanceBuckets = "relative_attention_num_buckets"
    }

    /// A text encoder's shape.
    package init(
        family: Family, width: Int, layers: Int, heads: Int, innerWidth: Int, vocabularySize: Int, positions: Int,
        segments: Int? = nil, epsilon: Float = 1e-12, distanceBuckets: Int? = nil
    ) {
        self.family = family
        self.width = width
        self.layers = layers
        self.heads = heads
        self.innerWidth = innerWidth
        self.vocabularySize = vocabularySize
        self.positions = positions
        self.segments = segments
        self.epsilon = epsilon
        self.distanceBuckets = distanceBuckets
    }

    /// Index of the first position: MPNet keeps the table's first two rows for padding.
    var firstPosition: Int { family == .mpnet ? 2 : 0 }

    /// Most pieces that one sequence may have, special tokens counted.
    package var maximumLength: Int { positions - firstPosition }

    /// Says why an encoder cannot serve a tagger: it has no room for the longest word between the two special pieces, no
    /// row for some pieces of the vocabulary, or so many rows more that the file has been cut.
    package func requireRoom(for vocabulary: Vocabulary) throws(ModelError) {
        // Tables are filled up to multiples of at most 128 rows.
        let most = (vocabulary.count + 127) / 128 * 128
        guard (vocabulary.count...most).contains(vocabularySize) else {
            throw ModelError(.invalid, "vocab.txt has \(vocabulary.count) pieces, the encoder \(vocabularySize)")
        }
        guard maximumLength >= WordPiece.mostOfWord + 2 else {
            throw ModelError(
                .invalid, "text encoder: \(maximumLength) positions, fewer than \(WordPiece.mostOfWord + 2)")
        }
    }

    /// Says what is wrong with a shape that no encoder can have.
    func validate() throws(ModelError) {
        let part = "text encoder"
        let width: ModelError.NamedSize = ("hidden_size", width, SizeLimits.width)
        let heads: ModelError.NamedSize = ("num_attention_heads", heads, SizeLimits.heads)
        try ModelError.require(
            part,
            [
                width, heads, ("num_hidden_layers", layers, SizeLimits.layers),
                ("intermediate_size", innerWidth, SizeLimits.innerWidth),
                ("vocab_size", vocabularySize, SizeLimits.vocabulary),
                ("max_position_embeddings", positions, SizeLimits.positions),
                ("type_vocab_size", segments ?? 1, SizeLimits.segments),
                ("relative_attention_num_buckets", distanceBuckets ?? 32, SizeLimits.distanceBuckets),
            ])
        guard maximumLength > 0 else {
            throw ModelError(.invalid, "\(part): no position that a piece could have")
        }
        try ModelError.requireEven(part, width: width, heads: heads)
        try ModelError.require(part, epsilon: epsilon)
    }
}
