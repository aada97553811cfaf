/// Shares of a query's keys by their similarity, of those alone that are similar enough.
///
/// With `a = max(s − θ, 0)`: `aⱼ exp(sⱼ/τ) / (Σ aⱼ exp(sⱼ/τ) + ε)`. Unlike a softmax's, the shares of a query need not add up
/// to 1: they go to zero with its last similarity above θ, and ε says how soon. So ε is part of what is computed, not a
/// guard against division by zero, and powers are taken as those of `(s − top)/τ`, ε with them: `ε exp(−top/τ)`. Nothing
/// overflows however small τ is, and the shares are the same.
package struct SimilarityFilter: Sendable {
    /// θ: what is not more similar than this is not seen.
    package var threshold: Float
    /// τ, above 0.
    package var temperature: Float
    /// ε, above 0.
    package var epsilon: Float

    /// A filter by its numbers.
    package init(threshold: Float, temperature: Float, epsilon: Float) {
        self.threshold = threshold
        self.temperature = temperature
        self.epsilon = epsilon
    }

    fileprivate func check(_ operation: StaticString) throws(ShapeError) {
        try Kernels.check(
            temperature > 0 && epsilon > 0, operation, expected: "temperature and epsilon above 0",
            got: "\(temperature) and \(epsilon)")
    }

    /// The largest similarity of a query and the sum that its shares are divided by; `nil` where none is above θ.
    @inline(__always)
    fileprivate func scale(_ x: Span<Float>, _ row: Range<Int>) -> (top: Float, sum: Float)? {
        let top = largest(x, row)
        guard top > threshold else { return nil }
        var sum = Lanes()
        each(row.count) { index, count in
            let s = x.lanes(at: row.lowerBound &+ index, count: count, padding: -.infinity)
            sum += excess(s) * power(s, top)
        }
        return (top, sum.total + epsilon * power(Lanes(), top)[0])
    }

    /// `max(s − θ, 0)`; no number stays none.
    @inline(__always)
    fileprivate func excess(_ s: Lanes) -> Lanes { (s - threshold).replacing(with: 0, where: s .<= threshold) }

    /// `exp((s − top)/τ)`.
    @inline(__always)
    fileprivate func power(_ s: Lanes, _ top: Float) -> Lanes { ((s - top) / temperature).exponential }
}

/// The shares of each query's keys; see ``SimilarityFilter``. All zero for a query that is similar enough to none.
package func filterPairs(
    _ out: inout MutableSpan<Float>, _ x: Span<Float>, _ filter: SimilarityFilter, _ groups: PairGroups
) throws(ShapeError) {
    try filter.check("filterPairs")
    try groups.check(pairs: x.count, "filterPairs")
    try groups.check(pairs: out.count, "filterPairs, out")
    for group in groups.groups {
        for query in 0..<group.queries.count {
            let row = group.row(query)
            let scale = filter.scale(x, row)
            out.fill(row) { index, count in
                let s = x.lanes(at: index, count: count)
                guard let scale else { return filter.excess(s) }
                return filter.excess(s) * filter.power(s, scale.top) / scale.sum
            }
        }
    }
}

/// The gradient of ``filterPairs`` for the similarities, added to `dx`; gives that for the threshold.
///
/// With numerators `N` and their sum `D = ΣN + ε`: `dN = (g − Σ g ⊙ share)/D`, and above θ `ds = dN exp(s/τ) (1 + a/τ)` and
/// `dθ = −Σ dN exp(s/τ)`.
package func filterPairsBackward(
    _ dx: inout MutableSpan<Float>, _ dy: Span<Float>, _ x: Span<Float>, _ filter: SimilarityFilter,
    _ groups: PairGroups
) throws(ShapeError) -> Float {
    try filter.check("filterPairsBackward")
    try groups.check(pairs: dx.count, "filterPairsBackward, dx")
    try groups.check(pairs: dy.count, "filterPairsBackward, dy")
    try groups.check(pairs: x.count, "filterPairsBackward, x")
    var threshold: Float = 0
    for group in groups.groups {
        for query in 0..<group.queries.count {
            let row = group.row(query)
            guard let (top, sum) = filter.scale(x, row) else { continue }
            var products = Lanes()
            each(row.count) { index, count in
                let place = row.lowerBound &+ index
                let s = x.lanes(at: place, count: count, padding: -.infinity)
                products += dy.lanes(at: place, count: count) * filter.excess(s) * filter.power(s, top)
            }
            let along = products.total / sum
            var slopes = Lanes()
            dx.update(row) { old, index, count in
                let s = x.lanes(at: index, count: count, padding: -.infinity)
                let slope = (dy.lanes(at: index, count: count) - along) / sum * filter.power(s, top)
                let seen = slope.replacing(with: 0, where: s .<= filter.threshold)
                slopes += seen
                return old + seen * (1 + filter.excess(s) / filter.temperature)
            }
            threshold -= slopes.total
        }
    }
    return threshold
}
