import Foundation
package import Kernels
package import Model
package import Randomness
import Text

/// How rare fine types are learned.
package enum LongTail: String, Codable, Sendable, CaseIterable {
    /// Like others.
    case plain
    /// A mention counts as `1/√n`, `n` being how many there are of its type; the mean weight is 1.
    case weighted
    /// Scores are raised by the logarithm of their type's frequency while they are learned (logit adjustment, Menon et al.
    /// 2021), so that rare types have to score higher.
    case adjusted
}

/// Likelihood of coarse tags under a CRF, and cross-entropy of each gold mention's fine type among those of its coarse one.
package struct FineLikelihood<Forward: TaggingForward>: Objective {
    private let head: ParentMaskedHead
    /// What is added to the scores of each type in training, and what a mention of it counts.
    private let shifts: [Float]
    private let weights: [Float]

    /// - Parameter counts: how many mentions of each fine type there are to learn from.
    package init(_ head: ParentMaskedHead, _ tail: LongTail, counts: [Int]) {
        self.head = head
        let counts = counts.map { Float(max($0, 1)) }
        let all = counts.reduce(0, +)
        shifts = counts.map { tail == .adjusted ? log($0 / all) : 0 }
        // Σ n/√n = Σ √n mentions' worth of weight, spread over all of them.
        let scale = all / counts.reduce(0) { $0 + $1.squareRoot() }
        weights = counts.map { tail == .weighted ? scale / $0.squareRoot() : 1 }
    }

    /// The sum over texts and mentions; of two passes, the mean.
    package func term(
        _ forward: Forward, on tape: Tape, random: inout SeededGenerator
    ) throws(ShapeError) -> Tape.Value? {
        let tagging = forward.tagging
        let tags = tagging.tags(above: head.inventory, head.coarse)
        let gold = zip(tagging.lengths.ranges, tagging.spans).flatMap { text, spans in
            spans.map {
                let words = $0.words.lowerBound + text.lowerBound..<$0.words.upperBound + text.lowerBound
                return TagSet.Span(words: words, type: $0.type)
            }
        }
        return try tagging.mean(on: tape) { scores throws(ShapeError) in
            let loss = try tape.crfLoss(
                scores.rows, tags: tags, lengths: tagging.lengths, transitions: head.chain.transitions,
                start: head.chain.start, end: head.chain.end)
            return gold.isEmpty ? loss : try tape.add(loss, typeLoss(gold, scores.sheets[1].rows, on: tape))
        }
    }

    private func typeLoss(
        _ gold: [TagSet.Span], _ rows: Tape.Value, on tape: Tape
    ) throws(ShapeError) -> Tape.Value {
        let parents = head.inventory.coarseTypes
        // Far enough below all others to have no share.
        let masks = gold.flatMap { span in
            parents.indices.map { parents[$0] == parents[span.type] ? shifts[$0] : -1e4 }
        }
        let logits = try tape.add(
            head.fineScores(of: gold.map(\.words), in: rows, on: tape),
            tape.constant(rows: gold.count, columns: parents.count, masks.span))
        return try tape.crossEntropy(
            logits, gold.map { Int32($0.type) }, weights: gold.map { weights[$0.type] })
    }
}

extension ParentMaskedHead: LearnedHead {
    package func likelihood<Forward: TaggingForward>() -> WeightedObjective<Forward> {
        likelihood(.plain, counts: [Int](repeating: 1, count: inventory.count))
    }

    /// The same, with rare types learned in some way.
    func likelihood<Forward: TaggingForward>(_ tail: LongTail, counts: [Int]) -> WeightedObjective<Forward> {
        WeightedObjective("fine", FineLikelihood(self, tail, counts: counts))
    }
}

/// Likelihood of coarse tags beside fine ones (GEM).
package struct CoarseLikelihood<Forward: TaggingForward>: Objective {
    private let head: TransferHead

    /// The likelihood under a head's coarse chain.
    package init(_ head: TransferHead) { self.head = head }

    /// The sum over the sequences; of two passes, the mean.
    package func term(
        _ forward: Forward, on tape: Tape, random: inout SeededGenerator
    ) throws(ShapeError) -> Tape.Value? {
        let tagging = forward.tagging
        let tags = tagging.tags(above: head.tags.inventory, head.coarse)
        return try tagging.mean(on: tape) { scores throws(ShapeError) in
            try tape.crfLoss(
                scores.sheets[1].rows, tags: tags, lengths: tagging.lengths, transitions: head.coarseChain.transitions,
                start: head.coarseChain.start, end: head.coarseChain.end)
        }
    }
}

extension TransferHead: LearnedHead {}

extension Tagging {
    /// Gold tags by the coarser types above their own.
    func tags(above fine: TypeInventory, _ coarse: TagSet) -> [Int32] {
        let set = TagSet(fine)
        return tags.map { tag in
            guard let type = set.type(of: Int(tag)) else { return tag }
            let parent = fine.coarseTypes[type]
            return Int32(set.isInside(Int(tag)) ? coarse.inside(parent) : coarse.begin(parent))
        }
    }
}
