/// Softmax of the pairs of each query over its keys, or of each key over its queries.
package func pairSoftmax(
    _ out: inout MutableSpan<Float>, _ x: Span<Float>, _ groups: PairGroups, over side: PairGroups.Side
) throws(ShapeError) {
    try groups.check(pairs: x.count, "pairSoftmax")
    try groups.check(pairs: out.count, "pairSoftmax, out")
    for group in groups.groups {
        switch side {
        case .keys: for query in 0..<group.queries.count { softmax(&out, x, group.row(query)) }
        case .queries: softmaxOverQueries(&out, x, group)
        }
    }
}

/// The gradient of ``pairSoftmax``, added to `dx`: `p ⊙ (g − Σ g ⊙ p)`, the sum over the same side.
package func pairSoftmaxBackward(
    _ dx: inout MutableSpan<Float>, _ dy: Span<Float>, _ shares: Span<Float>, _ groups: PairGroups,
    over side: PairGroups.Side
) throws(ShapeError) {
    try groups.check(pairs: dx.count, "pairSoftmaxBackward, dx")
    try groups.check(pairs: dy.count, "pairSoftmaxBackward, dy")
    try groups.check(pairs: shares.count, "pairSoftmaxBackward, shares")
    for group in groups.groups {
        switch side {
        case .keys:
            for query in 0..<group.queries.count {
                let row = group.row(query)
                let along = scalarProduct(dy, shares, row)
                dx.update(row) { old, index, count in
                    let gradient = dy.lanes(at: index, count: count) - along
                    return old + shares.lanes(at: index, count: count) * gradient
                }
            }
        case .queries:
            each(group.keys.count) { column, count in
                let along = group.sum(at: column) { place in
                    dy.lanes(at: place, count: count) * shares.lanes(at: place, count: count)
                }
                for query in 0..<group.queries.count {
                    let place = group.row(query).lowerBound &+ column
                    let slope = shares.lanes(at: place, count: count) * (dy.lanes(at: place, count: count) - along)
                    dx.store(dx.lanes(at: place, count: count) + slope, at: place, count: count)
                }
            }
        }
    }
}

/// Pulls the numbers of each key's pairs towards their mean over its queries: `out = x + w (mean − x)`, with one `w` a key.
package func levelPairs(
    _ out: inout MutableSpan<Float>, _ x: Span<Float>, by weights: Span<Float>, _ groups: PairGroups
) throws(ShapeError) {
    try groups.check(pairs: x.count, "levelPairs")
    try groups.check(pairs: out.count, "levelPairs, out")
    try check(weights.count, groups.keyCount, 1, "levelPairs", "weights")
    for group in groups.groups {
        each(group.keys.count) { column, count in
            let weight = weights.lanes(at: group.keys.lowerBound &+ column, count: count)
            let mean = group.mean(x, at: column, count: count)
            for query in 0..<group.queries.count {
                let place = group.row(query).lowerBound &+ column
                let old = x.lanes(at: place, count: count)
                out.store(old + weight * (mean - old), at: place, count: count)
            }
        }
    }
}

/// The gradient of ``levelPairs`` for what is levelled, added to: `g + w (mean g − g)`, as the mean is symmetric.
package func levelPairsBackward(
    _ dx: inout MutableSpan<Float>, _ dy: Span<Float>, by weights: Span<Float>, _ groups: PairGroups
) throws(ShapeError) {
    try groups.check(pairs: dx.count, "levelPairsBackward, dx")
    try groups.check(pairs: dy.count, "levelPairsBackward, dy")
    try check(weights.count, groups.keyCount, 1, "levelPairsBackward", "weights")
    for group in groups.groups {
        each(group.keys.count) { column, count in
            let weight = weights.lanes(at: group.keys.lowerBound &+ column, count: count)
            let mean = group.mean(dy, at: column, count: count)
            for query in 0..<group.queries.count {
                let place = group.row(query).lowerBound &+ column
                let slope = dy.lanes(at: place, count: count)
                let sum = dx.lanes(at: place, count: count) + slope + weight * (mean - slope)
                dx.store(sum, at: place, count: count)
            }
        }
    }
}

