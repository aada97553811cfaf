package import Kernels

/// Lets each entity look for itself in what a post shows: patches of the picture, words of the alternative text, both
/// or neither (entity-guided attention as in Yu et al. 2023, with RiVEG's order: after tagging).
///
/// Pre-norm layers over the queries alone: `q ← q + attention(norm(q), evidence)`, `q ← q + feedForward(norm(q))`.
/// Evidence rows never change, so a post costs in proportion to entities × evidence. Every post has one row of evidence
/// that stands for nothing, so that an entity can look away.
package struct EvidenceReader: Sendable {
    struct Layer: Sendable {
        let queryNorm: LayerNorm
        let query: Linear
        let keyValue: Linear
        let attended: Linear
        let feedForward: FeedForward
    }

    /// `x ← x + narrow(gelu(widen(norm(x))))`, which ends layers of both kinds.
    struct FeedForward: Sendable {
        let norm: LayerNorm
        let widen: Linear
        let narrow: Linear

        init(width: Int, inner: Int, in layout: inout ParameterLayout) {
            norm = layout.layerNorm("output_norm", width: width, epsilon: EvidenceReader.epsilon)
            widen = layout.linear("widen", inputs: width, outputs: inner)
            narrow = layout.linear("narrow", inputs: inner, outputs: width)
        }

        func run<C: Computation>(_ x: C.Value, dropout: Float, on computation: C) throws(ShapeError) -> C.Value {
            let wide = try computation.linear(computation.normalize(x, norm), widen, .gelu)
            return try computation.add(
                x, computation.dropout(computation.linear(wide, narrow, .identity), rate: dropout))
        }
    }

    /// Attention among the tokens of one picture, so that each patch knows of the whole of its object.
    struct PictureLayer: Sendable {
        let attentionNorm: LayerNorm
        let queryKeyValue: Linear
        let attended: Linear
        let feedForward: FeedForward
    }

    /// Widths and depth.
    package let configuration: EvidenceConfiguration
    /// Tokens of a picture.
    package let places: Int
    let query: Linear
    let types: Parameter
    let picture: Linear
    let position: Parameter
    let words: Linear
    let nothing: Parameter
    let pictureLayers: [PictureLayer]
    let evidenceNorm: LayerNorm
    let layers: [Layer]
    let norm: LayerNorm

    static let epsilon: Float = 1e-6

    /// Declares the reader for queries of `queryWidth` columns, `typeCount` entity types, and evidence rows as wide as
    /// the two encoders make them; each of a picture's `places` gets a learned position.
    package init(
        _ configuration: EvidenceConfiguration, queryWidth: Int, textWidth: Int, pictureWidth: Int, places: Int,
        typeCount: Int, in layout: inout ParameterLayout
    ) {
        self.configuration = configuration
        self.places = places
        let width = configuration.width
        query = layout.linear("query", inputs: queryWidth, outputs: width)
        types = layout.table("types", rows: typeCount, width: width)
        picture = layout.linear("picture", inputs: pictureWidth, outputs: width)
        position = layout.table("position", rows: places, width: width)
        words = layout.linear("words", inputs: textWidth, outputs: width)
        nothing = layout.table("nothing", rows: 1, width: width)
        pictureLayers = (0..<(configuration.pictureLayers ?? 0)).map { index in
            layout.at("picture_layer.\(index)") { layout in
                PictureLayer(
                    attentionNorm: layout.layerNorm("attention_norm", width: width, epsilon: Self.epsilon),
                    queryKeyValue: layout.linear("query", "key", "value", inputs: width, outputs: 3 * width),
                    attended: layout.linear("attended", inputs: width, outputs: width),
                    feedForward: FeedForward(width: width, inner: 2 * width, in: &layout))
            }
        }
        evidenceNorm = layout.layerNorm("evidence_norm", width: width, epsilon: Self.epsilon)
        layers = (0..<configuration.layers).map { index in
            layout.at("layer.\(index)") { layout in
                Layer(
                    queryNorm: layout.layerNorm("query_norm", width: width, epsilon: Self.epsilon),
                    query: layout.linear("query", inputs: width, outputs: width),
                    keyValue: layout.linear("key", "value", inputs: width, outputs: 2 * width),
                    attended: layout.linear("attended", inputs: width, outputs: width),
                    feedForward: FeedForward(width: width, inner: 4 * width, in: &layout))
            }
        }
        norm = layout.layerNorm("norm", width: width, epsilon: Self.epsilon)
    }

    /// Evidence rows of pictures' tokens (`pictures · places × pictureWidth`).
    package func see<C: Computation>(
        pictures tokens: C.Value, dropout: Float = 0, on computation: C
    ) throws(ShapeError) -> C.Value {
        let rows = (0..<tokens.rows).map { Int32($0 % places) }
        let seen = try computation.linear(computation.dropout(tokens, rate: dropout), picture, .identity)
        var x = try computation.add(seen, computation.gather(position, rows))
        let lengths = [Int](repeating: places, count: tokens.rows / places)
        for layer in pictureLayers {
            let packed = try computation.linear(
                computation.normalize(x, layer.attentionNorm), layer.queryKeyValue, .identity)
            let mixed = try computation.selfAttention(
                packed, heads: configuration.heads, lengths: lengths, relativeBias: nil)
            x = try computation.add(
                x, computation.dropout(computation.linear(mixed, layer.attended, .identity), rate: dropout))
            x = try layer.feedForward.run(x, dropout: dropout, on: computation)
        }
        return try computation.normalize(x, evidenceNorm)
    }

    /// Evidence rows of words (`words × textWidth`): of alternative texts, or means of whole texts.
    package func see<C: Computation>(
        words rows: C.Value, dropout: Float = 0, on computation: C
    ) throws(ShapeError) -> C.Value {
        let seen = try computation.linear(computation.dropout(rows, rate: dropout), words, .identity)
        return try computation.normalize(seen, evidenceNorm)
    }

    /// The rows of what every post shows, put together: nothing, then the picture, then the alternative text.
    func gather<C: Computation>(
        pictures: C.Value?, isPictured: [Bool], words: C.Value?, wordCounts: [Int], on computation: C
    ) throws(ShapeError) -> Rows<C.Value> {
        let sources = try [computation.gather(nothing, [0])] + [pictures, words].compactMap { $0 }
        var picture = 1
        var word = 1 + (pictures?.rows ?? 0)
        var indices: [Int32] = []
        var lengths: [Int] = []
        for (isPictured, count) in zip(isPictured, wordCounts) {
            let before = indices.count
            indices.append(0)
            if isPictured {
                indices += (picture..<picture + places).map(Int32.init)
                picture += places
            }
            indices += (word..<word + count).map(Int32.init)
            word += count
            lengths.append(indices.count - before)
        }
        return Rows(try computation.gather(computation.concatenateRows(sources), indices), lengths: lengths)
    }

    /// Rows of several posts, post by post.
    package struct Rows<Value> {
        /// All rows.
        package let rows: Value
        /// Rows of each post.
        package let lengths: [Int]

        /// Rows by post.
        package init(_ rows: Value, lengths: [Int]) {
            self.rows = rows
            self.lengths = lengths
        }
    }

    /// Reads the evidence for several posts: a row of `width` columns an entity.
    ///
    /// - Parameters:
    ///   - queries: One row an entity.
    ///   - kinds: Index of each entity's type.
    ///   - evidence: Each post's evidence.
    ///   - inspect: Called with queries, and keys and values, of each layer's attention.
    package func read<C: Computation>(
        _ queries: Rows<C.Value>, kinds: [Int32], evidence: Rows<C.Value>, dropout: Float = 0, on computation: C,
        inspect: (C.Value, C.Value) -> Void = { _, _ in }
    ) throws(ShapeError) -> C.Value {
        var x = try computation.add(
            computation.linear(computation.dropout(queries.rows, rate: dropout), query, .identity),
            computation.gather(types, kinds))
        for layer in layers {
            let asked = try computation.linear(computation.normalize(x, layer.queryNorm), layer.query, .identity)
            let offered = try computation.linear(evidence.rows, layer.keyValue, .identity)
            inspect(asked, offered)
            let looked = try computation.crossAttention(
                asked, offered, heads: configuration.heads, queryLengths: queries.lengths, keyLengths: evidence.lengths)
            x = try computation.add(
                x, computation.dropout(computation.linear(looked, layer.attended, .identity), rate: dropout))
            x = try layer.feedForward.run(x, dropout: dropout, on: computation)
        }
        return try computation.normalize(x, norm)
    }
}
