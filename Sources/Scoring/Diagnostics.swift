package import Corpora
import Geometry
import Text

/// What stands behind the scores of a comparison: how they depend on how sure a model was, and what is taken for what.
package struct Diagnostics: Sendable {
    /// Precision and recall of what a model is at least so sure of, for each sureness.
    package struct Curve: Sendable {
        /// What has to be right.
        package let task: ScoringTask
        /// From the surest on: the least score, and precision and recall of what has it.
        package let points: [(score: Double, precision: Double, recall: Double)]
        /// The area below, by steps.
        package let averagePrecision: Double
    }

    /// How often something is right, beside how often it says that it is.
    package struct Calibration: Sendable {
        /// The member of the answer that says so.
        package let name: String
        /// What being right means.
        package let meaning: String
        /// By tenths of what was said, as far as there are any: their mean, the share that is right, and how many.
        package let bins: [(said: Double, right: Double, count: Int)]
        /// Mean of the distance between the two over all (expected calibration error).
        package let error: Double
        /// How many there are.
        package let count: Int
    }

    /// The curves; none where a prediction has no score.
    package let curves: [Curve]
    /// How sure a model was of each entity that it found, and whether start, end and type are right; none where a prediction has
    /// no score.
    package let scores: [(said: Double, isRight: Bool)]
    /// What says how sure it is, as far as there is any.
    package let calibrations: [Calibration]
    /// Types, in the order of gold.
    package let types: [String]
    /// How often gold's type (row) was said to be another (column); the last row is what gold does not have, the last column
    /// what was not found.
    package let confusion: [[Int]]
    /// How well boxes fit; `nil` where no entity has a box on both sides.
    package let overlap: OverlapScore?
}

extension Scorer {
    /// What stands behind the scores.
    ///
    /// - Throws: ``DataError`` where the two sides are not about the same posts and texts.
    package func diagnose(gold: LabelledData, predicted: LabelledData) throws(DataError) -> Diagnostics {
        let pairs = try Alignment(gold: gold, predicted: predicted, identity: identity).pairs
        let usesBoxes = Self.tasks(for: gold).contains(.gmner)
        var tally = DiagnosticTally(types: gold.typeNames, rule: rule)
        for (right, said) in pairs { tally.add(gold: right, said: said, boxes: usesBoxes) }
        let overlaps = tally.overlaps
        return Diagnostics(
            curves: tally.curves(usesBoxes ? [.mner, .gmner] : [.mner]), scores: tally.scores,
            calibrations: tally.calibrations, types: tally.types, confusion: tally.confusion,
            overlap: overlaps.isEmpty ? nil : OverlapScore(overlaps, rule: rule))
    }
}

/// What is collected of posts.
private struct DiagnosticTally {
    private(set) var types: [String] = []
    private let rule: RegionRule
    private var places: [ExactString: Int] = [:]
    private var pairs: [(gold: Int?, said: Int?)] = []
    private var scored: [ScoringTask: [(said: Double, isRight: Bool)]] = [:]
    private var visible: [(said: Double, isRight: Bool)] = []
    private var boxed: [(said: Double, isRight: Bool)] = []
    private var gold = 0
    private var isScored = true
    private(set) var overlaps: [Double] = []

    init(types: [String], rule: RegionRule) {
        self.rule = rule
        for type in types { _ = place(of: type) }
    }

    private mutating func place(of type: String) -> Int {
        if let place = places[type.exact] { return place }
        places[type.exact] = types.count
        types.append(type)
        return types.count - 1
    }

