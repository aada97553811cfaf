package import Kernels

/// Words attend to what is shown, and to a sample of what text and evidence have in common (SMNER, LREC 2024).
///
/// A text's words and a post's evidence, each as their mean, pass as normal distributions `N(μₜ, σₜ)` and `N(μᵥ, σᵥ)` of which
/// samples `zₜ` and `zᵥ` are told apart from those of other posts, and which are held near each other: so the two can be
/// inferred from one another. Words attend to `[zᵥ; evidence]`, and what they find is added to them. In the paper spans do,
/// which a head makes of words here, so that every head gets fused words.
package struct LatentConsistency: FusionPart, EvidenceMatching {
    package typealias Configuration = AttentionWidths

    private let configuration: Configuration
    private let shown: ShownRows
    private let text: SummaryDistribution
    private let seen: SummaryDistribution
    private let norm: LayerNorm
    private let query: Linear
    private let key: Linear
    private let added: Linear
    private let critic: EvidenceCritic

    /// Declares the part (`fusion`) for the encoders' shapes.
    package init(_ configuration: Configuration, _ shapes: ModelShapes, in layout: inout ParameterLayout) {
        self.configuration = configuration
        let (width, textWidth) = (configuration.width, shapes.text.width)
        (shown, text, seen) = layout.at("fusion") { layout in
            (
                ShownRows(shapes, width: width, in: &layout),
                layout.at("text") { SummaryDistribution(inputs: textWidth, width: width, in: &$0) },
                layout.at("shown") { SummaryDistribution(inputs: width, width: width, in: &$0) }
            )
        }
        (norm, query, key, added, critic) = layout.at("fusion") { layout in
            (
                layout.layerNorm("evidence_norm", width: width, epsilon: 1e-6),
                layout.linear("query", inputs: textWidth, outputs: width),
                layout.linear("key", inputs: width, outputs: 2 * width),
                layout.linear("added", inputs: width, outputs: textWidth, bias: false),
                EvidenceCritic(width: width, in: &layout)
            )
        }
    }

    /// Words with what they found of the evidence; see ``Fusion``.
    package func fuse<C: Computation>(
        _ words: WordsToFuse<C>, evidence: ShownEvidence<C.Value>, dropout: Float, on computation: C,
        note: (FusionNote, C.Value) -> Void
    ) throws(ShapeError) -> C.Value {
        guard let (rows, counts) = try shown.rows(evidence, dropout: dropout, on: computation) else {
            return words.rows
        }
        let said = try text.run(computation.mean(words.rows, over: words.ranges), on: computation)
        let seen = try seen.run(computation.mean(rows, over: counts.ranges), on: computation)
        note(.textMean, said.mean)
        note(.textLogVariance, said.logVariance)
        note(.shownMean, seen.mean)
        note(.shownLogVariance, seen.logVariance)
        note(.textSummary, said.sample)
        note(.shownSummary, seen.sample)
        note(.matching, try matching(said.sample, seen.sample, on: computation))
        // Each post's sample, then its evidence; a post that shows nothing has neither.
        let all = try computation.concatenateRows([seen.sample, rows])
        let order = counts.enumerated().flatMap { post, count -> [Int32] in
            let first = counts.count + counts[..<post].reduce(0, +)
            return count == 0 ? [] : [Int32(post)] + (first..<first + count).map(Int32.init)
        }
        let keys = try computation.linear(
            computation.normalize(computation.gather(all, order), norm), key, .identity)
        let found = try computation.crossAttention(
            computation.linear(words.rows, query, .identity), keys, heads: configuration.heads,
            queryLengths: words.lengths, keyLengths: counts.map { $0 == 0 ? 0 : $0 + 1 })
        return try computation.add(
            words.rows, computation.linear(computation.dropout(found, rate: dropout), added, .identity))
    }

    /// How well texts and evidence go together, row by row, as logits: `rows × 1`.
    package func matching<C: Computation>(
        _ text: C.Value, _ shown: C.Value, on computation: C
    ) throws(ShapeError) -> C.Value {
        try critic.logits(text, shown, on: computation)
    }
}

/// A normal distribution for each row, by two networks of three layers.
private struct SummaryDistribution: Sendable {
    private let mean: [Linear]
    private let logVariance: [Linear]

    init(inputs: Int, width: Int, in layout: inout ParameterLayout) {
        func layers(_ name: String, in layout: inout ParameterLayout) -> [Linear] {
            layout.at(name) { layout in
                (0..<3).map { layout.linear("\($0)", inputs: $0 == 0 ? inputs : width, outputs: width) }
            }
        }
        mean = layers("mean", in: &layout)
        logVariance = layers("log_variance", in: &layout)
    }

    func run<C: Computation>(
        _ rows: C.Value, on computation: C
    ) throws(ShapeError) -> (mean: C.Value, logVariance: C.Value, sample: C.Value) {
        func through(_ layers: [Linear]) throws(ShapeError) -> C.Value {
            var rows = rows
            for layer in layers.dropLast() { rows = try computation.linear(rows, layer, .gelu) }
            return try layers.last.map { last throws(ShapeError) in try computation.linear(rows, last, .identity) }
                ?? rows
        }
        let (mean, spread) = (try through(mean), try through(logVariance))
        return (mean, spread, try computation.sample(mean, logVariance: spread))
    }
}
