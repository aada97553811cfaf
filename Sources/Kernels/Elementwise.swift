/// `out = x + y`, element by element.
package func add(_ out: inout MutableSpan<Float>, _ x: Span<Float>, _ y: Span<Float>) throws(ShapeError) {
    try checkSame(out.count, x.count, y.count, "add")
    out.sum(x, y, scale: nil)
}

/// `out = x − y`, element by element.
package func subtract(_ out: inout MutableSpan<Float>, _ x: Span<Float>, _ y: Span<Float>) throws(ShapeError) {
    try checkSame(out.count, x.count, y.count, "subtract")
    out.fill(0..<out.count) { index, count in x.lanes(at: index, count: count) - y.lanes(at: index, count: count) }
}

/// `out = x ⊙ y`, element by element.
package func multiply(_ out: inout MutableSpan<Float>, _ x: Span<Float>, _ y: Span<Float>) throws(ShapeError) {
    try checkSame(out.count, x.count, y.count, "multiply")
    out.fill(0..<out.count) { index, count in x.lanes(at: index, count: count) * y.lanes(at: index, count: count) }
}

/// `out += x ⊙ y`: what either factor of a product adds to the gradient of the other.
package func multiplyAdd(_ out: inout MutableSpan<Float>, _ x: Span<Float>, _ y: Span<Float>) throws(ShapeError) {
    try checkSame(out.count, x.count, y.count, "multiplyAdd")
    out.update(0..<out.count) { old, index, count in
        old + x.lanes(at: index, count: count) * y.lanes(at: index, count: count)
    }
}

/// `y += alpha · x`. The operation of `cblas_saxpy`.
package func axpy(_ y: inout MutableSpan<Float>, alpha: Float = 1, _ x: Span<Float>) throws(ShapeError) {
    try check(x.count, 1, y.count, "axpy", "x")
    y.update(0..<y.count) { old, index, count in old + x.lanes(at: index, count: count) * alpha }
}

/// `x *= alpha`.
package func scale(_ x: inout MutableSpan<Float>, by alpha: Float) {
    x.update(0..<x.count) { old, _, _ in old * alpha }
}

/// `out = x + y ⊙ columnScale`, one factor a column (LayerScale, Touvron et al. 2021). `x`, `y`, `out` are
/// `rows × columns`.
package func addScaledColumns(
    _ out: inout MutableSpan<Float>, _ x: Span<Float>, _ y: Span<Float>, columnScale: Span<Float>, rows: Int
) throws(ShapeError) {
    try check(out.count, rows, columnScale.count, "addScaledColumns", "out")
    try checkSame(out.count, x.count, y.count, "addScaledColumns")
    out.sum(x, y, scale: columnScale)
}

/// The gradients of ``addScaledColumns`` for `y` and the scale, both added to; that of `x` is `dOut` itself.
package func addScaledColumnsBackward(
    _ dy: inout MutableSpan<Float>, scaleGradient: inout MutableSpan<Float>, _ dOut: Span<Float>, _ y: Span<Float>,
    columnScale: Span<Float>, rows: Int
) throws(ShapeError) {
    let columns = columnScale.count
    try check(dy.count, rows, columns, "addScaledColumnsBackward", "dy")
    try checkSame(dy.count, dOut.count, y.count, "addScaledColumnsBackward")
    try check(scaleGradient.count, 1, columns, "addScaledColumnsBackward", "scaleGradient")
    for row in 0..<rows {
        let start = row &* columns
        dy.update(start..<start &+ columns) { old, index, count in
            old + dOut.lanes(at: index, count: count) * columnScale.lanes(at: index &- start, count: count)
        }
        scaleGradient.update(0..<columns) { old, column, count in
            old + dOut.lanes(at: start &+ column, count: count) * y.lanes(at: start &+ column, count: count)
        }
    }
}

@inline(__always)
private func checkSame(_ out: Int, _ x: Int, _ y: Int, _ operation: StaticString) throws(ShapeError) {
    try check(x, 1, out, operation, "first operand")
    try check(y, 1, out, operation, "second operand")
}