    mutating func add(gold right: [LabelledEntity], said: [LabelledEntity], boxes: Bool) {
        gold += right.count
        isScored = isScored && said.allSatisfy { $0.score != nil }
        for task in [ScoringTask.mner, .gmner] where task == .mner || boxes {
            let hits = Set(PostScore.pairs(predicted: said, gold: right, task, rule).map(\.predicted))
            scored[task, default: []] += said.indices.map { (Double(said[$0].score ?? 0), hits.contains($0)) }
        }
        // What has the right type meets first; of what is left, what is about the same words.
        var met = PostScore.pairs(predicted: said, gold: right, .mner, rule)
        let (mine, theirs) = (Set(met.map(\.predicted)), Set(met.map(\.gold)))
        let restSaid = said.indices.filter { !mine.contains($0) }
        let restGold = right.indices.filter { !theirs.contains($0) }
        met += PostScore.pairs(predicted: restSaid.map { said[$0] }, gold: restGold.map { right[$0] }, .span, rule)
            .map { (predicted: restSaid[$0.predicted], gold: restGold[$0.gold]) }
        for pair in met { add(said[pair.predicted], right[pair.gold]) }
        let (found, used) = (Set(met.map(\.gold)), Set(met.map(\.predicted)))
        for index in right.indices where !found.contains(index) { pairs.append((place(of: right[index].type), nil)) }
        for index in said.indices where !used.contains(index) { pairs.append((nil, place(of: said[index].type))) }
    }

    /// Adds an entity that both sides have.
    private mutating func add(_ said: LabelledEntity, _ right: LabelledEntity) {
        pairs.append((place(of: right.type), place(of: said.type)))
        guard let isGrounded = right.isGrounded else { return }
        if let share = said.visible { visible.append((Double(share), isGrounded)) }
        let best = (said.boxes ?? []).flatMap { box in
            (right.boxes ?? []).map { box.intersectionOverUnion($0) }
        }.max()
        guard let best else { return }
        overlaps.append(best)
        if let share = said.boxScore { boxed.append((Double(share), rule.accepts(best))) }
    }

    var confusion: [[Int]] {
        var counts = [[Int]](repeating: [Int](repeating: 0, count: types.count + 1), count: types.count + 1)
        for pair in pairs { counts[pair.gold ?? types.count][pair.said ?? types.count] += 1 }
        return counts
    }

    var scores: [(said: Double, isRight: Bool)] { isScored ? scored[.mner] ?? [] : [] }

    var calibrations: [Diagnostics.Calibration] {
        [
            ("score", "start, end and type are right", scores),
            ("visible", "gold has a box", visible),
            ("box_score", "the box hits, of the boxes that were answered and can be right", boxed),
        ].filter { !$0.2.isEmpty }.map { name, meaning, all in
            var bins: [(said: Double, right: Double, count: Int)] = []
            for (_, members) in Dictionary(grouping: all, by: { Int($0.said * 10, within: 0...9) }) {
                let count = Double(members.count)
                let right = Double(members.count(where: \.isRight))
                bins.append((members.map(\.said).reduce(0, +) / count, right / count, members.count))
            }
            bins.sort { $0.said < $1.said }
            let error = bins.map { abs($0.said - $0.right) * Double($0.count) }.reduce(0, +) / Double(all.count)
            return Diagnostics.Calibration(name: name, meaning: meaning, bins: bins, error: error, count: all.count)
        }
    }

    func curves(_ tasks: [ScoringTask]) -> [Diagnostics.Curve] {
        guard isScored, gold > 0 else { return [] }
        return tasks.compactMap { task in
            let sorted = (scored[task] ?? []).sorted { $0.said > $1.said }
            var points: [(score: Double, precision: Double, recall: Double)] = []
            var (correct, area) = (0, 0.0)
            for (index, entity) in sorted.enumerated() {
                correct += entity.isRight ? 1 : 0
                // Those of the same score come together.
                if index + 1 < sorted.count, sorted[index + 1].said == entity.said { continue }
                let (precision, recall) = (Double(correct) / Double(index + 1), Double(correct) / Double(gold))
                area += (recall - (points.last?.recall ?? 0)) * precision
                points.append((entity.said, precision, recall))
            }
            return points.isEmpty ? nil : Diagnostics.Curve(task: task, points: points, averagePrecision: area)
        }
    }
}
