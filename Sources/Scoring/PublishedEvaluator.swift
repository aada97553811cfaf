package import Corpora
import Geometry
import Text

/// Evaluators that published numbers come from, as far as they differ from the papers' rules: for reading those numbers.
package enum PublishedEvaluator: String, Sendable, CaseIterable {
    /// Entities are known by their names, a gold line is used once, and an overlap of one half is a hit.
    case riveg
    /// Entities are known by their names, equal names of a post collapse and the last one wins. (Its regions are numbers of candidate
    /// boxes; boxes stand for them here.)
    case hindex
    /// MQSPN's and UnCo's: each gold box is a row of its own, rows are sets, an overlap of one half is a hit, and posts where either side has
    /// no entity are left out of EEG and GMNER.
    case unco

    /// The MNER, EEG and GMNER scores that the evaluator would give.
    ///
    /// - Throws: ``DataError`` where the two sides are not about the same posts and texts.
    package func score(gold: LabelledData, predicted: LabelledData) throws(DataError) -> EvaluationReport {
        let identity: EntityIdentity = self == .unco ? .place : .name
        var pairs = try Alignment(gold: gold, predicted: predicted, identity: identity).pairs
        let rule = RegionRule(threshold: 0.5, inclusive: self != .hindex)
        if self == .hindex { pairs = pairs.map { (Self.lastOfEachName($0.gold), Self.lastOfEachName($0.predicted)) } }
        var report = EvaluationReport(posts: pairs.count, rule: rule)
        for task in [ScoringTask.mner, .eeg, .gmner] {
            var counts = Counts()
            for (right, said) in pairs {
                if self != .unco {
                    let score = PostScore(gold: right, predicted: said, tasks: [task], rule: rule)
                    counts += score.counts[task] ?? Counts()
                } else if !task.usesBoxes || !right.isEmpty && !said.isEmpty {
                    counts += Self.countRows(right, said, task, rule)
                }
            }
            report.tasks.append(TaskScore(task: task, counts: counts, byType: []))
        }
        return report
    }

    private static func lastOfEachName(_ entities: [LabelledEntity]) -> [LabelledEntity] {
        var last: [ExactString: LabelledEntity] = [:]
        for entity in entities { last[entity.name.exact] = entity }
        // Of equal names only the first has the place that both sides share.
        return entities.compactMap { entity in
            guard var kept = last.removeValue(forKey: entity.name.exact) else { return nil }
            kept.scalars = entity.scalars
            return kept
        }
    }

    /// Rows of span, type and box; a predicted box that hits a gold box of its span takes on that box's identity.
    private struct Row: Hashable {
        var scalars: Range<Int>
        var type: ExactString
        /// Number of the gold box; 0: none; below 0: a box that hits nothing.
        var region: Int
    }

    private static func countRows(
        _ gold: [LabelledEntity], _ predicted: [LabelledEntity], _ task: ScoringTask, _ rule: RegionRule
    ) -> Counts {
        let usesTypes = task != .eeg
        var boxes: [(scalars: Range<Int>, box: Int, overlap: (LabelledEntity) -> Double)] = []
        var right: Set<Row> = []
        for entity in gold {
            let type = (usesTypes ? entity.type : "").exact
            guard task.usesBoxes, let found = entity.boxes, !found.isEmpty else {
                right.insert(Row(scalars: entity.scalars, type: type, region: 0))
                continue
            }
            for box in found {
                boxes.append(
                    (entity.scalars, boxes.count + 1, { $0.boxes?.first?.intersectionOverUnion(box) ?? 0 }))
                right.insert(Row(scalars: entity.scalars, type: type, region: boxes.count))
            }
        }
        var said: Set<Row> = []
        for (index, entity) in predicted.enumerated() {
            let type = (usesTypes ? entity.type : "").exact
            var region = 0
            if task.usesBoxes, entity.isGrounded == true {
                region =
                    boxes.first { $0.scalars == entity.scalars && rule.accepts($0.overlap(entity)) }?.box ?? -1 - index
            }
            said.insert(Row(scalars: entity.scalars, type: type, region: region))
            // A box that hits nothing is counted a second time, as a region of nothing: right where there is nothing to see.
            if region < 0 { said.insert(Row(scalars: entity.scalars, type: type, region: 0)) }
        }
        return Counts(correct: right.intersection(said).count, predicted: said.count, gold: right.count)
    }
}
