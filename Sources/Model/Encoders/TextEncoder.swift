import Glibc
package import Kernels

/// Word pieces to rows: a BERT-family transformer encoder (Devlin et al. 2019; MPNet: Song et al. 2020).
///
/// Post-norm layers: `x ← norm(x + attention(x))`, `x ← norm(x + feedForward(x))`.
package struct TextEncoder: Sendable {
    /// One transformer layer.
    struct Layer: Sendable {
        let queryKeyValue: Linear
        let attended: Linear
        let attentionNorm: LayerNorm
        let widen: Linear
        let narrow: Linear
        let outputNorm: LayerNorm
    }

    /// The shape that this encoder was declared with.
    package let configuration: TextEncoderConfiguration
    let pieces: Parameter
    let positions: Parameter
    let segments: Parameter?
    let norm: LayerNorm
    let layers: [Layer]
    let distances: Parameter?

    /// Declares the encoder's parameters under Hugging Face's names.
    package init(_ configuration: TextEncoderConfiguration, in layout: inout ParameterLayout) {
        self.configuration = configuration
        let width = configuration.width
        let epsilon = configuration.epsilon
        (pieces, positions, segments, norm) = layout.at("embeddings") { layout in
            let pieces = layout.table("word_embeddings", rows: configuration.vocabularySize, width: width)
            let positions = layout.table("position_embeddings", rows: configuration.positions, width: width)
            let segments =
                configuration.family == .bert
                ? layout.table("token_type_embeddings", rows: configuration.segments ?? 2, width: width) : nil
            return (pieces, positions, segments, layout.layerNorm("LayerNorm", width: width, epsilon: epsilon))
        }
        (layers, distances) = layout.at("encoder") { layout in
            let layers = (0..<configuration.layers).map { index in
                layout.at("layer.\(index)") { Self.layer(configuration, in: &$0) }
            }
            let distances =
                configuration.family == .mpnet
                ? layout.table(
                    "relative_attention_bias", rows: configuration.distanceBuckets ?? 32, width: configuration.heads)
                : nil
            return (layers, distances)
        }
    }

    private static func layer(_ configuration: TextEncoderConfiguration, in layout: inout ParameterLayout) -> Layer {
        let width = configuration.width
        let inner = configuration.innerWidth
        let epsilon = configuration.epsilon
        let packed: Linear
        let attended: Linear
        let attentionNorm: LayerNorm
        switch configuration.family {
        case .bert:
            packed = layout.at("attention.self") {
                $0.linear("query", "key", "value", inputs: width, outputs: 3 * width)
            }
            attended = layout.linear("attention.output.dense", inputs: width, outputs: width)
            attentionNorm = layout.layerNorm("attention.output.LayerNorm", width: width, epsilon: epsilon)
        case .mpnet:
            packed = layout.at("attention.attn") { $0.linear("q", "k", "v", inputs: width, outputs: 3 * width) }
            attended = layout.linear("attention.attn.o", inputs: width, outputs: width)
            attentionNorm = layout.layerNorm("attention.LayerNorm", width: width, epsilon: epsilon)
        }
        return Layer(
            queryKeyValue: packed, attended: attended, attentionNorm: attentionNorm,
            widen: layout.linear("intermediate.dense", inputs: width, outputs: inner),
            narrow: layout.linear("output.dense", inputs: inner, outputs: width),
            outputNorm: layout.layerNorm("output.LayerNorm", width: width, epsilon: epsilon))
    }

    /// Encodes sequences that lie one after the other, without padding: `pieces.count × width`.
    ///
    /// - Parameters:
    ///   - ids: Word pieces of all sequences, special tokens included.
    ///   - lengths: How many pieces each sequence has; each at most ``TextEncoderConfiguration/maximumLength``.
    ///   - extra: Added to the embeddings before they are normalised (word shapes), same shape as the result.
    ///   - prefix: What layers see before their own rows; for encoders without relative positions.
    ///   - dropout: Rate of dropout in training.
    package func encode<C: Computation>(
        _ ids: [Int32], lengths: [Int], adding extra: C.Value? = nil, prefix: EncoderPrefix<C.Value>? = nil,
        dropout: Float = 0, on computation: C
    ) throws(ShapeError) -> C.Value {
        let longest = lengths.max() ?? 0
        guard longest <= configuration.maximumLength else {
            throw ShapeError(
                "text encoder", expected: "at most \(configuration.maximumLength) pieces", got: "\(longest)")
        }
        let places = lengths.flatMap { length in
            (0..<length).map { Int32($0 + configuration.firstPosition) }
        }
        // Before the rows, which then stay on top of the workspace and are replaced layer by layer.
        let bias = try distances.map { table throws(ShapeError) in
            try computation.gather(table, distanceBuckets(longest: longest))
        }
        var x = try computation.block(replacing: nil) { () throws(ShapeError) in
            var sum = try computation.add(
                computation.gather(pieces, ids), computation.gather(positions, places))
            if let segments {
                sum = try computation.add(
                    sum, computation.gather(segments, [Int32](repeating: 0, count: ids.count)))
            }
            if let extra { sum = try computation.add(sum, extra) }
            return try computation.dropout(computation.normalize(sum, norm), rate: dropout)
        }
        for (index, layer) in layers.enumerated() {
            let input = x
            let sight = Sight(
                lengths: lengths, bias: bias, before: prefix?.layers[index], beforeCounts: prefix?.counts ?? [])
            x = try computation.block(replacing: input) { () throws(ShapeError) in
                try run(layer, input, sight, dropout, on: computation)
            }
        }
        return x
    }

    /// What the rows of a layer see of each other, and before themselves.
    private struct Sight<Value> {
        let lengths: [Int]
        let bias: Value?
        /// Keys and values before those of the sequences; `nil` for none.
        let before: Value?
        /// Rows of it for each sequence.
        let beforeCounts: [Int]
    }

    private func run<C: Computation>(
        _ layer: Layer, _ x: C.Value, _ sight: Sight<C.Value>, _ dropout: Float, on computation: C
    ) throws(ShapeError) -> C.Value {
        let packed = try computation.linear(x, layer.queryKeyValue, .identity)
        let mixed = try attend(packed, sight, on: computation)
        let attended = try computation.dropout(computation.linear(mixed, layer.attended, .identity), rate: dropout)
        let middle = try computation.normalize(computation.add(x, attended), layer.attentionNorm)
        let wide = try computation.linear(middle, layer.widen, .gelu)
        let narrow = try computation.dropout(computation.linear(wide, layer.narrow, .identity), rate: dropout)
        return try computation.normalize(computation.add(middle, narrow), layer.outputNorm)
    }

    private func attend<C: Computation>(
        _ packed: C.Value, _ sight: Sight<C.Value>, on computation: C
    ) throws(ShapeError) -> C.Value {
        if let before = sight.before {
            return try attend(packed, behind: before, sight.beforeCounts, sight.lengths, on: computation)
        }
        return try computation.selfAttention(
            packed, heads: configuration.heads, lengths: sight.lengths, relativeBias: sight.bias)
    }

    /// Attention of each sequence to rows before it, and to itself.
    private func attend<C: Computation>(
        _ packed: C.Value, behind before: C.Value, _ counts: [Int], _ lengths: [Int], on computation: C
    ) throws(ShapeError) -> C.Value {
        let width = configuration.width
        let queries = try computation.columns(packed, 0..<width)
        let own = try computation.columns(packed, width..<3 * width)
        let both = try computation.concatenateRows([before, own])
        let keysValues = try computation.gather(both, Self.order(counts, lengths))
        return try computation.crossAttention(
            queries, keysValues, heads: configuration.heads, queryLengths: lengths,
            keyLengths: zip(counts, lengths).map { $0 + $1 })
    }

    /// Where the rows of each sequence are, those before it first, of all rows of the first kind and then all of the second.
    private static func order(_ counts: [Int], _ lengths: [Int]) -> [Int32] {
        let before = counts.reduce(0, +)
        return zip(counts.ranges, lengths.ranges).flatMap { first, rows in
            first.map(Int32.init) + rows.map { Int32($0 + before) }
        }
    }

    /// Bucket of each distance `key − query` from `−(longest − 1)` to `longest − 1`: half of the buckets for either
    /// direction, the first half of those exact, the rest logarithmic up to 128 (T5's rule, Raffel et al. 2020).
    func distanceBuckets(longest: Int) -> [Int32] {
        guard longest > 0 else { return [] }
        let half = (configuration.distanceBuckets ?? 32) / 2
        let exact = half / 2
        return ((1 - longest)...(longest - 1)).map { distance in
            let direction = distance > 0 ? half : 0
            let size = abs(distance)
            guard size >= exact else { return Int32(direction + size) }
            let scaled = log(Float(size) / Float(exact)) / log(128 / Float(exact)) * Float(half - exact)
            return Int32(direction + min(exact + Int(scaled), half - 1))
        }
    }
}
