package import Corpora
import Text

/// Compares predictions with gold posts by the rules of the field.
///
/// An entity is known by its post, start and end. One that is given twice counts twice as a prediction, but a gold entity is found
/// once at most. One that is unsure counts on neither side, whatever is said of it. Sums run over all posts, also those where either
/// side has no entity (micro average).
package struct Scorer: Sendable {
    /// What to compute; `nil`: all that the gold data allows.
    package var tasks: [ScoringTask]?
    /// When a region counts as hit.
    package var rule = RegionRule()
    /// What makes two entities of a post the same one.
    package var identity = EntityIdentity.place
    /// How many samples of posts the confidence intervals come from; 0: no intervals.
    package var bootstrapSamples = 1000
    /// Seed of those samples.
    package var seed: UInt64 = 0

    /// A scorer by the rules of the papers.
    package init() {}

    /// Scores predictions.
    ///
    /// - Throws: ``DataError`` where the two sides are not about the same posts and texts.
    package func score(gold: LabelledData, predicted: LabelledData) throws(DataError) -> EvaluationReport {
        let pairs = try Alignment(gold: gold, predicted: predicted, identity: identity).pairs
        let tasks = self.tasks ?? Self.tasks(for: gold)
        let scores = pairs.map { PostScore(gold: $0.gold, predicted: $0.predicted, tasks: tasks, rule: rule) }
        var report = EvaluationReport(posts: scores.count, rule: rule)
        let bootstrap = Bootstrap(samples: bootstrapSamples, seed: seed)
        for task in tasks {
            let counts = scores.map { $0.counts[task] ?? Counts() }
            report.tasks.append(
                TaskScore(
                    task: task, counts: counts.sum, interval: bootstrap.interval(of: counts, \.f1),
                    byType: Self.merge(scores.map { $0.countsByType[task] ?? [:] }, order: gold.typeNames),
                    grounded: task.usesBoxes ? scores.map { $0.grounded[task] ?? Counts() }.sum : nil,
                    ungrounded: task.usesBoxes ? scores.map { $0.ungrounded[task] ?? Counts() }.sum : nil))
        }
        let gate = scores.flatMap(\.gate)
        if !gate.isEmpty { report.gate = GateScore(gate) }
        let overlaps = scores.flatMap(\.overlaps)
        if !overlaps.isEmpty { report.overlap = OverlapScore(overlaps, rule: rule) }
        report.uncertainty = TriplePart.allCases.compactMap { part in
            let decisions = pairs.map {
                PostScore.decisions(on: part, gold: $0.gold, predicted: $0.predicted, rule)
            }
            return UncertaintyScore(part, decisions, bootstrap)
        }
        return report
    }

    /// What each post adds to the score of one task, in the order of gold.
    ///
    /// - Throws: ``DataError`` where the two sides are not about the same posts and texts.
    package func counts(
        of task: ScoringTask, gold: LabelledData, predicted: LabelledData
    ) throws(DataError) -> [Counts] {
        try Alignment(gold: gold, predicted: predicted, identity: identity).pairs.map { gold, predicted in
            PostScore(gold: gold, predicted: predicted, tasks: [task], rule: rule).counts[task] ?? Counts()
        }
    }

    /// The tasks that gold data allows: those whose labels it has.
    static func tasks(for gold: LabelledData) -> [ScoringTask] {
        let entities = gold.posts.lazy.flatMap(\.entities)
        let hasBoxes = entities.contains { $0.boxes != nil }
        let hasMasks = entities.contains { $0.masks != nil }
        let hasFineTypes = entities.contains { $0.fineType != nil }
        return ScoringTask.allCases.filter { task in
            (!task.usesBoxes || hasBoxes) && (task != .smner || hasMasks) && (!task.usesFineTypes || hasFineTypes)
        }
    }

    /// Sums by type, in the inventory's order, others after it by name.
    private static func merge(_ parts: [[ExactString: Counts]], order: [String]) -> [(type: String, counts: Counts)] {
        var sums: [ExactString: Counts] = [:]
        for part in parts {
            for (type, counts) in part { sums[type, default: Counts()] += counts }
        }
        let place = Dictionary(
            order.enumerated().map { ($1.exact, $0) }, uniquingKeysWith: { first, _ in first })
        return sums.sorted { (place[$0.key] ?? .max, $0.key) < (place[$1.key] ?? .max, $1.key) }
            .map { (type: $0.key.string, counts: $0.value) }
    }
}

extension [Counts] {
    /// The sum over posts.
    package var sum: Counts { reduce(into: Counts()) { $0 += $1 } }
}

/// What makes a prediction and a gold entity of a post the same one.
package enum EntityIdentity: String, Sendable, CaseIterable {
    /// Start and end are equal.
    case place
    /// The names are equal, as CCKS-2025 has it, whose data has no offsets. A name that stands twice counts twice.
    case name
}
