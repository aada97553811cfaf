package import Corpora
import Text

/// Two systems on the same posts: what each scores, whether the difference is more than chance, and where they differ.
package struct Comparison: Sendable {
    /// A task: sums of both, and their difference.
    package struct Task: Sendable {
        /// The task.
        package let task: ScoringTask
        /// Sums of the first system; without gold, of the second as measured by the first.
        package let one: Counts
        /// Sums of the second; `nil` without gold.
        package let other: Counts?
        /// 95 % confidence interval of the second's F1 less the first's, over draws of posts; `nil` where none was asked for.
        package let interval: ClosedRange<Double>?
        /// Probability of a difference as large by chance alone, by the same draws: twice the share on the other side of 0.
        package let chance: Double?

        /// The second's F1 less the first's.
        package var difference: Double? { other.map { $0.f1 - one.f1 } }
    }

    /// An entity that only one of the two has, and whether it is right; `nil` without gold.
    package struct Said: Sendable {
        /// What was said.
        package let entity: LabelledEntity
        /// Whether gold has it.
        package let isRight: Bool?
    }

    /// A post about which the two say different things.
    package struct Disagreement: Sendable {
        /// The post; its text may not be known.
        package let post: LabelledPost
        /// What only the first says.
        package let one: [Said]
        /// What only the second says.
        package let other: [Said]
        /// What both say, as the first has it.
        package let shared: [LabelledEntity]
        /// What is right; empty without gold.
        package let gold: [LabelledEntity]
    }

    /// Number of posts.
    package let posts: Int
    /// Whether there was gold to compare with.
    package let hasGold: Bool
    /// Scores by task.
    package let tasks: [Task]
    /// Posts with differences, in their order.
    package let disagreements: [Disagreement]

    /// Compares answers.
    ///
    /// - Throws: ``DataError`` where the sides are not about the same posts and texts.
    package init(
        _ one: LabelledData, _ other: LabelledData, gold: LabelledData?, by scorer: Scorer
    ) throws(DataError) {
        let rows = try Self.rows(one, other, gold)
        let boxes = [one, other].allSatisfy {
            $0.posts.contains { $0.entities.contains { $0.boxes != nil } }
        }
        let tasks = gold.map(Scorer.tasks) ?? [.span, .mner] + (boxes ? [.eeg, .gmner] : [])
        posts = rows.count
        hasGold = gold != nil
        self.tasks = tasks.map { Self.compare(rows, on: $0, scorer, hasGold: gold != nil) }
        let decisive: ScoringTask = tasks.contains(.gmner) && boxes ? .gmner : .mner
        disagreements = rows.compactMap { $0.disagreement(decisive, scorer.rule, hasGold: gold != nil) }
    }

    private static func compare(_ rows: [Row], on task: ScoringTask, _ scorer: Scorer, hasGold: Bool) -> Task {
        func counts(_ gold: [LabelledEntity], _ said: [LabelledEntity]) -> Counts {
            PostScore(gold: gold, predicted: said, tasks: [task], rule: scorer.rule).counts[task] ?? Counts()
        }
        guard hasGold else {
            let agreement = rows.map { counts($0.one, $0.other) }.sum
            return Task(task: task, one: agreement, other: nil, interval: nil, chance: nil)
        }
        let (first, second) = (rows.map { counts($0.gold, $0.one) }, rows.map { counts($0.gold, $0.other) })
        let bootstrap = Bootstrap(samples: scorer.bootstrapSamples, seed: scorer.seed)
        let draws = bootstrap.draws(of: rows.count) { drawn in
            var (one, other) = (Counts(), Counts())
            for post in drawn {
                one += first[post]
                other += second[post]
            }
            return other.f1 - one.f1
        }
        return Task(
            task: task, one: first.sum, other: second.sum, interval: Bootstrap.middle(draws),
            chance: draws.isEmpty ? nil : Self.chance(draws))
    }

    private static func chance(_ draws: [Double]) -> Double {
        let (below, above) = (draws.count { $0 <= 0 }, draws.count { $0 >= 0 })
        return min(1, 2 * Double(min(below, above)) / Double(draws.count))
    }

    /// A post on all sides.
    private struct Row {
        var post: LabelledPost
        var gold: [LabelledEntity]
        var one: [LabelledEntity]
        var other: [LabelledEntity]

        func disagreement(_ task: ScoringTask, _ rule: RegionRule, hasGold: Bool) -> Disagreement? {
            let same = PostScore.pairs(predicted: other, gold: one, task, rule)
            func said(_ entities: [LabelledEntity], without: Set<Int>) -> [Said] {
                let right = Set(
                    PostScore.pairs(predicted: entities, gold: gold, task, rule).map(\.predicted))
                return entities.indices.filter { !without.contains($0) }.map {
                    Said(entity: entities[$0], isRight: hasGold ? right.contains($0) : nil)
                }
            }
            let (mine, theirs) = (
                said(one, without: Set(same.map(\.gold))), said(other, without: Set(same.map(\.predicted)))
            )
            return mine.isEmpty && theirs.isEmpty
                ? nil
                : Disagreement(
                    post: post, one: mine, other: theirs, shared: Set(same.map(\.gold)).sorted().map { one[$0] },
                    gold: gold)
        }
    }

    private static func rows(
        _ one: LabelledData, _ other: LabelledData, _ gold: LabelledData?
    ) throws(DataError) -> [Row] {
        if let gold {
            let first = try Alignment(gold: gold, predicted: one, identity: .place).pairs
            let second = try Alignment(gold: gold, predicted: other, identity: .place).pairs
            return gold.posts.indices.map { index in
                Row(
                    post: gold.posts[index], gold: first[index].gold, one: first[index].predicted,
                    other: second[index].predicted)
            }
        }
        // Where one leaves out posts without entities, the other may have them.
        var first = one
        if first.leavesOutEmpty { try first.addEmpty(of: other) }
        let pairs = try Alignment(gold: first, predicted: other, identity: .place).pairs
        return first.posts.indices.map { index in
            Row(post: first.posts[index], gold: [], one: pairs[index].gold, other: pairs[index].predicted)
        }
    }
}
