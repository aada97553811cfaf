package import Kernels

/// UMT's multimodal interaction (Yu et al. 2020, section 3.3): words look at what is shown along two ways, and a visual
/// gate decides how much of the second gets through.
///
/// With `H` the words after a layer of their own and `V` the evidence: `P = attention(V, H)`, `A = attention(H, P)`,
/// `B = attention(H, V)`, `g = σ([A; B] G)`, `h = H + [A; g ⊙ B] W`. In the paper `[A; g ⊙ B]` replaces `H`; added to it,
/// without a bias, it leaves posts that show nothing to their text alone. Beside them, words after another layer of their
/// own (`auxiliary`) are for spans without types: rows that come out are `[h; auxiliary]`, for ``ConvertedHead``.
package struct MultimodalInteraction: FusionPart {
    /// Widths.
    package struct Configuration: FusionConfiguration {
        /// Columns in which words and evidence look at each other.
        package var width = 128
        /// Attention heads; divides `width`, and the text encoder's.
        package var heads = 4

        /// The defaults.
        package init() {}

        /// Widths by their numbers.
        package init(width: Int, heads: Int) {
            self.width = width
            self.heads = heads
        }

        package func validate(_ shapes: ModelShapes) throws(ModelError) {
            try ModelError.requireFusion(width: width, heads: heads)
            try ModelError.requireFusion(width: shapes.text.width, heads: heads)
        }
    }

    private let main: TransformerLayer
    private let auxiliary: TransformerLayer
    private let word: Linear
    private let shown: ShownRows
    private let shownOfWords: TransformerLayer
    private let wordsOfShownWords: TransformerLayer
    private let wordsOfShown: TransformerLayer
    private let gate: Linear
    private let added: Linear

    /// Declares the part (`fusion`) for the encoders' shapes.
    package init(_ configuration: Configuration, _ shapes: ModelShapes, in layout: inout ParameterLayout) {
        let (width, heads, textWidth) = (configuration.width, configuration.heads, shapes.text.width)
        func layer(
            _ name: String, _ sight: TransformerLayer.Sight, _ width: Int, _ layout: inout ParameterLayout
        ) -> TransformerLayer {
            layout.at("fusion.\(name)") { TransformerLayer(sight, width: width, heads: heads, in: &$0) }
        }
        main = layer("main", .itself, textWidth, &layout)
        auxiliary = layer("auxiliary", .itself, textWidth, &layout)
        word = layout.linear("fusion.word", inputs: textWidth, outputs: width)
        shown = layout.at("fusion") { ShownRows(shapes, width: width, in: &$0) }
        shownOfWords = layer("shown_of_words", .others, width, &layout)
        wordsOfShownWords = layer("words_of_shown_words", .others, width, &layout)
        wordsOfShown = layer("words_of_shown", .others, width, &layout)
        gate = layout.linear("fusion.gate", inputs: 2 * width, outputs: width)
        added = layout.linear("fusion.added", inputs: 2 * width, outputs: textWidth, bias: false)
    }

    /// Rows of `2 · width` columns: fused words, and words for spans; see ``Fusion``.
    package func fuse<C: Computation>(
        _ words: WordsToFuse<C>, evidence: ShownEvidence<C.Value>, dropout: Float, on computation: C,
        note: (FusionNote, C.Value) -> Void
    ) throws(ShapeError) -> C.Value {
        let rows = TransformerLayer.Rows(value: words.rows, lengths: words.lengths)
        var own = try main.run(rows, dropout: dropout, on: computation)
        let spans = try auxiliary.run(rows, dropout: dropout, on: computation)
        if let (seen, counts) = try shown.rows(evidence, dropout: dropout, on: computation) {
            let asked = TransformerLayer.Rows(
                value: try computation.linear(own, word, .identity), lengths: words.lengths)
            let shown = TransformerLayer.Rows(value: seen, lengths: counts)
            let shownWords = TransformerLayer.Rows(
                value: try shownOfWords.run(shown, seeing: asked, dropout: dropout, on: computation), lengths: counts)
            let said = try wordsOfShownWords.run(asked, seeing: shownWords, dropout: dropout, on: computation)
            let found = try wordsOfShown.run(asked, seeing: shown, dropout: dropout, on: computation)
            let open = try computation.linear(computation.concatenateColumns([said, found]), gate, .sigmoid)
            note(.gate, open)
            let both = try computation.concatenateColumns([said, computation.multiply(open, found)])
            let new = try computation.linear(computation.dropout(both, rate: dropout), added, .identity)
            own = try computation.add(own, computation.scaleRows(new, by: words.mask(counts, on: computation)))
        }
        return try computation.concatenateColumns([own, spans])
    }
}