/// The gradient of ``levelPairs`` for the weights, added to: `Σᵢ gᵢⱼ (mean − xᵢⱼ)`.
package func levelPairsBackward(
    weights dw: inout MutableSpan<Float>, _ dy: Span<Float>, _ x: Span<Float>, _ groups: PairGroups
) throws(ShapeError) {
    try groups.check(pairs: dy.count, "levelPairsBackward, dy")
    try groups.check(pairs: x.count, "levelPairsBackward, x")
    try check(dw.count, groups.keyCount, 1, "levelPairsBackward", "dw")
    for group in groups.groups {
        each(group.keys.count) { column, count in
            let mean = group.mean(x, at: column, count: count)
            let sum = group.sum(at: column) { place in
                dy.lanes(at: place, count: count) * (mean - x.lanes(at: place, count: count))
            }
            let first = group.keys.lowerBound &+ column
            dw.store(dw.lanes(at: first, count: count) + sum, at: first, count: count)
        }
    }
}

extension PairGroups.Group {
    /// The sum over the queries of what `body` makes of their pairs, for some keys from `column` on.
    @inline(__always)
    fileprivate func sum(at column: Int, _ body: (_ place: Int) -> Lanes) -> Lanes {
        var sum = Lanes()
        for query in 0..<queries.count { sum += body(row(query).lowerBound &+ column) }
        return sum
    }

    /// The mean over the queries, for some keys from `column` on.
    @inline(__always)
    fileprivate func mean(_ x: Span<Float>, at column: Int, count: Int) -> Lanes {
        sum(at: column) { x.lanes(at: $0, count: count) } * (1 / Float(queries.count))
    }
}

/// Softmax of a run of numbers.
func softmax(_ out: inout MutableSpan<Float>, _ x: Span<Float>, _ row: Range<Int>) {
    let top = largest(x, row)
    var sum = Lanes()
    each(row.count) { index, count in
        let place = row.lowerBound &+ index
        let power = (x.lanes(at: place, count: count, padding: -.infinity) - top).exponential
        sum += power
        out.store(power, at: place, count: count)
    }
    let share = 1 / sum.total
    out.update(row) { power, _, _ in power * share }
}

/// Softmax of each column of a group's matrix, sixteen at a time.
private func softmaxOverQueries(_ out: inout MutableSpan<Float>, _ x: Span<Float>, _ group: PairGroups.Group) {
    each(group.keys.count) { column, count in
        var top = Lanes(repeating: -.infinity)
        for query in 0..<group.queries.count {
            top = top.larger(x.lanes(at: group.row(query).lowerBound &+ column, count: count))
        }
        var sum = Lanes()
        for query in 0..<group.queries.count {
            let place = group.row(query).lowerBound &+ column
            let power = (x.lanes(at: place, count: count) - top).exponential
            sum += power
            out.store(power, at: place, count: count)
        }
        for query in 0..<group.queries.count {
            let place = group.row(query).lowerBound &+ column
            out.store(out.lanes(at: place, count: count) / sum, at: place, count: count)
        }
    }
}

/// The largest of a run of numbers, of those that are numbers.
func largest(_ x: Span<Float>, _ row: Range<Int>) -> Float {
    var top = Lanes(repeating: -.infinity)
    each(row.count) { index, count in
        top = top.larger(x.lanes(at: row.lowerBound &+ index, count: count, padding: -.infinity))
    }
    return top.max()
}

/// `Σ x ⊙ y` of a run of numbers.
func scalarProduct(_ x: Span<Float>, _ y: Span<Float>, _ row: Range<Int>) -> Float {
    var sum = Lanes()
    each(row.count) { index, count in
        let place = row.lowerBound &+ index
        sum += x.lanes(at: place, count: count) * y.lanes(at: place, count: count)
    }
    return sum.total
}
