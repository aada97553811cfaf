import Geometry

/// The scores of one comparison.
package struct EvaluationReport: Sendable {
    /// Number of posts.
    package var posts: Int
    /// When a region counted as hit.
    package var rule: RegionRule
    /// Scores by task.
    package var tasks: [TaskScore] = []
    /// How well visible entities were told from others; `nil` where gold does not say.
    package var gate: GateScore?
    /// How well boxes fit; `nil` where no entity has a box on both sides.
    package var overlap: OverlapScore?
    /// How well what a model is unsure of foretells what it has wrong, part by part; none where no prediction says.
    package var uncertainty: [UncertaintyScore] = []

    /// The score of a task, if it was computed.
    package subscript(_ task: ScoringTask) -> TaskScore? { tasks.first { $0.task == task } }
}

/// The score of one task.
package struct TaskScore: Sendable {
    /// The task.
    package var task: ScoringTask
    /// Sums over all posts.
    package var counts: Counts
    /// 95 % confidence interval of F1; `nil` where none was asked for.
    package var interval: ClosedRange<Double>?
    /// Sums by type: right ones by their type, predictions by the type they have.
    package var byType: [(type: String, counts: Counts)]
    /// Sums over entities that can be seen: gold ones with boxes, predictions with a box. `nil` where boxes do not matter.
    package var grounded: Counts?
    /// Sums over the others.
    package var ungrounded: Counts?

    /// Mean of the types' F1, over the types that gold has.
    package var macroF1: Double {
        let types = byType.filter { $0.counts.gold > 0 }
        return types.isEmpty ? 0 : types.reduce(0) { $0 + $1.counts.f1 } / Double(types.count)
    }
}

/// How well visible entities were told from others, over the entities whose start and end were found.
package struct GateScore: Sendable, Equatable {
    /// Number of entities.
    package var count: Int
    /// Share for which the prediction has a box exactly where gold has one.
    package var accuracy: Double
    /// Probability that a visible entity got a higher `visible` than another one, ties counting half; `nil` where not every prediction
    /// has the number, or all entities are of one kind.
    package var auc: Double?

    init(_ decisions: [PostScore.GateDecision]) {
        count = decisions.count
        let right = decisions.count { $0.isGrounded == $0.saidGrounded }
        accuracy = Double(right) / Double(max(1, decisions.count))
        let scored = decisions.compactMap { decision in
            decision.visible.map { (score: Double($0), isPositive: decision.isGrounded) }
        }
        guard scored.count == decisions.count else { return }
        auc = areaUnderROC(scored)
    }
}

/// How well boxes fit, over entities with the right start and end and with boxes on both sides.
package struct OverlapScore: Sendable, Equatable {
    /// Number of entities.
    package var count: Int
    /// Mean of their best intersection over union.
    package var mean: Double
    /// Its median.
    package var median: Double
    /// Share that counts as hit.
    package var hits: Double
    /// How many fall into each tenth: 0…0.1, …, 0.9…1.
    package var tenths: [Int]

    init(_ overlaps: [Double], rule: RegionRule) {
        let sorted = overlaps.sorted()
        count = sorted.count
        mean = sorted.reduce(0, +) / Double(max(1, sorted.count))
        let middle = sorted.count / 2
        median = sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
        hits = Double(sorted.count(where: rule.accepts)) / Double(max(1, sorted.count))
        tenths = [Int](repeating: 0, count: 10)
        for overlap in sorted { tenths[Int(overlap * 10, within: 0...9)] += 1 }
    }
}
