import Corpora
import Geometry
import Text
import Wire

/// What one post adds to the scores.
struct PostScore {
    /// An entity that both sides have: whether it can be seen, and what was said of that.
    struct GateDecision {
        var isGrounded: Bool
        var saidGrounded: Bool
        var visible: Float?
    }

    /// Sums by task.
    var counts: [ScoringTask: Counts] = [:]
    /// The same by type; fine types where the task compares those.
    var countsByType: [ScoringTask: [ExactString: Counts]] = [:]
    /// Sums over the entities that can be seen, and over those that cannot.
    var grounded: [ScoringTask: Counts] = [:]
    var ungrounded: [ScoringTask: Counts] = [:]
    /// One for each entity that both sides have.
    var gate: [GateDecision] = []
    /// Best overlap of each entity that both sides have a box for.
    var overlaps: [Double] = []

    /// Compares what was predicted for a post with what is right.
    init(gold: [LabelledEntity], predicted: [LabelledEntity], tasks: [ScoringTask], rule: RegionRule) {
        let groups = SpanGroups(gold: gold, predicted: predicted)
        for task in tasks {
            let pairs = groups.pairs { isRight(predicted[$0], gold[$1], task, rule) }
            add(task, pairs.map { gold[$0.gold] }, predicted: predicted, gold: gold)
        }
        for pair in groups.pairs({ _, _ in true }) {
            let (said, right) = (predicted[pair.predicted], gold[pair.gold])
            guard let isGrounded = right.isGrounded else { continue }
            gate.append(
                GateDecision(
                    isGrounded: isGrounded, saidGrounded: said.isGrounded == true, visible: said.visible))
            if isGrounded, let best = bestOverlap(said, right) { overlaps.append(best) }
        }
    }

    /// As many pairs as can be made of predictions and the gold entities that they are right about, each used once.
    static func pairs(
        predicted: [LabelledEntity], gold: [LabelledEntity], _ task: ScoringTask, _ rule: RegionRule
    ) -> [(predicted: Int, gold: Int)] {
        SpanGroups(gold: gold, predicted: predicted).pairs {
            isRight(predicted[$0], gold[$1], task, rule)
        }
    }

    private mutating func add(
        _ task: ScoringTask, _ correct: [LabelledEntity], predicted: [LabelledEntity],
        gold: [LabelledEntity]
    ) {
        func count(_ entities: [LabelledEntity], as unit: Counts) {
            for entity in entities {
                let type = (task.usesFineTypes ? entity.fineType ?? entity.type : entity.type).exact
                counts[task, default: Counts()] += unit
                if task.usesTypes { countsByType[task, default: [:]][type, default: Counts()] += unit }
                if entity.isGrounded == true {
                    grounded[task, default: Counts()] += unit
                } else {
                    ungrounded[task, default: Counts()] += unit
                }
            }
        }
        count(correct, as: Counts(correct: 1))
        count(predicted, as: Counts(predicted: 1))
        count(gold, as: Counts(gold: 1))
    }
}

/// Whether a prediction over the right words is right for a task.
func isRight(
    _ predicted: LabelledEntity, _ gold: LabelledEntity, _ task: ScoringTask, _ rule: RegionRule
) -> Bool {
    switch task {
    case .span: true
    case .mner: predicted.type.exact == gold.type.exact
    case .fineMNER: predicted.fineType?.exact == gold.fineType?.exact
    case .eeg: hasRightBox(predicted, gold, rule)
    case .gmner: predicted.type.exact == gold.type.exact && hasRightBox(predicted, gold, rule)
    case .fmnerg:
        predicted.fineType?.exact == gold.fineType?.exact && hasRightBox(predicted, gold, rule)
    case .smner: predicted.type.exact == gold.type.exact && hasRightMask(predicted, gold, rule)
    }
}

/// Both say that there is nothing to see, or a box said hits one of the right ones. Who says nothing says that there is nothing.
private func hasRightBox(_ predicted: LabelledEntity, _ gold: LabelledEntity, _ rule: RegionRule)
    -> Bool
{
    let right = gold.boxes ?? []
    guard predicted.isGrounded == true else { return right.isEmpty }
    return bestOverlap(predicted, gold).map(rule.accepts) ?? false
}

private func bestOverlap(_ predicted: LabelledEntity, _ gold: LabelledEntity) -> Double? {
    // A model says one box; of several, as gold has them, the best counts.
    (predicted.boxes ?? []).flatMap { said in
        (gold.boxes ?? []).map { said.intersectionOverUnion($0) }
    }.max()
}

/// As ``hasRightBox``, in pixel sets; a prediction with a box and no mask is all of the box.
private func hasRightMask(_ predicted: LabelledEntity, _ gold: LabelledEntity, _ rule: RegionRule)
    -> Bool
{
    let right = gold.masks ?? []
    guard predicted.isGrounded == true, let picture = right.first?.picture else {
        return right.isEmpty && predicted.isGrounded != true
    }
    let said =
        predicted.masks ?? (predicted.boxes ?? []).compactMap { Mask(picture: picture, filling: $0) }
    return said.flatMap { mask in right.map { mask.intersectionOverUnion($0) } }.max().map(
        rule.accepts) ?? false
}

extension Mask {
    /// All pixels whose centre lies in a box.
    init?(picture: ImageSize, filling box: PixelBox) {
        let (left, top, right, bottom) = (
            Double(box.x1), Double(box.y1), Double(box.x2), Double(box.y2)
        )
        self.init(
            picture: picture, polygon: [(left, top), (right, top), (right, bottom), (left, bottom)])
    }
}

/// The entities of both sides of a post, put together by where they stand.
private struct SpanGroups {
    private var groups: [(predicted: [Int], gold: [Int])] = []

    init(gold: [LabelledEntity], predicted: [LabelledEntity]) {
        let places = Dictionary(grouping: gold.indices) { gold[$0].scalars }
        let said = Dictionary(grouping: predicted.indices) { predicted[$0].scalars }
        for (scalars, right) in places {
            if let said = said[scalars] { groups.append((said, right)) }
        }
    }

    /// As many pairs of a prediction and a gold entity as can be made, each used once (Kuhn 1955, by augmenting paths).
    func pairs(_ isRight: (_ predicted: Int, _ gold: Int) -> Bool) -> [(predicted: Int, gold: Int)] {
        var pairs: [(predicted: Int, gold: Int)] = []
        for (predicted, gold) in groups {
            var owner: [Int: Int] = [:]
            for said in predicted {
                var tried: Set<Int> = []
                _ = claim(said, gold, &owner, &tried, isRight)
            }
            pairs += owner.map { (predicted: $0.value, gold: $0.key) }
        }
        return pairs
    }

    /// Finds a gold entity for a prediction, moving others on where that helps.
    private func claim(
        _ said: Int, _ gold: [Int], _ owner: inout [Int: Int], _ tried: inout Set<Int>,
        _ isRight: (_ predicted: Int, _ gold: Int) -> Bool
    ) -> Bool {
        for right in gold where isRight(said, right) && tried.insert(right).inserted {
            if let other = owner[right], !claim(other, gold, &owner, &tried, isRight) { continue }
            owner[right] = said
            return true
        }
        return false
    }
}
