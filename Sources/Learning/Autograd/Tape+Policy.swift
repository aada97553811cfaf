import Foundation
package import Kernels

extension Tape {
    /// The loss of actions that were sampled from softmaxes, the mean over the actions; 0 of none.
    ///
    /// - Parameters:
    ///   - logits: numbers of all policies.
    ///   - runs: places of each policy's numbers, such as the candidates of an entity.
    package func policyLoss(
        _ logits: Value, runs: [Range<Int>], _ actions: [PolicyOptimisation.Action], by rule: PolicyOptimisation
    ) throws(ShapeError) -> Value {
        try require(
            runs.allSatisfy { 0...logits.count ~= $0.upperBound }, "policyLoss", "runs within \(logits.count) numbers",
            "\(runs.map(\.upperBound).max() ?? 0)")
        try require(
            actions.allSatisfy { runs.indices.contains($0.policy) && 0..<runs[$0.policy].count ~= $0.choice },
            "policyLoss", "choices of \(runs.count) policies", "others")
        let (out, block) = make(1, 1, needsGradient: needsGradient(logits))
        let source = value(logits)
        let slope = arena.take(logits.count)
        slope.fill(0)
        let probabilities = runs.map { Self.logSoftmax(source, $0) }
        let share = 1 / Double(max(actions.count, 1))
        var loss = 0.0
        for action in actions {
            let logarithms = probabilities[action.policy]
            let now = logarithms[action.choice]
            let difference = Double(action.reference) - now
            let gain = rule.loss(ratio: exp(now - Double(action.sampled)), advantage: Double(action.advantage))
            let apart = PolicyOptimisation.divergence(difference, power: exp(difference))
            loss += share * (gain.value + Double(rule.divergence) * apart.value)
            let step = share * (gain.slope + Double(rule.divergence) * apart.slope)
            for (place, logarithm) in logarithms.enumerated() {
                slope[runs[action.policy].lowerBound + place] +=
                    Float(step * ((place == action.choice ? 1 : 0) - exp(logarithm)))
            }
        }
        block.fill(Float(loss))
        recordSlope(out, logits, slope)
        return out
    }
}
