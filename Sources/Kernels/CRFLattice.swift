import Glibc

/// All sequences of tags for one sequence of words, summed up from both ends: what a ``CRF`` says of its emissions.
///
/// `forward[i, k] = log Σ exp(score)` over the beginnings that end in tag `k` at word `i`, emission included;
/// `backward[i, k]` the same over what may follow, emission `i` not included (Rabiner 1989, III).
package struct CRFLattice: Sendable {
    /// The number of words.
    package let length: Int
    /// The number of tags.
    var tags: Int { crf.tags }
    /// `log Z`; 0 without words.
    package let logPartition: Double
    private let crf: CRF
    private let emissions: [Double]
    private let forward: [Double]
    private let backward: [Double]

    /// Sums up over `emissions`, which are `words × tags`.
    package init(_ crf: CRF, _ emissions: Span<Float>) throws(ShapeError) {
        self.crf = crf
        length = try crf.length(emissions, "CRFLattice")
        let length = length, tags = crf.tags
        let scores = emissions.indices.map { Double(emissions[$0]) }
        var forward = scores, backward = [Double](repeating: 0, count: scores.count)
        for tag in 0..<min(tags, scores.count) { forward[tag] += crf.start[tag] }
        for i in 1..<max(length, 1) {
            let before = Array(forward[(i - 1) * tags..<i * tags])
            for (tag, sum) in Self.move(before, crf, onward: true).enumerated() { forward[i * tags + tag] += sum }
        }
        for i in (0..<length).reversed() {
            let after = ((i + 1) * tags..<(i + 2) * tags)
            let sums =
                i == length - 1
                ? crf.end : Self.move(after.map { scores[$0] + backward[$0] }, crf, onward: false)
            backward.replaceSubrange(i * tags..<(i + 1) * tags, with: sums)
        }
        logPartition =
            length == 0
            ? 0 : logSumExp(tags) { forward[(length - 1) * tags + $0] + crf.end[$0] }
        self.emissions = scores
        self.forward = forward
        self.backward = backward
    }

    /// `log Σⱼ exp(values[j] + transitions[j, k])` for each `k`, or, backward, `log Σₖ exp(values[k] + transitions[j, k])`
    /// for each `j`.
    private static func move(_ values: [Double], _ crf: CRF, onward: Bool) -> [Double] {
        let tags = crf.tags, powers = crf.powers.span
        let top = values.max() ?? 0
        let weights = values.map { exp($0 - top) }
        var sums = [Double](repeating: 0, count: tags)
        for j in 0..<tags {
            let row = powers.extracting(j * tags..<(j + 1) * tags)
            if onward {
                let weight = weights[j]
                for k in 0..<tags { sums[k] += weight * row[k] }
            } else {
                var sum = 0.0
                for k in 0..<tags { sum += weights[k] * row[k] }
                sums[j] = sum
            }
        }
        return sums.indices.map { tag in
            // What is too small or too large as a power is summed up as a logarithm.
            guard sums[tag] > 1e-290, sums[tag] < .infinity else {
                return logSumExp(tags) { values[$0] + crf.transitions[onward ? $0 * tags + tag : tag * tags + $0] }
            }
            return top + log(sums[tag])
        }
    }

    /// The probability that word `i` has tag `k`.
    package func marginal(_ i: Int, _ k: Int) -> Double {
        exp(forward[i * crf.tags + k] + backward[i * crf.tags + k] - logPartition)
    }

    /// The probability that word `i` has tag `j` and the next one tag `k`.
    package func marginal(_ i: Int, _ j: Int, then k: Int) -> Double {
        let next = (i + 1) * crf.tags + k
        return exp(
            forward[i * crf.tags + j] + crf.transitions[j * crf.tags + k] + emissions[next] + backward[next]
                - logPartition)
    }

    /// The probability that exactly `span` is an entity of one type: its first word has tag `begin`, the others tag
    /// `inside`, and the word behind it does not go on with `inside`.
    package func probability(of span: Range<Int>, begin: Int, inside: Int) throws(ShapeError) -> Double {
        let tags = crf.tags
        try check(
            !span.isEmpty && span.lowerBound >= 0 && span.upperBound <= length && (0..<tags).contains(begin)
                && (0..<tags).contains(inside), "CRFLattice.probability",
            expected: "a span within \(length) words and tags below \(tags)", got: "\(span), \(begin), \(inside)")
        var score = forward[span.lowerBound * tags + begin]
        var last = begin
        for i in span.dropFirst() {
            score += crf.transitions[last * tags + inside] + emissions[i * tags + inside]
            last = inside
        }
        if span.upperBound == length {
            score += crf.end[last]
        } else {
            score += logSumExp(tags) {
                let next = span.upperBound * tags + $0
                return $0 == inside
                    ? -.infinity : crf.transitions[last * tags + $0] + emissions[next] + backward[next]
            }
        }
        return exp(score - logPartition)
    }

    /// The score of what is expected of sequences of tags, under the field and the emissions that are summed up here.
    func score(_ expected: TagExpectations) throws(ShapeError) -> Double {
        let emissions = emissions.map { Float($0) }
        return try crf.score(emissions.span, expected)
    }
}
