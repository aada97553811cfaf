package import Kernels

/// Evidence by two similarities, and only what it adds (DSE-HOF, Pattern Recognition 2026; made again from its abstract).
///
/// Of words `t` and evidence `v`: each word takes shares of what is similar to it above a learned threshold
/// (``SimilarityFilter``), `cᵢ = Σⱼ αᵢⱼ vⱼ`, and the post's similarity scales them all, `c ← σ(a cos(P t̄, P v̄) + b) c`.
/// With the part of `c` that is parallel to its word, `p = (c·t/|t|²) t`, and the orthogonal one, `o = c − p`:
/// `h = t + λ ⊙ p + g ⊙ (O o)` with `g = σ(G [t; o])`. Neither adds anything where nothing is similar: such a word, and a post
/// that shows nothing, is tagged from the text alone. So there is no layer normalisation at the end.
package struct DualSimilarity: FusionPart {
    /// Widths.
    package struct Configuration: FusionConfiguration {
        /// Columns in which words and evidence are compared.
        package var width = 128
        /// Temperature of the shares: the lower, the more the most similar gets.
        package var temperature: Float = 0.1

        /// The defaults.
        package init() {}

        /// A shape by its numbers.
        package init(width: Int, temperature: Float) {
            self.width = width
            self.temperature = temperature
        }

        package func validate(_ shapes: ModelShapes) throws(ModelError) {
            try ModelError.require("fusion", [("width", width, SizeLimits.fusionWidth)])
            try ModelError.require("fusion", "temperature", temperature, 0.001...1000)
        }
    }

    private let temperature: Float
    private let shown: ShownRows
    private let evidenceNorm: LayerNorm
    private let word: Linear
    private let region: Linear
    /// Before it is bounded.
    private let threshold: Parameter
    private let post: Linear
    private let modality: Linear
    private let parallel: Parameter
    private let gate: Linear
    private let added: Linear

    private static let normEpsilon: Float = 1e-6
    /// The threshold is below this.
    private static let highestThreshold: Float = 0.5
    /// How soon the shares of a word fade as its last similarity nears the threshold. Much smaller, and they would jump there.
    private static let fading: Float = 0.1

    /// Declares the part (`fusion`) for the encoders' shapes.
    package init(_ configuration: Configuration, _ shapes: ModelShapes, in layout: inout ParameterLayout) {
        temperature = configuration.temperature
        let (width, textWidth) = (configuration.width, shapes.text.width)
        (shown, evidenceNorm, word, region, threshold) = layout.at("fusion") { layout in
            (
                ShownRows(shapes, width: textWidth, in: &layout),
                layout.layerNorm("evidence_norm", width: textWidth, epsilon: Self.normEpsilon),
                layout.linear("word", inputs: textWidth, outputs: width, bias: false),
                layout.linear("region", inputs: textWidth, outputs: width, bias: false),
                // Low, so that something is seen to begin with.
                layout.parameter(["threshold"], rows: 1, columns: 1, .constant(-3), .vector)
            )
        }
        (post, modality, parallel, gate, added) = layout.at("fusion") { layout in
            (
                layout.linear("post", inputs: textWidth, outputs: width, bias: false),
                layout.linear("modality", inputs: 1, outputs: 1),
                layout.parameter(["parallel"], rows: 1, columns: textWidth, .zeros, .vector),
                layout.linear("gate", inputs: 2 * textWidth, outputs: textWidth),
                layout.linear("added", inputs: textWidth, outputs: textWidth, bias: false)
            )
        }
    }

    /// Adds to each word what is similar to it and new; see ``Fusion``. Notes as gate how much of the evidence a word takes.
    package func fuse<C: Computation>(
        _ words: WordsToFuse<C>, evidence: ShownEvidence<C.Value>, dropout: Float, on computation: C,
        note: (FusionNote, C.Value) -> Void
    ) throws(ShapeError) -> C.Value {
        guard let (rows, counts) = try shown.rows(evidence, dropout: dropout, on: computation) else {
            return words.rows
        }
        let regions = try computation.normalize(rows, evidenceNorm)
        let groups = try PairGroups(queryLengths: words.lengths, keyLengths: counts)
        let shares = try shares(words.rows, regions, groups, on: computation)
        let open = try computation.gather(
            modalityGate(words, regions, counts, on: computation), words.sequences)
        let ones = try computation.constant(
            rows: groups.keyCount, columns: 1, [Float](repeating: 1, count: groups.keyCount).span)
        note(.gate, try computation.multiply(open, computation.pairSums(shares, ones, groups)))
        let found = try computation.scaleRows(computation.pairSums(shares, regions, groups), by: open)
        return try add(found, to: words.rows, dropout: dropout, on: computation, note: note)
    }

    /// What each word takes of each row of evidence, 0 for what is not similar enough.
    private func shares<C: Computation>(
        _ words: C.Value, _ regions: C.Value, _ groups: PairGroups, on computation: C
    ) throws(ShapeError) -> C.Value {
        let similarities = try computation.pairProducts(
            computation.unitRows(computation.linear(words, word, .identity)),
            computation.unitRows(computation.linear(regions, region, .identity)), groups, scale: 1)
        let highest = try computation.constant(rows: 1, columns: 1, [Self.highestThreshold].span)
        let bounded = try computation.multiply(
            computation.apply(.sigmoid, computation.gather(threshold, [0])), highest)
        return try computation.filterPairs(
            similarities, groups, threshold: bounded, temperature: temperature, epsilon: Self.fading)
    }

    /// How far text and evidence of each post go together: a row a sequence, 0 to 1.
    private func modalityGate<C: Computation>(
        _ words: WordsToFuse<C>, _ regions: C.Value, _ counts: [Int], on computation: C
    ) throws(ShapeError) -> C.Value {
        let text = try computation.linear(computation.mean(words.rows, over: words.ranges), post, .identity)
        let seen = try computation.linear(computation.mean(regions, over: counts.ranges), post, .identity)
        let cosine = try computation.rowProducts(computation.unitRows(text), computation.unitRows(seen))
        return try computation.linear(cosine, modality, .sigmoid)
    }

    /// Words with what was found: what is parallel to them scaled, what is orthogonal mapped and gated.
    private func add<C: Computation>(
        _ found: C.Value, to words: C.Value, dropout: Float, on computation: C, note: (FusionNote, C.Value) -> Void
    ) throws(ShapeError) -> C.Value {
        let units = try computation.unitRows(words)
        let along = try computation.scaleRows(units, by: computation.rowProducts(units, found))
        let across = try computation.subtract(found, along)
        let open = try computation.linear(computation.concatenateColumns([words, across]), gate, .sigmoid)
        let new = try computation.linear(computation.dropout(across, rate: dropout), added, .identity)
        note(.redundancy, try computation.rowProducts(units, computation.unitRows(new)))
        return try computation.add(
            computation.add(words, along, columnScale: parallel), computation.multiply(open, new))
    }
}
