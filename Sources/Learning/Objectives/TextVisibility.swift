import Kernels
import Model
import Randomness

/// Cross-entropy of what texts alone say of visibility: of the model's own term on all posts that people wrote, and of the
/// nets that give offsets on the posts that each may see. What is shown with a post does not matter here.
struct TextVisibility: Objective {
    let priors: CrossFittedPriors?
    let posts: [EvidencePost]

    /// The sum over entities and nets; `nil` where the gate is one term.
    func term(
        _ forward: EvidenceForward, on tape: Tape, random: inout SeededGenerator
    ) throws(ShapeError) -> Tape.Value? {
        guard let priors, let terms = forward.result.terms else { return nil }
        let truth = forward.scene.examples.flatMap { posts[$0].entities.map(\.isVisible.truth) }
        let postOfEntity = forward.scene.postOfEntity
        func loss(_ logits: Tape.Value, _ learns: (Int) -> Bool) throws(ShapeError) -> Tape.Value {
            let weights = zip(truth, postOfEntity).map { $0 != nil && learns($1) ? Float(1) : 0 }
            return try tape.binaryCrossEntropy(logits, truth.map { $0 ?? 0 }, weights: weights)
        }
        var sum = try loss(terms.prior) { posts[$0].origin != .made }
        for (net, logits) in forward.textLogits.enumerated() {
            sum = try tape.add(sum, loss(logits) { priors.learns(net, from: $0) })
        }
        return sum
    }
}
