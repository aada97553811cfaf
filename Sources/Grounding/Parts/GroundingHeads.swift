import Glibc
public import Kernels

/// Decides whether an entity can be seen: a two-layer perceptron on the evidence reader's state (the entailment
/// classifier of RiVEG, Li et al. 2024, section 3.2, in small).
public struct VisibilityGate: Sendable {
    let hidden: Linear
    let logit: Linear

    /// Declares the gate for states of `width` columns.
    public init(width: Int, in layout: inout ParameterLayout) {
        hidden = layout.linear("hidden", inputs: width, outputs: width)
        logit = layout.linear("logit", inputs: width, outputs: 1)
    }

    /// Logits of being visible, `states.rows × 1`.
    public func logits<C: Computation>(_ states: C.Value, on computation: C) throws(ShapeError) -> C.Value {
        try computation.linear(computation.linear(states, hidden, .gelu), logit, .identity)
    }
}

/// Draws the box: centre and size by regression, and how far to trust them.
public struct BoxHead: Sendable {
    let hidden: Linear
    let output: Linear

    /// Declares the head for states of `width` columns.
    public init(width: Int, in layout: inout ParameterLayout) {
        hidden = layout.linear("hidden", inputs: width, outputs: width)
        output = layout.linear("output", inputs: width, outputs: 5)
    }

    /// Five logits a row: centre x, centre y, width, height (each a share of the picture after the logistic function),
    /// and the chance that the box overlaps the truth by more than half.
    public func logits<C: Computation>(_ states: C.Value, on computation: C) throws(ShapeError) -> C.Value {
        try computation.linear(computation.linear(states, hidden, .gelu), output, .identity)
    }

    /// The box and its trust that five logits stand for; always inside the picture.
    static func box(_ logits: Span<Float>) -> (box: RelativeBox, trust: Float) {
        let (x, y) = (logistic(logits[0]), logistic(logits[1]))
        let (halfWidth, halfHeight) = (logistic(logits[2]) / 2, logistic(logits[3]) / 2)
        let box = RelativeBox(
            x1: max(0, x - halfWidth), y1: max(0, y - halfHeight),
            x2: min(1, x + halfWidth), y2: min(1, y + halfHeight))
        return (box, logistic(logits[4]))
    }

    /// Whether answering a box beats answering none: it wins with probability `visible · trust`, none with
    /// `1 − visible`, and either way it is one prediction.
    static func pays(visible: Float, trust: Float) -> Bool {
        visible * trust > 1 - visible
    }
}

/// The logistic function.
func logistic(_ x: Float) -> Float {
    1 / (1 + exp(-x))
}
