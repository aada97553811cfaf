import Geometry
import Kernels
import Model
import Randomness

/// What the second stage learns from.
///
/// Each candidate of an entity whose place is known, against its overlap where that is more than half, so that of several
/// right candidates the best one wins; a mean over an entity's candidates. Where one more candidate stands for being nowhere:
/// the divergence from the distribution that is in proportion to these overlaps, or all on that candidate, where the entity
/// cannot be seen or no candidate is right (UnCo, H-Index).
struct BoxChoice: Objective {
    func term(
        _ forward: EvidenceForward, on tape: Tape, random: inout SeededGenerator
    ) throws(ShapeError) -> Tape.Value? {
        guard let drawn = forward.drawn, let choice = drawn.choice else { return nil }
        let ranges = choice.candidates.ranges
        let hits = zip(ranges, drawn.entities).map { range, entity in
            choice.candidates.all[range].map { candidate in
                let overlap = entity.boxes.reduce(Float(0)) { max($0, $1.overlap(candidate.box)) }
                return overlap > 0.5 ? overlap : 0
            }
        }
        guard let nowhere = choice.nowhere else {
            let weights = zip(hits, drawn.entities).flatMap { hits, entity in
                let isTold = hits.count > 1 && !entity.boxes.isEmpty
                return hits.map { _ in isTold ? 1 / Float(hits.count) : 0 }
            }
            return try tape.binaryCrossEntropy(choice.scores, hits.flatMap(\.self), weights: weights)
        }
        let targets = hits.flatMap { hits in
            let sum = hits.reduce(0, +)
            return sum > 0 ? hits.map { $0 / sum } + [0] : hits + [1]
        }
        let weights = zip(hits, drawn.entities).map { hits, entity -> Float in
            hits.count > 1 && (entity.isVisible == false || !entity.boxes.isEmpty) ? 1 : 0
        }
        let policies = choice.candidates.policies
        let logits = try tape.gather(tape.concatenateRows([choice.scores, nowhere]), policies.rows)
        return try tape.softCrossEntropy(logits, targets, runs: policies.runs, weights: weights)
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
