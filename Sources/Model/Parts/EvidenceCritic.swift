import Kernels

/// Tells texts with their own evidence from texts with another post's, by summaries of both: `m · [t; v; t ⊙ v]`.
///
/// The published critics are linear in the two, whose sum over a batch is the same however it is rolled; with their product
/// this one can tell pairs apart.
struct EvidenceCritic: Sendable {
    private let match: Linear

    /// Declares the critic (`match`) for summaries of `width` columns.
    init(width: Int, in layout: inout ParameterLayout) {
        match = layout.linear("match", inputs: 3 * width, outputs: 1)
    }

    /// How well texts and evidence go together, row by row, as logits: `rows × 1`.
    func logits<C: Computation>(
        _ text: C.Value, _ shown: C.Value, on computation: C
    ) throws(ShapeError) -> C.Value {
        let both = try computation.concatenateColumns([text, shown, computation.multiply(text, shown)])
        return try computation.linear(both, match, .identity)
    }
}
