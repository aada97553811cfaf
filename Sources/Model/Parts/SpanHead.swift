package import Kernels
package import Text

/// Finds mentions by classifying every run of words up to a length (SMNER, LREC 2024, after SpanNER, Fu et al. 2021), so that
/// one mention may touch another, or lie in it.
///
/// With the rows `xₛ` and `xₑ` of a span's first and last word, the mean `x̄` over its words, and a learned row `wₗ` for its
/// length: `h = gelu(S xₛ + E xₑ + M x̄ + wₗ)`, and scores `C h` for "no mention" and each type. The shapes of words, which
/// SMNER gives to spans, are in the rows of the words already (``WordReader``); `x̄` is not in the paper.
package struct SpanHead: HeadPart {
    /// The head's shape.
    package struct Configuration: HeadConfiguration {
        /// Columns of `h`.
        package var width = 256
        /// Words of the longest span that is looked at.
        package var longest = 6
        /// Whether a mention may lie in another one.
        package var nested = false

        /// The defaults.
        package init() {}

        /// A shape by its numbers.
        package init(width: Int, longest: Int, nested: Bool) {
            self.width = width
            self.longest = longest
            self.nested = nested
        }

        package func validate() throws(ModelError) {
            try ModelError.require(
                "head", [("width", width, SizeLimits.fusionWidth), ("longest", longest, SizeLimits.spanWords)])
        }
    }

    /// The head's shape.
    package let configuration: Configuration
    /// Types, in order; row 0 of the scores is "no mention".
    package let inventory: TypeInventory
    private let first: Linear
    private let last: Linear
    private let mean: Linear
    private let lengths: Parameter
    private let classes: Linear

    /// Declares the head (`spans`).
    package init(_ configuration: Configuration, _ shapes: ModelShapes, in layout: inout ParameterLayout) {
        self.configuration = configuration
        inventory = shapes.tags.inventory
        let (words, width, types) = (shapes.text.width, configuration.width, inventory.count)
        (first, last, mean, lengths, classes) = layout.at("spans") { layout in
            (
                layout.linear("first", inputs: words, outputs: width),
                layout.linear("last", inputs: words, outputs: width, bias: false),
                layout.linear("mean", inputs: words, outputs: width, bias: false),
                layout.table("length", rows: configuration.longest, width: width),
                layout.linear("classes", inputs: width, outputs: types + 1)
            )
        }
    }

    /// The spans of a text of so many words, in the order of their rows: by their first word, the shortest first.
    package static func spans(of words: Int, longest: Int) -> [Range<Int>] {
        (0..<words).flatMap { first in
            (1...min(longest, words - first)).map { first..<first + $0 }
        }
    }

    /// Scores of each span: `spans × (1 + types)`, "no mention" first.
    package func score<C: Computation>(
        _ words: C.Value, lengths: [Int], evidence: ShownEvidence<C.Value>, dropout: Float, on computation: C
    ) throws(ShapeError) -> TagScores<C.Value> {
        let texts = lengths.map { Self.spans(of: $0, longest: configuration.longest) }
        let spans = zip(texts, lengths.ranges).flatMap { spans, text in
            spans.map { text.lowerBound + $0.lowerBound..<text.lowerBound + $0.upperBound }
        }
        let words = try computation.dropout(words, rate: dropout)
        let ends = try computation.add(
            computation.gather(computation.linear(words, first, .identity), spans.map { Int32($0.lowerBound) }),
            computation.gather(computation.linear(words, last, .identity), spans.map { Int32($0.upperBound - 1) }))
        let inner = try computation.add(
            computation.mean(computation.linear(words, mean, .identity), over: spans),
            computation.gather(self.lengths, spans.map { Int32($0.count - 1) }))
        let hidden = try computation.apply(.gelu, computation.add(ends, inner))
        let rows = try computation.linear(computation.dropout(hidden, rate: dropout), classes, .identity)
        return TagScores(rows: rows, lengths: texts.map(\.count))
    }

    /// What makes mentions of these scores; it needs no numbers of its own.
    package func decoder(_ read: (Parameter) -> [Float]) throws(ShapeError) -> any MentionDecoder {
        SpanDecoder(configuration: configuration, types: inventory.count)
    }
}

/// The spans that are more probably of a type than no mention; the most probable first, as long as it goes with those before.
struct SpanDecoder: MentionDecoder {
    let configuration: SpanHead.Configuration
    let types: Int

    /// Of each window those spans that begin in the words that it owns.
    func mentions(of windows: [ScoredWindow], words: Int) throws(ShapeError) -> [Mention] {
        windows.flatMap(candidates).withoutOverlaps(nested: configuration.nested, words: words)
    }

    private func candidates(_ window: ScoredWindow) -> [Mention] {
        let spans = SpanHead.spans(of: window.words.count, longest: configuration.longest)
        return spans.enumerated().compactMap { row, span in
            let words = window.words.lowerBound + span.lowerBound..<window.words.lowerBound + span.upperBound
            guard window.owned.contains(words.lowerBound),
                let choice = TypeChoice(window.scores[row * (types + 1)..<(row + 1) * (types + 1)])
            else { return nil }
            return Mention(words: words, type: choice.type, score: choice.share, posterior: choice.posterior)
        }
    }
}
