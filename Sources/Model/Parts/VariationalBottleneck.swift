package import Kernels

/// Words and evidence through bottlenecks, and as much of the second as the first allows (MINIGE-MNER, Neural Networks 2026,
/// with the post's own picture alone: none is generated).
///
/// A layer of attention and a map make normal distributions of words and of evidence, of which samples `z` and `v` go on in
/// training and means in answers (variational information bottleneck, Alemi et al. 2017). Words attend to evidence as the text
/// guides it: `S = softmax over words (Q Kᵀ/√n)`, `A = softmax over evidence (β (S (1 − g) + S̄ g))` with the importance
/// `g = W₂ tanh(W₁ v)` of each row of evidence and the mean `S̄` over the words, `f = A V + Q`. Then `h = u ⊙ (F f)` with
/// `u = leakyReLU(U [f; z])`, and `z + α h` with `α = min(limit · |z|/|h|, 1)` for each sequence. Posts that show nothing are
/// tagged from `z` alone.
package struct VariationalBottleneck: FusionPart, EvidenceMatching {
    /// How sharply words choose among the evidence: `β`.
    package enum Sharpness: String, Codable, Sendable, CaseIterable {
        /// `1/√width`, as published: what is chosen among are shares below 1, so that all evidence gets about the same.
        case published
        /// A number that is learned.
        case learned
    }

    /// Widths.
    package struct Configuration: FusionConfiguration {
        /// Columns of evidence, and of queries.
        package var width = 128
        /// Attention heads in the layers before the distributions; divides `width`, and the text encoder's.
        package var heads = 4
        /// How sharply words choose.
        package var sharpness = Sharpness.learned
        /// How long what is added may be, as a share of what it is added to.
        package var limit: Float = 0.1

        /// The defaults.
        package init() {}

        /// A shape by its numbers.
        package init(width: Int, heads: Int, sharpness: Sharpness, limit: Float) {
            self.width = width
            self.heads = heads
            self.sharpness = sharpness
            self.limit = limit
        }

        package func validate(_ shapes: ModelShapes) throws(ModelError) {
            try ModelError.requireFusion(width: width, heads: heads)
            try ModelError.requireFusion(width: shapes.text.width, heads: heads)
            try ModelError.require("fusion", "limit", limit, 0...1000)
        }
    }

    private let configuration: Configuration
    private let text: Bottleneck
    private let shown: ShownRows
    private let seen: Bottleneck
    private let attention: GuidedAttention
    private let gate: Linear
    private let added: Linear
    private let summary: Linear
    private let critic: EvidenceCritic

    /// Declares the part (`fusion`) for the encoders' shapes.
    package init(_ configuration: Configuration, _ shapes: ModelShapes, in layout: inout ParameterLayout) {
        self.configuration = configuration
        let (width, heads, textWidth) = (configuration.width, configuration.heads, shapes.text.width)
        (text, shown, seen, attention) = layout.at("fusion") { layout in
            (
                layout.at("text") { Bottleneck(width: textWidth, heads: heads, in: &$0) },
                ShownRows(shapes, width: width, in: &layout),
                layout.at("shown") { Bottleneck(width: width, heads: heads, in: &$0) },
                GuidedAttention(configuration, textWidth: textWidth, in: &layout)
            )
        }
        (gate, added, summary, critic) = layout.at("fusion") { layout in
            (
                layout.linear("gate", inputs: width + textWidth, outputs: textWidth),
                layout.linear("added", inputs: width, outputs: textWidth, bias: false),
                layout.linear("summary", inputs: textWidth, outputs: width, bias: false),
                EvidenceCritic(width: width, in: &layout)
            )
        }
    }

    /// Words through their bottleneck, with what it lets them take of the evidence; see ``Fusion``.
    package func fuse<C: Computation>(
        _ words: WordsToFuse<C>, evidence: ShownEvidence<C.Value>, dropout: Float, on computation: C,
        note: (FusionNote, C.Value) -> Void
    ) throws(ShapeError) -> C.Value {
        let said = try text.run(
            TransformerLayer.Rows(value: words.rows, lengths: words.lengths), dropout: dropout, on: computation)
        note(.textMean, said.mean)
        note(.textLogVariance, said.logVariance)
        guard let (rows, counts) = try shown.rows(evidence, dropout: dropout, on: computation) else {
            return said.sample
        }
        let seen = try seen.run(
            TransformerLayer.Rows(value: rows, lengths: counts), dropout: dropout, on: computation)
        note(.shownMean, seen.mean)
        note(.shownLogVariance, seen.logVariance)
        let summaries = (
            text: try computation.linear(computation.mean(said.sample, over: words.ranges), summary, .identity),
            shown: try computation.mean(seen.sample, over: counts.ranges)
        )
        note(.textSummary, summaries.text)
        note(.shownSummary, summaries.shown)
        note(.matching, try matching(summaries.text, summaries.shown, on: computation))
        // Where nothing is shown there would be the query alone: nothing is added to it.
        let found = try computation.scaleRows(
            attention.attend(said.sample, seen.sample, words.lengths, counts, on: computation),
            by: words.mask(counts, on: computation))
        let open = try computation.linear(computation.concatenateColumns([found, said.sample]), gate, .leakyRelu)
        let new = try computation.multiply(
            open, computation.linear(computation.dropout(found, rate: dropout), added, .identity))
        return try computation.boundedSum(said.sample, new, limit: configuration.limit, lengths: words.lengths)
    }

    /// How well texts and evidence go together, row by row, as logits: `rows × 1`.
    package func matching<C: Computation>(
        _ text: C.Value, _ shown: C.Value, on computation: C
    ) throws(ShapeError) -> C.Value {
        try critic.logits(text, shown, on: computation)
    }
}

