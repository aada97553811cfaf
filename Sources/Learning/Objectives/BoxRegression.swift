import Geometry
import Kernels
import Model
import Randomness

/// L1 and GIoU of the box that is drawn, of several right ones to the nearest.
struct BoxRegression: Objective {
    func term(
        _ forward: EvidenceForward, on tape: Tape, random: inout SeededGenerator
    ) throws(ShapeError) -> Tape.Value? {
        guard let drawn = forward.drawn else { return nil }
        return try tape.boxLoss(
            drawn.drawing.boxes, drawn.nearest.map { $0 ?? .anywhere }, weights: drawn.nearest.map { $0 == nil ? 0 : 1 }
        )
    }
}
