package import Kernels

/// What is shown as rows that the upper layers of the text encoder see before the words' own (HVPNeT, Chen et al. 2022).
///
/// For each of these layers, a few learned queries gather what they want of patches and words of the alternative text; a
/// gate, learned for the layer and worked out for the post, scales what they found, and a map without a bias makes keys and
/// values of it. HVPNeT's gate mixes the levels of a convolutional pyramid; a patch encoder has one, so the queries of each
/// layer choose for themselves, and its gate decides how much. Texts whose posts show nothing are read as they are.
package struct VisualPrefix: FusionPart {
    /// Widths.
    package struct Configuration: FusionConfiguration {
        /// Columns in which queries gather evidence.
        package var width = 128
        /// Attention heads; divides `width`.
        package var heads = 4
        /// Rows of the prefix, in each layer.
        package var tokens = 4
        /// Upper layers that see one, or all where there are fewer.
        package var layers = 3

        /// The defaults.
        package init() {}

        /// Widths by their numbers.
        package init(width: Int, heads: Int, tokens: Int, layers: Int) {
            self.width = width
            self.heads = heads
            self.tokens = tokens
            self.layers = layers
        }

        package func validate(_ shapes: ModelShapes) throws(ModelError) {
            try ModelError.requireFusion(width: width, heads: heads)
            try ModelError.require(
                "fusion", [("tokens", tokens, SizeLimits.prefixTokens), ("layers", layers, SizeLimits.layers)])
            guard shapes.text.family == .bert else {
                throw ModelError(.invalid, "fusion: a prefix has no place among the relative positions of mpnet")
            }
        }
    }

    /// Of one layer of the encoder.
    private struct Layer: Sendable {
        let gate: Linear
        let keyValue: Linear
    }

    private let configuration: Configuration
    private let encoderLayers: Int
    private let shown: ShownRows
    private let evidenceNorm: LayerNorm
    /// `layers · tokens × width`.
    private let queries: Parameter
    private let keyValue: Linear
    private let layers: [Layer]

    private static let epsilon: Float = 1e-6

    /// Declares the part (`fusion`) for the encoders' shapes.
    package init(_ configuration: Configuration, _ shapes: ModelShapes, in layout: inout ParameterLayout) {
        self.configuration = configuration
        encoderLayers = shapes.text.layers
        let (width, count) = (configuration.width, min(configuration.layers, shapes.text.layers))
        (shown, evidenceNorm, queries, keyValue, layers) = layout.at("fusion") { layout in
            (
                ShownRows(shapes, width: width, in: &layout),
                layout.layerNorm("evidence_norm", width: width, epsilon: Self.epsilon),
                layout.table("queries", rows: count * configuration.tokens, width: width),
                layout.linear("key", "value", inputs: width, outputs: 2 * width),
                (0..<count).map { index in
                    layout.at("layer.\(index)") { layout in
                        Layer(
                            gate: layout.linear("gate", inputs: width, outputs: 1),
                            keyValue: layout.linear(
                                "prefix", inputs: width, outputs: 2 * shapes.text.width, bias: false))
                    }
                }
            )
        }
    }

    /// Words read again behind what is shown; see ``Fusion``.
    package func fuse<C: Computation>(
        _ words: WordsToFuse<C>, evidence: ShownEvidence<C.Value>, dropout: Float, on computation: C,
        note: (FusionNote, C.Value) -> Void
    ) throws(ShapeError) -> C.Value {
        guard let (rows, counts) = try shown.rows(evidence, dropout: dropout, on: computation) else {
            return words.rows
        }
        let (tokens, each) = (configuration.tokens, layers.count * configuration.tokens)
        let posts = counts.count { $0 > 0 }
        let asked = try computation.gather(queries, (0..<posts).flatMap { _ in (0..<each).map(Int32.init) })
        let offered = try computation.linear(computation.normalize(rows, evidenceNorm), keyValue, .identity)
        let found = try computation.crossAttention(
            asked, offered, heads: configuration.heads, queryLengths: counts.map { $0 > 0 ? each : 0 },
            keyLengths: counts)
        var prefixes = [C.Value?](repeating: nil, count: encoderLayers - layers.count)
        var gates: [C.Value] = []
        for (index, layer) in layers.enumerated() {
            let starts = (0..<posts).map { $0 * each + index * tokens }
            let own = try computation.gather(found, starts.flatMap { ($0..<$0 + tokens).map(Int32.init) })
            let mean = try computation.mean(found, over: starts.map { $0..<$0 + tokens })
            let open = try computation.linear(mean, layer.gate, .sigmoid)
            gates.append(open)
            let scaled = try computation.scaleRows(
                own, by: computation.gather(open, (0..<posts).flatMap { [Int32](repeating: Int32($0), count: tokens) }))
            prefixes.append(
                try computation.linear(computation.dropout(scaled, rate: dropout), layer.keyValue, .identity))
        }
        try noteGates(gates, counts, words, on: computation, note)
        return try words.reread(EncoderPrefix(layers: prefixes, counts: counts.map { $0 > 0 ? tokens : 0 }))
    }

    /// Notes the gates of its post for each word, a column a layer; zeros for words of posts that show nothing.
    private func noteGates<C: Computation>(
        _ gates: [C.Value], _ counts: [Int], _ words: WordsToFuse<C>, on computation: C,
        _ note: (FusionNote, C.Value) -> Void
    ) throws(ShapeError) {
        let closed = [Float](repeating: 0, count: gates.count)
        let all = try computation.concatenateRows([
            computation.constant(rows: 1, columns: gates.count, closed.span), computation.concatenateColumns(gates),
        ])
        var row: Int32 = 0
        let rows = counts.map { count -> Int32 in
            row += count > 0 ? 1 : 0
            return count > 0 ? row : 0
        }
        note(.gate, try computation.gather(all, words.sequences.map { rows[Int($0)] }))
    }
}
