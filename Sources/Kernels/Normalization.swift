/// Mean and reciprocal deviation of one row, in two passes: the variance of the centred values does not cancel.
@inline(__always)
private func moments(_ x: Span<Float>, _ start: Int, _ columns: Int, _ epsilon: Float) -> (mean: Float, scale: Float) {
    var sum = Lanes()
    each(columns) { index, count in sum += x.lanes(at: start &+ index, count: count) }
    let mean = sum.total / Float(columns)
    var squares = Lanes()
    each(columns) { index, count in
        let centred = x.lanes(at: start &+ index, count: count, padding: mean) - mean
        squares += centred * centred
    }
    return (mean, 1 / (squares.total / Float(columns) + epsilon).squareRoot())
}

/// `out = (x − mean) / √(variance + epsilon) ⊙ scale + shift` for each row (Ba et al. 2016).
///
/// `x` and `out` are `rows × columns`, `scale` and `shift` have `columns` elements.
package func layerNorm(
    _ out: inout MutableSpan<Float>, _ x: Span<Float>, scale: Span<Float>, shift: Span<Float>, rows: Int,
    epsilon: Float
) throws(ShapeError) {
    try check(x.count, rows, scale.count, "layerNorm", "x")
    try check(out.count, rows, scale.count, "layerNorm", "out")
    try check(shift.count, 1, scale.count, "layerNorm", "shift")
    out.normalized(x, scale: scale, shift: shift, epsilon: epsilon)
}

/// The gradient of ``layerNorm`` for its input: `dx` is overwritten.
///
/// With `x̂ = (x − mean) · s` and `g = scale ⊙ dy`: `dx = s · (g − mean(g) − x̂ · mean(g ⊙ x̂))`.
package func layerNormBackwardInput(
    _ dx: inout MutableSpan<Float>, _ dy: Span<Float>, _ x: Span<Float>, scale: Span<Float>, rows: Int, epsilon: Float
) throws(ShapeError) {
    let columns = scale.count
    try check(x.count, rows, columns, "layerNormBackward", "x")
    try check(dy.count, rows, columns, "layerNormBackward", "dy")
    try check(dx.count, rows, columns, "layerNormBackward", "dx")
    for row in 0..<rows {
        let start = row &* columns
        let (mean, inverse) = moments(x, start, columns, epsilon)
        var sum = Lanes(), dot = Lanes()
        each(columns) { column, count in
            let normalized = (x.lanes(at: start &+ column, count: count, padding: mean) - mean) * inverse
            let scaled = dy.lanes(at: start &+ column, count: count) * scale.lanes(at: column, count: count)
            sum += scaled
            dot += scaled * normalized
        }
        let meanG = sum.total / Float(columns), meanDot = dot.total / Float(columns)
        dx.fill(start..<start &+ columns) { index, count in
            let normalized = (x.lanes(at: index, count: count) - mean) * inverse
            let scaled = dy.lanes(at: index, count: count) * scale.lanes(at: index &- start, count: count)
            return (scaled - meanG - normalized * meanDot) * inverse
        }
    }
}

/// The gradients of ``layerNorm`` for scale and shift, both added to: `Σ dy ⊙ x̂` and `Σ dy` over the rows.
package func layerNormBackwardParameters(
    scaleGradient: inout MutableSpan<Float>, shiftGradient: inout MutableSpan<Float>, _ dy: Span<Float>,
    _ x: Span<Float>, rows: Int, epsilon: Float
) throws(ShapeError) {
    let columns = scaleGradient.count
    try check(x.count, rows, columns, "layerNormBackward", "x")
    try check(dy.count, rows, columns, "layerNormBackward", "dy")
    try check(shiftGradient.count, 1, columns, "layerNormBackward", "shiftGradient")
    for row in 0..<rows {
        let start = row &* columns
        let (mean, inverse) = moments(x, start, columns, epsilon)
        shiftGradient.update(0..<columns) { sum, column, count in
            sum + dy.lanes(at: start &+ column, count: count)
        }
        scaleGradient.update(0..<columns) { sum, column, count in
            let normalized = (x.lanes(at: start &+ column, count: count, padding: mean) - mean) * inverse
            return sum + dy.lanes(at: start &+ column, count: count) * normalized
        }
    }
}
