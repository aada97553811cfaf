import Kernels
import Randomness

/// What objects are: cross-entropy `−Σ q log p` of noun phrases against what a teacher says, where it is sure.
struct ObjectLabels: Objective {
    /// The sum over pictures, a mean over the objects of each; `nil` where the teacher is sure of none.
    func term(
        _ forward: MultiLevelForward, on tape: Tape, random: inout SeededGenerator
    ) throws(ShapeError) -> Tape.Value? {
        guard let objects = forward.objects, objects.weights.contains(where: { $0 > 0 }) else { return nil }
        return try tape.softCrossEntropy(objects.logits, objects.labels, weights: objects.weights)
    }
}
