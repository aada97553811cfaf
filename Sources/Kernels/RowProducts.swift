/// `out[i] = factors[i] · x[i]`: each row of `columns` times a number of its own.
package func scaleRows(
    _ out: inout MutableSpan<Float>, _ x: Span<Float>, by factors: Span<Float>, columns: Int
) throws(ShapeError) {
    try check(out.count, factors.count, columns, "scaleRows", "out")
    try check(x.count, factors.count, columns, "scaleRows", "x")
    for row in 0..<factors.count {
        let factor = factors[row]
        out.fill(row &* columns..<(row &+ 1) &* columns) { index, count in
            x.lanes(at: index, count: count) * factor
        }
    }
}

/// `out[i] += factors[i] · x[i]`: what goes back through ``scaleRows`` to `x`, and through ``rowProducts`` to either side.
package func addScaledRows(
    _ out: inout MutableSpan<Float>, _ x: Span<Float>, by factors: Span<Float>, columns: Int
) throws(ShapeError) {
    try check(out.count, factors.count, columns, "addScaledRows", "out")
    try check(x.count, factors.count, columns, "addScaledRows", "x")
    for row in 0..<factors.count {
        let factor = factors[row]
        out.update(row &* columns..<(row &+ 1) &* columns) { old, index, count in
            old + x.lanes(at: index, count: count) * factor
        }
    }
}

/// `out[i] = x[i] · y[i]`: the scalar product of each pair of rows of `columns`.
package func rowProducts(
    _ out: inout MutableSpan<Float>, _ x: Span<Float>, _ y: Span<Float>, columns: Int
) throws(ShapeError) {
    try check(x.count, out.count, columns, "rowProducts", "x")
    try check(y.count, out.count, columns, "rowProducts", "y")
    for row in 0..<out.count { out[row] = product(x, y, row, columns) }
}

/// `out[i] += x[i] · y[i]`: what goes back through ``scaleRows`` to the factors.
package func addRowProducts(
    _ out: inout MutableSpan<Float>, _ x: Span<Float>, _ y: Span<Float>, columns: Int
) throws(ShapeError) {
    try check(x.count, out.count, columns, "addRowProducts", "x")
    try check(y.count, out.count, columns, "addRowProducts", "y")
    for row in 0..<out.count { out[row] += product(x, y, row, columns) }
}

/// `out[i] = x[i] / |x[i]|`: each row of `columns` by its length. A row of zeros stays one.
package func unitRows(_ out: inout MutableSpan<Float>, _ x: Span<Float>, columns: Int) throws(ShapeError) {
    try check(columns > 0, "unitRows", expected: "columns", got: "none")
    try check(x.count, out.count / columns, columns, "unitRows", "x")
    try check(out.count, x.count / columns, columns, "unitRows", "out")
    for row in 0..<x.count / columns {
        let share = inverseLength(x, row, columns)
        out.fill(row &* columns..<(row &+ 1) &* columns) { index, count in
            x.lanes(at: index, count: count) * share
        }
    }
}

/// The gradient of ``unitRows``, added to `dx`: with `u = x/|x|`, `(g − u (u·g)) / |x|`; nothing for a row of zeros.
package func unitRowsBackward(
    _ dx: inout MutableSpan<Float>, _ dy: Span<Float>, _ x: Span<Float>, columns: Int
) throws(ShapeError) {
    try check(columns > 0, "unitRowsBackward", expected: "columns", got: "none")
    try check(x.count, dx.count / columns, columns, "unitRowsBackward", "x")
    try check(dx.count, x.count / columns, columns, "unitRowsBackward", "dx")
    try check(dy.count, x.count / columns, columns, "unitRowsBackward", "dy")
    for row in 0..<x.count / columns {
        let share = inverseLength(x, row, columns)
        let along = product(x, dy, row, columns) * share
        dx.update(row &* columns..<(row &+ 1) &* columns) { old, index, count in
            let across = dy.lanes(at: index, count: count) - x.lanes(at: index, count: count) * share * along
            return old + across * share
        }
    }
}

/// `1 / |x[row]|`, 0 for a row whose length is 0.
@inline(__always)
private func inverseLength(_ x: Span<Float>, _ row: Int, _ columns: Int) -> Float {
    let length = product(x, x, row, columns).squareRoot()
    return length > 0 ? 1 / length : 0
}

/// The scalar product of two rows.
@inline(__always)
private func product(_ x: Span<Float>, _ y: Span<Float>, _ row: Int, _ columns: Int) -> Float {
    let start = row &* columns
    var sum = Lanes()
    each(columns) { index, count in
        sum += x.lanes(at: start &+ index, count: count) * y.lanes(at: start &+ index, count: count)
    }
    return sum.total
}
