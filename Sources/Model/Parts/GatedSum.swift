package import Kernels

/// The smallest fusion: a word's row, and gated what it attends to among patches and words of the alternative text.
///
/// `a = attention(w, evidence)`, `g = σ(G [w; a])`, `w ← w + g ⊙ (A a)` with a gate for each column (the visual gate of
/// UMT, Yu et al. 2020, equation 9, without its transformers). `A` has no bias and attention over nothing is zero, so a
/// post that shows nothing is tagged from its text alone.
package struct GatedSum: FusionPart {
    package typealias Configuration = AttentionWidths

    /// Widths.
    package let configuration: Configuration
    let query: Linear
    let shown: ShownRows
    let evidenceNorm: LayerNorm
    let keyValue: Linear
    let gate: Linear
    let added: Linear

    private static let epsilon: Float = 1e-6

    /// Declares the part (`fusion`) for the encoders' shapes.
    package init(_ configuration: Configuration, _ shapes: ModelShapes, in layout: inout ParameterLayout) {
        self.configuration = configuration
        let (width, textWidth) = (configuration.width, shapes.text.width)
        (query, shown, evidenceNorm, keyValue, gate, added) = layout.at("fusion") { layout in
            (
                layout.linear("query", inputs: textWidth, outputs: width),
                ShownRows(shapes, width: width, in: &layout),
                layout.layerNorm("evidence_norm", width: width, epsilon: Self.epsilon),
                layout.linear("key", "value", inputs: width, outputs: 2 * width),
                layout.linear("gate", inputs: textWidth + width, outputs: textWidth),
                layout.linear("added", inputs: width, outputs: textWidth, bias: false)
            )
        }
    }

    /// Adds to each word what it finds; see ``Fusion``.
    package func fuse<C: Computation>(
        _ words: WordsToFuse<C>, evidence: ShownEvidence<C.Value>, dropout: Float, on computation: C,
        note: (FusionNote, C.Value) -> Void
    ) throws(ShapeError) -> C.Value {
        guard let (rows, counts) = try shown.rows(evidence, dropout: dropout, on: computation) else {
            return words.rows
        }
        return try add(Shown(rows: rows, counts: counts), to: words, dropout: dropout, on: computation, note: note)
    }

    /// Evidence of one width.
    struct Shown<Value> {
        let rows: Value
        /// Rows of each sequence's post.
        let counts: [Int]
        /// Factors on what each word finds, `words × 1`; `nil` for 1.
        var strength: Value?
    }

    /// Adds to each word what it finds among rows of evidence.
    func add<C: Computation>(
        _ shown: Shown<C.Value>, to words: WordsToFuse<C>, dropout: Float, on computation: C,
        note: (FusionNote, C.Value) -> Void
    ) throws(ShapeError) -> C.Value {
        let asked = try computation.linear(words.rows, query, .identity)
        let offered = try computation.linear(computation.normalize(shown.rows, evidenceNorm), keyValue, .identity)
        var found = try computation.crossAttention(
            asked, offered, heads: configuration.heads, queryLengths: words.lengths, keyLengths: shown.counts)
        if let strength = shown.strength { found = try computation.scaleRows(found, by: strength) }
        let open = try computation.linear(computation.concatenateColumns([words.rows, found]), gate, .sigmoid)
        note(.gate, open)
        let new = try computation.linear(computation.dropout(found, rate: dropout), added, .identity)
        return try computation.add(words.rows, computation.multiply(open, new))
    }
}
