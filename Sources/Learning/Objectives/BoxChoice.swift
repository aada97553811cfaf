import Geometry
import Kernels
import Model
import Randomness

/// Each candidate of an entity whose place is known, against its overlap where that is more than half, so that of several
/// right candidates the best one wins; a mean over an entity's candidates.
struct BoxChoice: Objective {
    func term(
        _ forward: EvidenceForward, on tape: Tape, random: inout SeededGenerator
    ) throws(ShapeError) -> Tape.Value? {
        guard let drawn = forward.drawn, let choice = drawn.drawing.choice else { return nil }
        let entities = drawn.entities
        let perEntity = choice.candidates.count / max(entities.count, 1)
        let overlaps = choice.candidates.enumerated().map { index, candidate in
            entities[index / perEntity].boxes.reduce(Float(0)) { max($0, $1.overlap(candidate)) }
        }
        let weights = overlaps.indices.map { entities[$0 / perEntity].boxes.isEmpty ? 0 : 1 / Float(perEntity) }
        return try tape.binaryCrossEntropy(choice.scores, overlaps.map { $0 > 0.5 ? $0 : 0 }, weights: weights)
    }
}
