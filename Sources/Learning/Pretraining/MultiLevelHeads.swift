import Kernels
import Model

/// What pre-training on several levels puts on top of a text encoder and beside frozen patches; no part of the model that
/// comes out (contrastive pre-training with multi-level alignment, ICMR 2024; losses of ALBEF, Li et al. 2021).
struct MultiLevelHeads: Sendable {
    /// Sizes, and what speaks for a sentence.
    struct Shape: Sendable {
        var textWidth: Int
        var pictureWidth: Int
        /// Columns of the space in which sentences, pictures and objects are compared.
        var width: Int
        var matching: (width: Int, heads: Int)
        /// Units between the rows of an object and the noun phrases.
        var hidden: Int
        /// Noun phrases that objects are told by.
        var nouns: Int
        var pooling: MultiLevelSettings.Pooling
    }

    let shape: Shape
    /// From the encoder's rows to the common space, and from patches, be they of a picture or of an object.
    let sentence: Linear
    let picture: Linear
    /// `1 × 1`: inverse temperature of the contrast.
    let scale: Parameter
    let matcher: PairMatcher
    /// From the mean patch of an object to logits of noun phrases.
    let object: (widen: Linear, narrow: Linear)
    /// What the teacher knows; nothing is learned here, it is written from the average of what is.
    let teacher: (nouns: Parameter, picture: Linear)

    /// The published temperature to start with, .07; the bounds that it is kept in, .001 and .5.
    static let startScale: Float = 1 / 0.07
    static let scales: ClosedRange<Float> = 2...1000

    /// Declares them (`pretraining`, `teacher`).
    init(_ shape: Shape, in layout: inout ParameterLayout) {
        self.shape = shape
        (sentence, picture, scale, matcher, object) = layout.at("pretraining") { layout in
            (
                layout.linear("sentence", inputs: shape.textWidth, outputs: shape.width),
                layout.linear("picture", inputs: shape.pictureWidth, outputs: shape.width),
                layout.parameter(["scale"], rows: 1, columns: 1, .constant(Self.startScale), .vector),
                layout.at("matching") { PairMatcher(shape, in: &$0) },
                (
                    widen: layout.linear("object.widen", inputs: shape.pictureWidth, outputs: shape.hidden),
                    narrow: layout.linear("object.narrow", inputs: shape.hidden, outputs: shape.nouns)
                )
            )
        }
        teacher = layout.at("teacher") { layout in
            (
                nouns: layout.parameter(["nouns"], rows: shape.nouns, columns: shape.width, .zeros, .vector),
                picture: layout.linear("picture", inputs: shape.pictureWidth, outputs: shape.width)
            )
        }
    }

    /// Logits of noun phrases for objects, of which one mean patch a row goes in.
    func classify<C: Computation>(_ objects: C.Value, dropout: Float, on computation: C) throws(ShapeError) -> C.Value {
        let wide = try computation.linear(objects, object.widen, .gelu)
        return try computation.linear(computation.dropout(wide, rate: dropout), object.narrow, .identity)
    }
}

/// Whether a sentence is about a picture: pieces attend to patches, and what speaks for the pair is told apart in two ways.
struct PairMatcher: Sendable {
    private let heads: Int
    private let pooling: MultiLevelSettings.Pooling
    private let query: Linear
    private let keyValue: Linear
    private let hidden: Linear
    private let decision: Linear

    init(_ shape: MultiLevelHeads.Shape, in layout: inout ParameterLayout) {
        let width = shape.matching.width
        heads = shape.matching.heads
        pooling = shape.pooling
        query = layout.linear("query", inputs: shape.textWidth, outputs: width)
        keyValue = layout.linear("key", "value", inputs: shape.pictureWidth, outputs: 2 * width)
        hidden = layout.linear("hidden", inputs: shape.textWidth + width, outputs: width)
        decision = layout.linear("decision", inputs: width, outputs: 2)
    }

    /// Keys and values of patches, for as many pairings as there are.
    func offer<C: Computation>(_ tokens: C.Value, on computation: C) throws(ShapeError) -> C.Value {
        try computation.linear(tokens, keyValue, .identity)
    }

    /// Logits, no and yes, of sentences beside pictures in the same order.
    ///
    /// - Parameters:
    ///   - rows: The encoder's rows, one a piece, sentence by sentence.
    ///   - offered: Of pictures, as ``offer(_:on:)`` makes it, `tokens` rows each.
    func match<C: Computation>(
        _ rows: C.Value, lengths: [Int], with offered: C.Value, tokens: Int, dropout: Float, on computation: C
    ) throws(ShapeError) -> C.Value {
        let asked = try computation.linear(rows, query, .identity)
        let found = try computation.crossAttention(
            asked, offered, heads: heads, queryLengths: lengths, keyLengths: lengths.map { _ in tokens })
        let fused = try pooling.pool(
            computation.concatenateColumns([rows, found]), lengths: lengths, on: computation)
        let wide = try computation.linear(fused, hidden, .gelu)
        return try computation.linear(computation.dropout(wide, rate: dropout), decision, .identity)
    }
}

extension MultiLevelSettings.Pooling {
    /// One row a sequence.
    func pool<C: Computation>(_ rows: C.Value, lengths: [Int], on computation: C) throws(ShapeError) -> C.Value {
        let ranges = lengths.ranges
        return switch self {
        case .cls: try computation.gather(rows, ranges.map { Int32($0.lowerBound) })
        case .mean: try computation.mean(rows, over: ranges)
        }
    }
}
