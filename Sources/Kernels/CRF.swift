import Glibc

/// Which tags may start a sequence and which may follow which; what is not allowed has probability 0.
package struct TagMoves: Sendable, Equatable {
    /// Whether a sequence may start with a tag.
    package let starts: [Bool]
    /// Whether tag `to` may follow tag `from`, at `from · tags + to`.
    package let moves: [Bool]

    /// A mask over `starts.count` tags.
    ///
    /// - Throws: ``ShapeError`` unless `moves` has a value for each pair of tags.
    package init(starts: [Bool], moves: [Bool]) throws(ShapeError) {
        try check(moves.count, starts.count, starts.count, "TagMoves", "moves")
        self.starts = starts
        self.moves = moves
    }
}

/// A linear-chain conditional random field over sequences of tags (Lafferty et al. 2001).
///
/// The score of tags `y` is `start[y₁] + Σ emissions[i, yᵢ] + Σ transitions[yᵢ₋₁, yᵢ] + end[yₙ]`, and their
/// probability `exp(score − log Z)`, where `Z` sums over all sequences. Everything is computed in `Double`.
package struct CRF: Sendable {
    /// The number of tags.
    package let tags: Int
    let transitions: [Double]
    /// `exp(transitions)`: with it, a sum over all moves is a product with a matrix.
    let powers: [Double]
    let start: [Double]
    let end: [Double]

    /// A field over the tags of `start`: `transitions` is `tags × tags`, from row to column.
    ///
    /// - Parameter allowed: moves that may be made; all when `nil`.
    package init(
        transitions: Span<Float>, start: Span<Float>, end: Span<Float>, allowed: TagMoves? = nil
    ) throws(ShapeError) {
        tags = start.count
        try check(tags > 0, "CRF", expected: "one tag or more", got: "none")
        try check(transitions.count, tags, tags, "CRF", "transitions")
        try check(end.count, 1, tags, "CRF", "end")
        try check(allowed?.starts.count ?? tags, 1, tags, "CRF", "allowed")
        self.transitions = transitions.indices.map { index in
            allowed?.moves[index] ?? true ? Double(transitions[index]) : -.infinity
        }
        powers = self.transitions.map { exp($0) }
        self.start = start.indices.map { index in
            allowed?.starts[index] ?? true ? Double(start[index]) : -.infinity
        }
        self.end = end.indices.map { Double(end[$0]) }
    }

    /// The sequence of the highest score and that score (Viterbi 1967). Of equal scores the lowest tag wins.
    package func viterbi(_ emissions: Span<Float>) throws(ShapeError) -> (path: [Int32], score: Double) {
        let length = try self.length(emissions, "CRF.viterbi")
        if length == 0 { return ([], 0) }
        var best = (0..<tags).map { start[$0] + Double(emissions[$0]) }
        var cameFrom = [Int32](repeating: 0, count: length * tags)
        var next = best
        for i in 1..<max(length, 1) {
            for to in 0..<tags {
                var top = -Double.infinity
                for from in 0..<tags where best[from] + transitions[from * tags + to] > top {
                    top = best[from] + transitions[from * tags + to]
                    cameFrom[i * tags + to] = Int32(from)
                }
                next[to] = top + Double(emissions[i * tags + to])
            }
            swap(&best, &next)
        }
        for tag in 0..<tags { best[tag] += end[tag] }
        var last = 0
        for tag in 1..<max(tags, 1) where best[tag] > best[last] { last = tag }
        var path = [Int32](repeating: Int32(last), count: length)
        for i in stride(from: length - 1, to: 0, by: -1) {
            path[i - 1] = cameFrom[i * tags + Int(path[i])]
        }
        return (path, best[last])
    }

    /// The words of emissions that are `words × tags`.
    func length(_ emissions: Span<Float>, _ operation: StaticString) throws(ShapeError) -> Int {
        let length = emissions.count / tags
        try check(emissions.count, length, tags, operation, "emissions")
        return length
    }
}

/// `log Σ exp(values)` without overflow; −∞ of nothing.
func logSumExp(_ count: Int, _ value: (Int) -> Double) -> Double {
    var top = -Double.infinity
    for i in 0..<count { top = max(top, value(i)) }
    if top == -.infinity { return top }
    var sum = 0.0
    for i in 0..<count { sum += exp(value(i) - top) }
    return top + log(sum)
}
