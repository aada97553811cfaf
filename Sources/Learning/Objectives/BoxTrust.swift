import Kernels
import Model
import Randomness

/// Whether the box that is drawn hits: cross-entropy of its trust. In a picture that shows nothing of the post no box is
/// right, however sure the text is.
struct BoxTrust: Objective {
    func term(
        _ forward: EvidenceForward, on tape: Tape, random: inout SeededGenerator
    ) throws(ShapeError) -> Tape.Value? {
        guard let drawn = forward.drawn else { return nil }
        return try tape.binaryCrossEntropy(
            drawn.drawing.trust, drawn.overlaps.map { $0 > 0.5 ? 1 : 0 },
            weights: zip(drawn.nearest, drawn.showsNothing).map { $0 != nil || $1 ? 1 : 0 })
    }
}
