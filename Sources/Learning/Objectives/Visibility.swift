package import Kernels
package import Randomness

/// Logits of a gate, and whether each entity can be seen.
package struct Gating {
    /// `entities × 1`: one pass, or two of the same batch with different dropout.
    package let passes: [Tape.Value]
    /// How likely each entity can be seen, 0…1: certainly or certainly not, where somebody looked; `nil` where nobody can
    /// tell.
    package let truth: [Float?]
}

/// A forward pass in which a gate decides about entities.
package protocol GatingForward {
    /// What it decided about; `nil` where there is no entity.
    var gating: Gating? { get }
}

/// Cross-entropy of the gate on entities of known visibility; of two passes, the mean.
package struct Visibility<Forward: GatingForward>: Objective {
    /// The objective; it has nothing to set.
    package init() {}

    /// The sum over the entities.
    package func term(
        _ forward: Forward, on tape: Tape, random: inout SeededGenerator
    ) throws(ShapeError) -> Tape.Value? {
        guard let gating = forward.gating else { return nil }
        let weight = 1 / Float(gating.passes.count)
        var sum: Tape.Value?
        for logits in gating.passes {
            let loss = try tape.binaryCrossEntropy(
                logits, gating.truth.map { $0 ?? 0 }, weights: gating.truth.map { $0 == nil ? 0 : weight })
            if let first = sum { sum = try tape.add(first, loss) } else { sum = loss }
        }
        return sum
    }
}

extension Optional<Bool> {
    /// The same as a probability.
    var truth: Float? { map { $0 ? 1 : 0 } }
}