/// A normal distribution for each row, by a layer of attention: its mean begins as the row itself, so that what was learned
/// before is not lost to begin with.
private struct Bottleneck: Sendable {
    struct Rows<Value> {
        let mean: Value
        let logVariance: Value
        /// What goes on: drawn in training, the mean in answers.
        let sample: Value
    }

    private let layer: TransformerLayer
    private let mean: Linear
    private let logVariance: Linear

    /// Deviations of 0.05.
    private static let firstLogVariance: Float = -6

    init(width: Int, heads: Int, in layout: inout ParameterLayout) {
        layer = TransformerLayer(.itself, width: width, heads: heads, in: &layout)
        mean = Linear(
            weight: layout.parameter(["mean.weight"], rows: width, columns: width, .zeros, .matrix), bias: nil)
        logVariance = Linear(
            weight: layout.parameter(
                ["log_variance.weight"], rows: width, columns: width, .normal(deviation: 0.02), .matrix),
            bias: layout.parameter(
                ["log_variance.bias"], rows: 1, columns: width, .constant(Self.firstLogVariance), .vector))
    }

    func run<C: Computation>(
        _ rows: TransformerLayer.Rows<C.Value>, dropout: Float, on computation: C
    ) throws(ShapeError) -> Rows<C.Value> {
        let read = try layer.run(rows, dropout: dropout, on: computation)
        let mean = try computation.add(rows.value, computation.linear(read, mean, .identity))
        let spread = try computation.linear(read, logVariance, .identity)
        return Rows(mean: mean, logVariance: spread, sample: try computation.sample(mean, logVariance: spread))
    }
}

/// Attention of words to evidence in which the words first share each row of it out among themselves.
private struct GuidedAttention: Sendable {
    private let width: Int
    private let query: Linear
    private let key: Linear
    private let value: Linear
    private let inner: Linear
    private let importance: Linear
    /// `1 × 1`; `nil` where it is fixed.
    private let sharpness: Parameter?

    /// A word that a row of evidence belongs to alone gets it `exp(10)` times as much as others.
    private static let firstSharpness: Float = 10

    init(_ configuration: VariationalBottleneck.Configuration, textWidth: Int, in layout: inout ParameterLayout) {
        width = configuration.width
        query = layout.linear("query", inputs: textWidth, outputs: width)
        key = layout.linear("key", inputs: width, outputs: width)
        value = layout.linear("value", inputs: width, outputs: width)
        inner = layout.linear("importance_inner", inputs: width, outputs: width)
        importance = layout.linear("importance", inputs: width, outputs: 1)
        sharpness =
            configuration.sharpness == .learned
            ? layout.parameter(["sharpness"], rows: 1, columns: 1, .constant(Self.firstSharpness), .vector) : nil
    }

    func attend<C: Computation>(
        _ words: C.Value, _ seen: C.Value, _ lengths: [Int], _ counts: [Int], on computation: C
    ) throws(ShapeError) -> C.Value {
        let groups = try PairGroups(queryLengths: lengths, keyLengths: counts)
        let asked = try computation.linear(words, query, .identity)
        let roots = lengths.flatMap { [Float](repeating: 1 / Float(max($0, 1)).squareRoot(), count: $0) }
        let scores = try computation.pairProducts(
            computation.scaleRows(asked, by: computation.constant(rows: roots.count, columns: 1, roots.span)),
            computation.linear(seen, key, .identity), groups, scale: 1)
        let weights = try computation.linear(computation.linear(seen, inner, .tanh), importance, .identity)
        let level = try computation.levelPairs(
            computation.pairSoftmax(scores, groups, over: .queries), groups, by: weights)
        let shares = try computation.pairSoftmax(
            computation.multiply(level, factors(groups.pairCount, on: computation)), groups, over: .keys)
        return try computation.add(
            computation.pairSums(shares, computation.linear(seen, value, .identity), groups), asked)
    }

    /// The sharpness, for each pair.
    private func factors<C: Computation>(_ count: Int, on computation: C) throws(ShapeError) -> C.Value {
        if let sharpness { return try computation.gather(sharpness, [Int32](repeating: 0, count: count)) }
        let factor = 1 / Float(width).squareRoot()
        return try computation.constant(rows: count, columns: 1, [Float](repeating: factor, count: count).span)
    }
}
