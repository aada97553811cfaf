package import Kernels
package import Text

/// Finds mentions as a set: a fixed number of queries, each of which is one mention or none (MQSPN, AAAI 2025).
///
/// A query is a row of its own and the row of a type (multi-grained queries). Queries look at the words of the text and at
/// what its post shows, layer by layer; not at each other, and words do not look at them. What a query `q` is about is
/// gathered by similarity, `a(q) = tanh(q W₁ + ½ Σⱼ αⱼ hⱼ + ½ Σⱼ βⱼ vⱼ) W₂ + b`, with the softmax `α` of its products with the
/// words `h`, and `β` with the evidence `v` (similarity-aware aggregator). Of it follow, for each word, whether a mention
/// begins and whether one ends there, `σ(w · relu(Q a + T hⱼ))`, and of words at these places the type, or none. `h`, `v` and
/// `q` are normalised and their products divided by `√width`, which the paper does not: patches are long rows, and the
/// largest of them would be all that a query is about.
///
/// Regions are found as for every other head, by what grounds mentions. The paper has as many layers for pictures, which see
/// words as a prefix; here one layer looks at both.
package struct QuerySetHead: HeadPart {
    /// The head's shape.
    package struct Configuration: HeadConfiguration {
        /// Columns of a query.
        package var width = 128
        /// Attention heads; divides `width`.
        package var heads = 4
        /// Layers in which queries look.
        package var layers = 2
        /// Queries: no text gets more mentions in one window.
        package var queries = 24

        /// The defaults.
        package init() {}

        /// A shape by its numbers.
        package init(width: Int, heads: Int, layers: Int, queries: Int) {
            self.width = width
            self.heads = heads
            self.layers = layers
            self.queries = queries
        }

        package func validate() throws(ModelError) {
            let width: ModelError.NamedSize = ("width", width, SizeLimits.fusionWidth)
            let heads: ModelError.NamedSize = ("heads", heads, SizeLimits.partHeads)
            try ModelError.require(
                "head",
                [
                    width, heads, ("layers", layers, SizeLimits.groundingLayers),
                    ("queries", queries, SizeLimits.queries),
                ])
            try ModelError.requireEven("head", width: width, heads: heads)
        }
    }

    /// The head's shape.
    package let configuration: Configuration
    /// Types, in order; column 0 of their scores is "no mention".
    package let inventory: TypeInventory
    /// A row for each type, as wide as the text encoder's: what a query of that type is to begin with.
    package let types: Parameter
    private let queries: Parameter
    private let type: Linear
    private let word: Linear
    private let wordNorm: LayerNorm
    private let shown: ShownRows
    private let shownNorm: LayerNorm
    private let layers: [TransformerLayer]
    private let outputs: QueryOutputs

    /// Declares the head (`set`).
    package init(_ configuration: Configuration, _ shapes: ModelShapes, in layout: inout ParameterLayout) {
        self.configuration = configuration
        inventory = shapes.tags.inventory
        let (textWidth, width, count) = (shapes.text.width, configuration.width, inventory.count)
        (types, queries, type, word) = layout.at("set") { layout in
            (
                layout.table("types", rows: count, width: textWidth),
                layout.table("queries", rows: configuration.queries, width: width, .normal(deviation: 1)),
                layout.linear("type_map", inputs: textWidth, outputs: width, bias: false),
                layout.linear("word", inputs: textWidth, outputs: width)
            )
        }
        (wordNorm, shown, shownNorm, layers, outputs) = layout.at("set") { layout in
            (
                layout.layerNorm("word_norm", width: width, epsilon: 1e-6),
                ShownRows(shapes, width: width, in: &layout),
                layout.layerNorm("evidence_norm", width: width, epsilon: 1e-6),
                (0..<configuration.layers).map { index in
                    layout.at("layer.\(index)") {
                        TransformerLayer(.others, width: width, heads: configuration.heads, in: &$0)
                    }
                },
                QueryOutputs(width: width, types: count, in: &layout)
            )
        }
    }

    /// Scores after the last layer; see ``passes(of:lengths:evidence:dropout:on:)``.
    package func score<C: Computation>(
        _ words: C.Value, lengths: [Int], evidence: ShownEvidence<C.Value>, dropout: Float, on computation: C
    ) throws(ShapeError) -> TagScores<C.Value> {
        let (seen, states) = try run(words, lengths, evidence, dropout, on: computation)
        return try outputs.score(states[states.count - 1], seen, on: computation)
    }

    /// Scores after each layer: of each query and word whether a mention begins and ends there, `pairs × 2`, query by query;
    /// beside them of each query no mention and every type, `queries × (1 + types)`.
    package func passes<C: Computation>(
        of words: C.Value, lengths: [Int], evidence: ShownEvidence<C.Value>, dropout: Float, on computation: C
    ) throws(ShapeError) -> [TagScores<C.Value>] {
        let (seen, states) = try run(words, lengths, evidence, dropout, on: computation)
        return try states.map { state throws(ShapeError) in try outputs.score(state, seen, on: computation) }
    }

    /// What queries look at, and their rows after each layer.
    private func run<C: Computation>(
        _ words: C.Value, _ lengths: [Int], _ evidence: ShownEvidence<C.Value>, _ dropout: Float, on computation: C
    ) throws(ShapeError) -> (seen: QueryOutputs.Seen<C.Value>, states: [C.Value]) {
        let said = try computation.normalize(
            computation.linear(computation.dropout(words, rate: dropout), word, .identity), wordNorm)
        let shown = try shown.rows(evidence, dropout: dropout, on: computation)
        let seen = QueryOutputs.Seen(
            queries: lengths.map { _ in configuration.queries }, words: said, lengths: lengths,
            shown: try shown.map { shown throws(ShapeError) in try computation.normalize(shown.rows, shownNorm) },
            counts: shown?.counts ?? lengths.map { _ in 0 })
        let all = try seen.together(on: computation)
        let numbers = lengths.flatMap { _ in (0..<configuration.queries).map { Int32($0) } }
        let ofTypes = try computation.linear(
            computation.gather(types, numbers.map { $0 % Int32(inventory.count) }), type, .identity)
        var state = try computation.add(computation.gather(queries, numbers), ofTypes)
        var states: [C.Value] = []
        for layer in layers {
            state = try layer.run(
                TransformerLayer.Rows(value: state, lengths: seen.queries), seeing: all, dropout: dropout,
                on: computation)
            states.append(state)
        }
        return (seen, states)
    }

    /// What makes mentions of these scores; it needs no numbers of its own.
    package func decoder(_ read: (Parameter) -> [Float]) throws(ShapeError) -> any MentionDecoder {
        QuerySetDecoder(queries: configuration.queries, types: inventory.count)
    }
}
