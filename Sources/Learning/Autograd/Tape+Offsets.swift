import Foundation
import Kernels
import Model

/// Learning from answers that were drawn: none, or a box beside the one that is drawn by regression.
extension Tape {
    /// What the policies of some entities are made of.
    struct OffsetSources {
        /// Logits of being visible, `entities × 1`.
        let visible: Value
        /// Logits of the box being right, `entities × 1`.
        let trust: Value
        /// Logits of centre x, centre y, width and height, `entities × 4`.
        let boxes: Value
        /// Logarithms of the standard deviations, `1 × 4`; the same for all entities.
        let deviations: Value

        var all: [Value] { [visible, trust, boxes, deviations] }
    }

    /// The lines that make probabilities of the first two: a box is answered where visible · right beats not visible, and so the
    /// logit of answering one is `gate(v) + log σ(trust(t))`.
    struct OffsetLines: Sendable {
        var gate = Calibration()
        var trust = Calibration()

        /// That logit, and its slopes by the two.
        func decision(visible: Float, trust: Float) -> (value: Double, visible: Double, trust: Double) {
            let sure = Double(self.trust.scale) * Double(trust) + Double(self.trust.shift)
            return (
                Double(gate.scale) * Double(visible) + Double(gate.shift) + BoxOffsets.logLogistic(sure),
                Double(gate.scale), Double(self.trust.scale) / (1 + exp(sure))
            )
        }
    }

    /// An answer that was drawn, and what it earned.
    struct OffsetAction {
        /// Which entity's.
        var row: Int
        /// The answer.
        var choice: BoxOffsets.Action
        /// How much better than the mean of its group it is.
        var advantage: Double
        /// Logarithm of its probability when it was drawn.
        var sampled: Double
        /// The policy that the run starts from.
        var start: BoxOffsets
    }

    /// The policies, one an entity.
    func offsetPolicies(_ sources: OffsetSources, _ lines: OffsetLines) -> [BoxOffsets] {
        OffsetStart(
            visible: array(sources.visible), trust: array(sources.trust), boxes: array(sources.boxes)
        ).policies(lines, deviations: BoxOffsets.Numbers(array(sources.deviations).map(Double.init)))
    }

    /// The loss of answers that were drawn, and the divergence from where the run starts, the mean over the answers; 0 of none.
    func offsetPolicyLoss(
        _ sources: OffsetSources, _ lines: OffsetLines, _ actions: [OffsetAction], by rule: PolicyOptimisation
    ) throws(ShapeError) -> Value {
        let rows = sources.visible.rows
        try require(
            sources.visible.columns == 1 && sources.trust.count == rows && sources.boxes.columns == 4
                && sources.boxes.rows == rows && sources.deviations.count == 4, "offsetPolicyLoss",
            "a logit of each kind and four numbers an entity, and four deviations",
            "\(sources.all.map { "\($0.rows) × \($0.columns)" })")
        try require(
            actions.allSatisfy { 0..<rows ~= $0.row }, "offsetPolicyLoss", "answers of \(rows) entities", "others")
        let (out, block) = make(1, 1, needsGradient: sources.all.contains { needsGradient($0) })
        let slopes = sources.all.map { arena.zeros($0.count) }
        let policies = offsetPolicies(sources, lines)
        let (visible, trust, boxes) = (array(sources.visible), array(sources.trust), array(sources.boxes))
        let share = 1 / Double(max(actions.count, 1))
        var loss = 0.0
        for action in actions {
            let policy = policies[action.row]
            let now = policy.logProbability(of: action.choice)
            let gain = rule.loss(ratio: exp(now.value - action.sampled), advantage: action.advantage)
            let apart = policy.divergence(from: action.start)
            let weight = Double(rule.divergence)
            loss += share * (gain.value + weight * apart.value)
            let line = lines.decision(visible: visible[action.row], trust: trust[action.row])
            let decision = share * (gain.slope * now.decision + weight * apart.decision)
            slopes[0][action.row] += Float(decision * line.visible)
            slopes[1][action.row] += Float(decision * line.trust)
            let mean = share * (gain.slope * now.mean + weight * apart.mean)
            let deviation = share * (gain.slope * now.logDeviation + weight * apart.logDeviation)
            for place in 0..<4 {
                let number = 1 / (1 + exp(-Double(boxes[4 * action.row + place])))
                // Of the centre by its logit, and of a side's logarithm by that of the side.
                let inner = place < 2 ? number * (1 - number) : 1 - number
                slopes[2][4 * action.row + place] += Float(mean[place] * inner)
                slopes[3][place] += Float(deviation[place])
            }
        }
        block.fill(Float(loss))
        record(out) { [self] (gradient) throws(ShapeError) in
            for (source, slope) in zip(sources.all, slopes) {
                try accumulate(gradientOf: source) { (into) throws(ShapeError) in
                    try axpy(&into, alpha: gradient[0], slope.span)
                }
            }
        }
        return out
    }
}

/// What a model says of the entities of a batch that have a picture.
struct OffsetStart {
    /// Logits of being visible, one an entity.
    var visible: [Float]
    /// Logits of the box being right, one an entity.
    var trust: [Float]
    /// Logits of the four numbers of its box, four an entity.
    var boxes: [Float]

    /// The policies, one an entity.
    ///
    /// - Parameter deviations: Logarithms of the standard deviations.
    func policies(_ lines: Tape.OffsetLines, deviations: BoxOffsets.Numbers) -> [BoxOffsets] {
        visible.indices.map { row in
            var mean = BoxOffsets.Numbers()
            for place in 0..<4 {
                let logit = Double(boxes[4 * row + place])
                mean[place] = place < 2 ? 1 / (1 + exp(-logit)) : BoxOffsets.logLogistic(logit)
            }
            return BoxOffsets(
                decision: lines.decision(visible: visible[row], trust: trust[row]).value, mean: mean,
                logDeviation: deviations)
        }
    }
}
