import Kernels

/// A layer of rows that look at each other, or at other rows, and then think on their own (Vaswani et al. 2017, normalised
/// before rather than after, Xiong et al. 2020): `x ← x + attention(norm(x))`, `x ← x + feedForward(norm(x))`.
package struct TransformerLayer: Sendable {
    /// What a layer looks at.
    enum Sight {
        /// Rows of the same sequence.
        case itself
        /// Rows of another kind.
        case others
    }

    private let heads: Int
    private let attentionNorm: LayerNorm
    /// Of the rows that are looked at; `nil` for those that look at themselves.
    private let othersNorm: LayerNorm?
    private let query: Linear
    private let keyValue: Linear
    private let attended: Linear
    private let innerNorm: LayerNorm
    private let widen: Linear
    private let narrow: Linear

    private static let epsilon: Float = 1e-6

    /// Declares a layer of `width` columns, twice as wide inside.
    init(_ sight: Sight, width: Int, heads: Int, in layout: inout ParameterLayout) {
        self.heads = heads
        attentionNorm = layout.layerNorm("attention_norm", width: width, epsilon: Self.epsilon)
        othersNorm = sight == .others ? layout.layerNorm("others_norm", width: width, epsilon: Self.epsilon) : nil
        query = layout.linear("query", inputs: width, outputs: width)
        keyValue = layout.linear("key", "value", inputs: width, outputs: 2 * width)
        attended = layout.linear("attended", inputs: width, outputs: width)
        innerNorm = layout.layerNorm("inner_norm", width: width, epsilon: Self.epsilon)
        widen = layout.linear("widen", inputs: width, outputs: 2 * width)
        narrow = layout.linear("narrow", inputs: 2 * width, outputs: width)
    }

    /// Rows of some sequences, `rows × width`.
    struct Rows<Value> {
        let value: Value
        /// Rows of each sequence.
        let lengths: [Int]
    }

    /// Runs the layer; `others` are what rows look at, sequence by sequence (`nil`: each other).
    func run<C: Computation>(
        _ x: Rows<C.Value>, seeing others: Rows<C.Value>? = nil, dropout: Float, on computation: C
    ) throws(ShapeError) -> C.Value {
        let own = try computation.normalize(x.value, attentionNorm)
        var seen = own
        if let others, let othersNorm { seen = try computation.normalize(others.value, othersNorm) }
        let mixed = try computation.crossAttention(
            computation.linear(own, query, .identity), computation.linear(seen, keyValue, .identity), heads: heads,
            queryLengths: x.lengths, keyLengths: others?.lengths ?? x.lengths)
        let middle = try computation.add(
            x.value, computation.dropout(computation.linear(mixed, attended, .identity), rate: dropout))
        let wide = try computation.linear(computation.normalize(middle, innerNorm), widen, .gelu)
        return try computation.add(
            middle, computation.dropout(computation.linear(wide, narrow, .identity), rate: dropout))
    }
}
