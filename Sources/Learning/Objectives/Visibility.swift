package import Kernels
package import Randomness

/// Logits of a gate, and whether each entity can be seen.
package struct Gating {
    /// `entities × 1`.
    package let logits: Tape.Value
    /// `nil` where nobody looked.
    package let isVisible: [Bool?]
}

/// A forward pass in which a gate decides about entities.
package protocol GatingForward {
    /// What it decided about; `nil` where there is no entity.
    var gating: Gating? { get }
}

/// Cross-entropy of the gate on entities of known visibility.
package struct Visibility<Forward: GatingForward>: Objective {
    /// The objective; it has nothing to set.
    package init() {}

    /// The sum over the entities.
    package func term(
        _ forward: Forward, on tape: Tape, random: inout SeededGenerator
    ) throws(ShapeError) -> Tape.Value? {
        guard let gating = forward.gating else { return nil }
        return try tape.binaryCrossEntropy(
            gating.logits, gating.isVisible.map { $0 == true ? 1 : 0 },
            weights: gating.isVisible.map { $0 == nil ? 0 : 1 })
    }
}
