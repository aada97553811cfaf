/// `out = x + α y` with `α = min(limit · |x| / |y|, 1)` for each of some groups of rows that follow one another; lengths are
/// those of all of a group's numbers. What is added is never longer than `limit` times what it is added to.
package func boundedSum(
    _ out: inout MutableSpan<Float>, _ x: Span<Float>, _ y: Span<Float>, limit: Float, lengths: [Int], columns: Int
) throws(ShapeError) {
    try check(out.count, lengths.reduce(0, +), columns, "boundedSum", "out")
    try check(x.count, 1, out.count, "boundedSum", "x")
    try check(y.count, 1, out.count, "boundedSum", "y")
    for range in lengths.ranges.map({ $0.elements(columns) }) {
        let bound = Bound(x, y, range, limit)
        out.fill(range) { index, count in
            x.lanes(at: index, count: count) + y.lanes(at: index, count: count) * bound.factor
        }
    }
}

/// The gradient of ``boundedSum`` for `x`, added to: `g + (g · y) α x / |x|²` where `α < 1`, `g` elsewhere.
package func boundedSumBackward(
    x dx: inout MutableSpan<Float>, _ dy: Span<Float>, _ operands: BoundedSumOperands
) throws(ShapeError) {
    try operands.check(dx.count, dy.count)
    let (x, y) = (operands.x, operands.y)
    for range in operands.ranges {
        let bound = Bound(x, y, range, operands.limit)
        var along: Float = 0
        if bound.binds, bound.first > 0 { along = scalarProduct(dy, y, range) * bound.factor / bound.first }
        dx.update(range) { old, index, count in
            old + dy.lanes(at: index, count: count) + x.lanes(at: index, count: count) * along
        }
    }
}

/// The gradient of ``boundedSum`` for `y`, added to: `α (g − (g · ŷ) ŷ)` where `α < 1`, as only the direction of `y` counts
/// there, `g` elsewhere.
package func boundedSumBackward(
    y dh: inout MutableSpan<Float>, _ dy: Span<Float>, _ operands: BoundedSumOperands
) throws(ShapeError) {
    try operands.check(dh.count, dy.count)
    let (x, y) = (operands.x, operands.y)
    for range in operands.ranges {
        let bound = Bound(x, y, range, operands.limit)
        let along = bound.binds ? scalarProduct(dy, y, range) / bound.second : 0
        dh.update(range) { old, index, count in
            let gradient = dy.lanes(at: index, count: count) - y.lanes(at: index, count: count) * along
            return old + gradient * bound.factor
        }
    }
}

/// What went into a ``boundedSum``.
package struct BoundedSumOperands: ~Escapable {
    let x: Span<Float>
    let y: Span<Float>
    let limit: Float
    let lengths: [Int]
    let columns: Int

    /// Operands of rows of `columns`.
    @_lifetime(copy x, copy y)
    package init(_ x: Span<Float>, _ y: Span<Float>, limit: Float, lengths: [Int], columns: Int) {
        self.x = x
        self.y = y
        self.limit = limit
        self.lengths = lengths
        self.columns = columns
    }

    /// The elements of each group.
    fileprivate var ranges: [Range<Int>] { lengths.ranges.map { $0.elements(columns) } }

    fileprivate func check(_ dx: Int, _ dy: Int) throws(ShapeError) {
        let rows = lengths.reduce(0, +)
        for (count, operand) in [(dx, "gradient"), (dy, "dy"), (x.count, "x"), (y.count, "y")] as [(Int, String)] {
            try Kernels.check(
                count == rows * columns, "boundedSumBackward", expected: "\(rows) × \(columns) elements as \(operand)",
                got: "\(count)")
        }
    }
}

/// How far one group's `y` is scaled down.
private struct Bound {
    /// `|x|²`.
    let first: Float
    /// `|y|²`.
    let second: Float
    /// α.
    let factor: Float
    /// Whether α is below 1.
    let binds: Bool

    init(_ x: Span<Float>, _ y: Span<Float>, _ range: Range<Int>, _ limit: Float) {
        first = scalarProduct(x, x, range)
        second = scalarProduct(y, y, range)
        let (allowed, length) = (limit * first.squareRoot(), second.squareRoot())
        binds = length > allowed
        factor = binds ? allowed / length : 1
    }
}
