import Geometry
import Kernels
import Model
import Randomness

/// Which patches an entity covers: cross-entropy against the share of each that its boxes cover, a mean over patches.
/// Entities that cannot be seen cover none; those whose place is not known do not count.
struct MaskCoverage: Objective {
    let grid: Int

    func term(
        _ forward: EvidenceForward, on tape: Tape, random: inout SeededGenerator
    ) throws(ShapeError) -> Tape.Value? {
        guard let drawn = forward.drawn else { return nil }
        let patches = grid * grid
        var masks: [Float] = []
        var weights: [Float] = []
        for entity in drawn.entities {
            let isKnown = entity.isVisible == false || !entity.boxes.isEmpty
            let coverages = entity.boxes.map { $0.coverage(grid: grid) }
            masks += (0..<patches).map { place in coverages.reduce(Float(0)) { max($0, $1[place]) } }
            weights += repeatElement(isKnown ? 1 / Float(patches) : 0, count: patches)
        }
        return try tape.binaryCrossEntropy(drawn.drawing.masks, masks, weights: weights)
    }
}
