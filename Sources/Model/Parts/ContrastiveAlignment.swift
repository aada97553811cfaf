package import Kernels

/// Text and evidence as points of one space: how well they go together scales what words find in the evidence.
///
/// `t = unit(T mean(words))`, `v = unit(S mean(evidence))`, `ρ = σ(m · [t; v; t ⊙ v])`; words get `ρ` times what they
/// attend to, gated (``GatedSum``). The scheme of ITA and MAF (Wang et al. 2022; Xu et al. 2022); the product `t ⊙ v` lets the
/// score depend on how the two compare, which a sum over `[t; v]` alone does not.
package struct ContrastiveAlignment: FusionPart, EvidenceMatching {
    /// Widths.
    package struct Configuration: FusionConfiguration {
        /// Columns of queries, keys and values.
        package var width = 128
        /// Attention heads; divides `width`.
        package var heads = 4
        /// Columns of the common space.
        package var space = 128

        /// The defaults.
        package init() {}

        /// Widths by their numbers.
        package init(width: Int, heads: Int, space: Int) {
            self.width = width
            self.heads = heads
            self.space = space
        }

        package func validate(_ shapes: ModelShapes) throws(ModelError) {
            try ModelError.requireFusion(width: width, heads: heads)
            try ModelError.require("fusion", [("space", space, SizeLimits.fusionWidth)])
        }
    }

    private let sum: GatedSum
    private let text: Linear
    private let picture: Linear
    private let critic: EvidenceCritic

    /// Declares the part (`fusion`, `alignment`) for the encoders' shapes.
    package init(_ configuration: Configuration, _ shapes: ModelShapes, in layout: inout ParameterLayout) {
        let (width, space) = (configuration.width, configuration.space)
        sum = GatedSum(GatedSum.Configuration(width: width, heads: configuration.heads), shapes, in: &layout)
        (text, picture, critic) = layout.at("alignment") { layout in
            (
                layout.linear("text", inputs: shapes.text.width, outputs: space, bias: false),
                layout.linear("shown", inputs: width, outputs: space, bias: false),
                EvidenceCritic(width: space, in: &layout)
            )
        }
    }

    /// Adds to each word what it finds, as far as text and evidence match; see ``Fusion``.
    package func fuse<C: Computation>(
        _ words: WordsToFuse<C>, evidence: ShownEvidence<C.Value>, dropout: Float, on computation: C,
        note: (FusionNote, C.Value) -> Void
    ) throws(ShapeError) -> C.Value {
        guard let (rows, counts) = try sum.shown.rows(evidence, dropout: dropout, on: computation) else {
            return words.rows
        }
        let said = try computation.unitRows(
            computation.linear(computation.mean(words.rows, over: words.ranges), text, .identity))
        let seen = try computation.unitRows(
            computation.linear(computation.mean(rows, over: counts.ranges), picture, .identity))
        let logits = try matching(said, seen, on: computation)
        note(.textSummary, said)
        note(.shownSummary, seen)
        note(.matching, logits)
        let strength = try computation.gather(computation.apply(.sigmoid, logits), words.sequences)
        return try sum.add(
            GatedSum.Shown(rows: rows, counts: counts, strength: strength), to: words, dropout: dropout,
            on: computation, note: note)
    }

    /// How well texts and evidence go together, row by row, as logits: `rows × 1`.
    package func matching<C: Computation>(
        _ text: C.Value, _ shown: C.Value, on computation: C
    ) throws(ShapeError) -> C.Value {
        try critic.logits(text, shown, on: computation)
    }
}
