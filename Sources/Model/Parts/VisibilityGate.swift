package import Kernels

/// Decides whether an entity can be seen: a two-layer perceptron (the entailment classifier of RiVEG, Li et al. 2024,
/// section 3.2, in small).
///
/// It knows the evidence reader's state, how well the text as a whole goes with the picture and with the alternative
/// text (element-wise products in their common space), and the mask that the box head drew.
package struct VisibilityGate: Sendable {
    let hidden: Linear
    let logit: Linear

    /// Declares the gate for states of `width` columns and masks of `patches` columns.
    package init(width: Int, patches: Int, in layout: inout ParameterLayout) {
        hidden = layout.linear("hidden", inputs: 3 * width + patches, outputs: width)
        logit = layout.linear("logit", inputs: width, outputs: 1)
    }

    /// Logits of being visible, `states.rows × 1`.
    ///
    /// - Parameters:
    ///   - pictureMatch: `states.rows × width`: text and picture.
    ///   - altMatch: `states.rows × width`: text and alternative text.
    ///   - masks: `states.rows × patches`, 0…1; zeros where there is no picture.
    package func logits<C: Computation>(
        _ states: C.Value, pictureMatch: C.Value, altMatch: C.Value, masks: C.Value, dropout: Float = 0,
        on computation: C
    ) throws(ShapeError) -> C.Value {
        let known = try computation.concatenateColumns([states, pictureMatch, altMatch, masks])
        let inner = try computation.linear(known, hidden, .gelu)
        return try computation.linear(computation.dropout(inner, rate: dropout), logit, .identity)
    }
}
