import Kernels
import Model
import Randomness

/// Sentences against pictures within the batch, both ways (ITC: InfoNCE, van den Oord et al. 2018, as in ALBEF, Li et al.
/// 2021, without its queue), with a learned temperature.
struct PairContrast: Objective {
    /// `1 × 1`: inverse temperature.
    let scale: Parameter

    /// The sum over the pairs; `nil` where there are not two of them.
    func term(
        _ forward: MultiLevelForward, on tape: Tape, random: inout SeededGenerator
    ) throws(ShapeError) -> Tape.Value? {
        guard forward.sentences.rows > 1 else { return nil }
        return try tape.contrast(forward.sentences, forward.pictures, scale: scale)
    }
}
