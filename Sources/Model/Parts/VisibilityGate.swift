import Kernels

/// Decides whether an entity can be seen: a two-layer perceptron (the entailment classifier of RiVEG, Li et al. 2024,
/// section 3.2, in small).
///
/// It knows the evidence reader's state, how well the text as a whole goes with the picture and with the alternative
/// text (element-wise products in their common space), and the mask that the box head drew.
package struct VisibilityGate: Sendable {
    let hidden: Linear
    let logit: Linear

    /// Declares the gate for states of `width` columns and masks of `patches` columns; `nil`: for one that knows of a picture only
    /// what attention took from it, and neither a mask nor how well the text as a whole goes with it.
    package init(width: Int, patches: Int?, in layout: inout ParameterLayout) {
        hidden = layout.linear("hidden", inputs: patches.map { 3 * width + $0 } ?? 2 * width, outputs: width)
        logit = layout.linear("logit", inputs: width, outputs: 1)
    }

    /// What a gate knows of each entity, side by side.
    ///
    /// - Parameters:
    ///   - pictureMatch: `states.rows × width`: text and picture.
    ///   - altMatch: `states.rows × width`: text and alternative text.
    ///   - masks: `states.rows × patches`, 0…1; zeros where there is no picture.
    func known<C: Computation>(
        _ states: C.Value, pictureMatch: C.Value, altMatch: C.Value, masks: C.Value, on computation: C
    ) throws(ShapeError) -> C.Value {
        try computation.concatenateColumns([states, pictureMatch, altMatch, masks])
    }

    /// The same of a gate that knows of a picture only what attention took from it.
    func known<C: Computation>(
        _ states: C.Value, altMatch: C.Value, on computation: C
    ) throws(ShapeError) -> C.Value {
        try computation.concatenateColumns([states, altMatch])
    }

    /// Logits of being visible, `known.rows × 1`.
    func logits<C: Computation>(
        _ known: C.Value, dropout: Float = 0, on computation: C
    ) throws(ShapeError) -> C.Value {
        let inner = try computation.linear(known, hidden, .gelu)
        return try computation.linear(computation.dropout(inner, rate: dropout), logit, .identity)
    }

    /// Slopes of the logits, each by its own row of states, without dropout: with `z` what goes into the hidden units,
    /// `(w_logit ⊙ gelu′(z)) · W_hidden`.
    func backward<C: Computation>(
        _ known: C.Value, states columns: Range<Int>, on computation: C
    ) throws(ShapeError) -> C.Value {
        let ones = try computation.constant(
            rows: known.rows, columns: 1, [Float](repeating: 1, count: known.rows).span)
        let inner = try computation.applyBackward(
            computation.linearBackward(ones, logit), .gelu, computation.linear(known, hidden, .identity))
        return try computation.columns(computation.linearBackward(inner, hidden), columns)
    }
}
