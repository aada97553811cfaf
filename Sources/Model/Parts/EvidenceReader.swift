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

        /// The slope by `x` of what has the slope `slope` by `run(x)`, without dropout.
        func backward<C: Computation>(
            _ slope: C.Value, _ x: C.Value, on computation: C
        ) throws(ShapeError) -> C.Value {
            let wide = try computation.linear(computation.normalize(x, norm), widen, .identity)
            let inner = try computation.applyBackward(computation.linearBackward(slope, narrow), .gelu, wide)
            return try computation.add(
                slope, computation.normalizeBackward(computation.linearBackward(inner, widen), x, norm))
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
    ///   - inspect: Called with what each layer did.
    package func read<C: Computation>(
        _ queries: Rows<C.Value>, kinds: [Int32], evidence: Rows<C.Value>, dropout: Float = 0, on computation: C,
        inspect: (Step<C.Value>) -> Void = { _ in }
    ) throws(ShapeError) -> C.Value {
        var x = try computation.add(
            computation.linear(computation.dropout(queries.rows, rate: dropout), query, .identity),
            computation.gather(types, kinds))
        for layer in layers {
            let input = x
            let asked = try computation.linear(computation.normalize(x, layer.queryNorm), layer.query, .identity)
            let offered = try computation.linear(evidence.rows, layer.keyValue, .identity)
            let looked = try computation.crossAttention(
                asked, offered, heads: configuration.heads, queryLengths: queries.lengths, keyLengths: evidence.lengths)
            let attended = try computation.add(
                x, computation.dropout(computation.linear(looked, layer.attended, .identity), rate: dropout))
            x = try layer.feedForward.run(attended, dropout: dropout, on: computation)
            inspect(Step(input: input, queries: asked, keysValues: offered, attended: attended, output: x))
        }
        return try computation.normalize(x, norm)
    }

    /// What one layer did to the rows of the queries.
    package struct Step<Value> {
        /// The rows that came in.
        let input: Value
        /// What was asked, a row a query.
        package let queries: Value
        /// What was offered, `[k | v]`, a row a piece of evidence.
        package let keysValues: Value
        /// The rows with what attention added.
        let attended: Value
        /// The rows that went out.
        let output: Value
    }

    /// The attention of one layer, and slopes by it of what has the slope `slope` by the states: backward through
    /// ``read(_:kinds:evidence:dropout:on:inspect:)``, without dropout.
    ///
    /// - Parameters:
    ///   - steps: What each layer did.
    ///   - target: Which layer, counted from 0.
    ///   - queries: Queries of each post.
    ///   - evidence: Rows of evidence of each post.
    func backward<C: Computation>(
        _ slope: C.Value, through steps: [Step<C.Value>], to target: Int, queries: [Int], evidence: [Int],
        on computation: C
    ) throws(ShapeError) -> AttentionSlopes {
        let shape = AttentionShape.crossed(
            heads: configuration.heads, headWidth: configuration.width / configuration.heads, queryLengths: queries,
            keyLengths: evidence)
        var slope = try computation.normalizeBackward(slope, steps[layers.count - 1].output, norm)
        for index in (target + 1..<layers.count).reversed() {
            let (layer, step) = (layers[index], steps[index])
            slope = try layer.feedForward.backward(slope, step.attended, on: computation)
            let asked = try attention(layer, step, slope, shape, on: computation).querySlopes()
            slope = try computation.add(
                slope,
                computation.normalizeBackward(
                    computation.linearBackward(
                        computation.constant(rows: slope.rows, columns: slope.columns, asked.span), layer.query),
                    step.input, layer.queryNorm))
        }
        slope = try layers[target].feedForward.backward(slope, steps[target].attended, on: computation)
        return try attention(layers[target], steps[target], slope, shape, on: computation)
    }

    /// One layer's attention, and slopes by it of what has the slope `slope` by the rows that it is added to.
    private func attention<C: Computation>(
        _ layer: Layer, _ step: Step<C.Value>, _ slope: C.Value, _ shape: AttentionShape, on computation: C
    ) throws(ShapeError) -> AttentionSlopes {
        try AttentionSlopes(
            queries: computation.array(step.queries), keysValues: computation.array(step.keysValues),
            outputSlopes: computation.array(computation.linearBackward(slope, layer.attended)), shape)
    }
}
