package import Kernels
package import Model
package import Randomness
import Text

/// A set of queries against the mentions of a text (MQSPN, AAAI 2025; after DETR, Carion et al. 2020): each mention is matched
/// with the queries that say it best, by the Hungarian method, and those learn to say it; the others learn to be none.
///
/// The cost of a query for a mention is `−(p(type) + p(begin) + p(end))`. Mentions are given to several queries each, so that
/// more of them learn. Nothing is learned through the matching. Each pass, one for each layer, is matched anew.
package struct SetMatching<Forward: TaggingForward>: Objective {
    private let head: QuerySetHead
    private let repeats: Int

    /// - Parameter repeats: to how many queries a mention is given, as far as there are queries.
    package init(_ head: QuerySetHead, repeats: Int = 4) {
        self.head = head
        self.repeats = repeats
    }

    /// Which queries say which mentions.
    struct Match {
        /// Class of each query, 0 for none.
        var classes: [Int32] = []
        /// For each pair of query and word whether the mention begins and ends there.
        var places: [Float] = []
        /// 1 for pairs of queries that say a mention.
        var weights: [Float] = []
        /// Queries that say a mention.
        var count = 0
    }

    /// `2 CE(type) + 2 (BCE(begin) + BCE(end))`, the mean over the mentions times the texts, summed over the passes; classes of
    /// queries that are none weigh as much together as those of the others.
    package func term(
        _ forward: Forward, on tape: Tape, random: inout SeededGenerator
    ) throws(ShapeError) -> Tape.Value? {
        let tagging = forward.tagging
        return try tagging.sum(on: tape) { scores throws(ShapeError) in
            let match = try match(tape.array(scores), tagging)
            let others = match.classes.count - match.count
            let share = Float(max(match.count, 1)) / Float(max(others, 1))
            let kinds = try tape.crossEntropy(
                scores.sheets[1].rows, match.classes, weights: match.classes.map { $0 == 0 ? share : 1 })
            let ends = try tape.binaryCrossEntropy(scores.rows, match.places, weights: match.weights)
            return try tape.scale(
                tape.add(kinds, ends), by: 2 * Float(tagging.lengths.count) / Float(max(match.count, 1)))
        }
    }

    func match(_ scores: [[Float]], _ tagging: Tagging) throws(ShapeError) -> Match {
        var match = Match()
        for (index, numbers) in scores.enumerated() {
            try add(to: &match, numbers, words: tagging.lengths[index], tagging.spans[index])
        }
        return match
    }

    private func add(
        to match: inout Match, _ scores: [Float], words: Int, _ gold: [TagSet.Span]
    ) throws(ShapeError) {
        let (queries, types) = (head.configuration.queries, head.inventory.count)
        // More mentions than queries: the last ones are nobody's.
        let gold = Array(gold.prefix(queries))
        let copies = gold.isEmpty ? 0 : min(repeats, queries / gold.count)
        let shares = (0..<queries).map { query in
            let first = queries * words * 2 + query * (types + 1)
            return scores[first..<first + types + 1].softmax
        }
        let costs = gold.flatMap { span in
            (0..<queries).map { query -> Double in
                let begin = logistic(scores[(query * words + span.words.lowerBound) * 2])
                let end = logistic(scores[(query * words + span.words.upperBound - 1) * 2 + 1])
                return -Double(shares[query][span.type + 1] + begin + end)
            }
        }
        let wanted = [[TagSet.Span]](repeating: gold, count: copies).flatMap(\.self)
        let repeated = [[Double]](repeating: costs, count: copies).flatMap(\.self)
        let columns = try Assignment.columns(repeated, rows: wanted.count, columns: queries)
        var classes = [Int32](repeating: 0, count: queries)
        var places = [Float](repeating: 0, count: queries * words * 2)
        var weights = places
        for (span, query) in zip(wanted, columns) {
            classes[query] = Int32(span.type + 1)
            places[(query * words + span.words.lowerBound) * 2] = 1
            places[(query * words + span.words.upperBound - 1) * 2 + 1] = 1
            for place in query * words * 2..<(query + 1) * words * 2 { weights[place] = 1 }
        }
        match.classes += classes
        match.places += places
        match.weights += weights
        match.count += wanted.count
    }
}

extension QuerySetHead: LearnedHead {
    /// Queries are matched anew in every pass.
    package var agrees: Bool { false }

    package func likelihood<Forward: TaggingForward>() -> WeightedObjective<Forward> {
        WeightedObjective("set", SetMatching(self))
    }

    package func passes(
        _ words: Tape.Value, lengths: [Int], evidence: ShownEvidence<Tape.Value>, dropout: Float, on tape: Tape
    ) throws(ShapeError) -> [TagScores<Tape.Value>] {
        try passes(of: words, lengths: lengths, evidence: evidence, dropout: dropout, on: tape)
    }
}
