import Kernels
import Randomness

/// Whether a sentence is about a picture (ITM): two-way cross-entropy of fused pairs, half of which do not belong together.
/// Those are by chance, as in PROMU; ALBEF takes the hardest of the batch.
struct PairMatching: Objective {
    /// The sum over pairs, each beside its own picture and another; `nil` where there is no other.
    func term(
        _ forward: MultiLevelForward, on tape: Tape, random: inout SeededGenerator
    ) throws(ShapeError) -> Tape.Value? {
        guard let matching = forward.matching else { return nil }
        let weights = matching.truth.map { _ in Float(0.5) }
        return try tape.crossEntropy(matching.logits, matching.truth, weights: weights)
    }
}
