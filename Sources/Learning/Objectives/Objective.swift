package import Kernels
package import Randomness

/// A loss: what of a batch's forward pass is wrong, as one number to go backward from.
///
/// An objective is one file here, and one line among a recipe's ``TrainingTask/objectives``, where it gets its name and its
/// weight. The loop sums weight × term, and logs each term under its name.
package protocol Objective<Forward>: Sendable {
    /// What the networks made of a batch, with what would have been right.
    associatedtype Forward

    /// The sum of the examples' losses, `1 × 1`, without the weight; `nil` where the batch has nothing to learn this from.
    ///
    /// - Parameter random: the only source of chance.
    func term(
        _ forward: Forward, on tape: Tape, random: inout SeededGenerator
    ) throws(ShapeError) -> Tape.Value?
}

/// An objective as a recipe uses it: under a name, with a weight.
package struct WeightedObjective<Forward>: Sendable {
    /// Name of its curve.
    package let name: String
    /// Factor in the sum that is learned from; with 0 the term is not worked out.
    package let weight: Float
    private let objective: any Objective<Forward>

    /// An objective with its name and weight.
    package init<Loss: Objective>(_ name: String, weight: Float = 1, _ objective: Loss)
    where Loss.Forward == Forward {
        self.name = name
        self.weight = weight
        self.objective = objective
    }

    /// The term without the weight; `nil` where there is none in this batch, or nothing would be learned from it.
    func term(
        _ forward: Forward, on tape: Tape, random: inout SeededGenerator
    ) throws(ShapeError) -> Tape.Value? {
        weight == 0 ? nil : try objective.term(forward, on: tape, random: &random)
    }
}

/// What objectives found in a batch.
struct Terms {
    /// `Σ weight × term`, `1 × 1`; `nil` where no objective has anything to say.
    var total: Tape.Value?
    /// Each objective's term without its weight, in order; 0 where there is none.
    var values: [Double] = []

    /// Works all terms out, and sums them in order.
    init<Forward>(
        _ objectives: [WeightedObjective<Forward>], _ forward: Forward, on tape: Tape,
        random: inout SeededGenerator
    ) throws(ShapeError) {
        for objective in objectives {
            guard let term = try objective.term(forward, on: tape, random: &random) else {
                values.append(0)
                continue
            }
            values.append(Double(tape.array(term)[0]))
            let weighted = objective.weight == 1 ? term : try tape.scale(term, by: objective.weight)
            if let sum = total { total = try tape.add(sum, weighted) } else { total = weighted }
        }
    }
}
