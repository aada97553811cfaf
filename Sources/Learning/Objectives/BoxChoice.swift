import Geometry
import Kernels
import Model
import Randomness

/// Which candidates of the second stage are right: each one of an entity whose place is known, against its overlap where that
/// is more than half, so that of several right candidates the best one wins; before a picture that has nothing to do with the
/// post, none is. A mean over an entity's candidates.
struct CandidateHits: Objective {
    func term(
        _ forward: EvidenceForward, on tape: Tape, random: inout SeededGenerator
    ) throws(ShapeError) -> Tape.Value? {
        guard let drawn = forward.drawn, let choice = drawn.choice else { return nil }
        let hits = drawn.hits(choice.candidates)
        let weights = drawn.entities.indices.flatMap { place in
            let isTold = !drawn.entities[place].boxes.isEmpty || drawn.saidByText[place] != nil
            return hits[place].map { _ in isTold && hits[place].count > 1 ? 1 / Float(hits[place].count) : 0 }
        }
        return try tape.binaryCrossEntropy(choice.scores, hits.flatMap(\.self), weights: weights)
    }
}

/// Which of its candidates an entity is, or whether it is nowhere, where one more candidate stands for that: the divergence from
/// the distribution that is in proportion to the overlaps of candidates that are right, or all on being nowhere, where the entity
/// cannot be seen or no candidate is right (UnCo, H-Index). Before a picture that has nothing to do with the post it is
/// somewhere as probably as the text tells, and any candidate is as good as another.
struct BoxChoice: Objective {
    func term(
        _ forward: EvidenceForward, on tape: Tape, random: inout SeededGenerator
    ) throws(ShapeError) -> Tape.Value? {
        guard let drawn = forward.drawn, let choice = drawn.choice, let nowhere = choice.nowhere else { return nil }
        let hits = drawn.hits(choice.candidates)
        let targets = zip(hits, drawn.saidByText).flatMap { Self.target(hits: $0, saidByText: $1) }
        let weights = zip(hits, drawn.entities).map { hits, entity -> Float in
            hits.count > 1 && (entity.isVisible == false || !entity.boxes.isEmpty) ? 1 : 0
        }
        let policies = choice.candidates.policies
        let logits = try tape.gather(tape.concatenateRows([choice.scores, nowhere]), policies.rows)
        return try tape.softCrossEntropy(logits, targets, runs: policies.runs, weights: weights)
    }

    /// How probable each candidate of an entity is to be, and being nowhere behind them.
    ///
    /// - Parameters:
    ///   - hits: overlaps of those that are right, 0 of others; there is at least one candidate.
    ///   - saidByText: how likely the text finds it that the entity is somewhere, where the picture cannot tell.
    static func target(hits: [Float], saidByText: Float?) -> [Float] {
        let sum = hits.reduce(0, +)
        if sum > 0 { return hits.map { $0 / sum } + [0] }
        let share = saidByText ?? 0
        return hits.map { _ in share / Float(hits.count) } + [1 - share]
    }
}

extension EvidenceForward.Drawn {
    /// Each entity's candidates: how far each overlaps one of its boxes, where that is more than half, else 0.
    fileprivate func hits(_ candidates: Candidates) -> [[Float]] {
        zip(candidates.ranges, entities).map { range, entity in
            candidates.all[range].map { candidate in
                let overlap = entity.boxes.reduce(Float(0)) { max($0, $1.overlap(candidate.box)) }
                return overlap > 0.5 ? overlap : 0
            }
        }
    }
}

extension Candidates {
    /// Each entity's candidates, then its being nowhere: their rows in all candidates' scores with the entities' logits of being
    /// nowhere below, and which of those rows are each entity's.
    var policies: (rows: [Int32], runs: [Range<Int>]) {
        var rows: [Int32] = []
        var runs: [Range<Int>] = []
        for (entity, range) in ranges.enumerated() {
            runs.append(rows.count..<rows.count + range.count + 1)
            rows += range.map(Int32.init) + [Int32(all.count + entity)]
        }
        return (rows, runs)
    }
}
