/// Each row to `exp(x − max) / Σ exp(x − max)`, in place.
///
/// `x` is `rows × columns`. With `valid`, row `i` has only `valid[i]` columns: the others become 0 and count for
/// nothing, and a row without any is all zeros.
package func softmaxRows(
    _ x: inout MutableSpan<Float>, rows: Int, columns: Int, valid: Span<Int32>? = nil
) throws(ShapeError) {
    try check(x.count, rows, columns, "softmaxRows", "x")
    if let valid {
        try check(valid.count, rows, 1, "softmaxRows", "valid")
        for row in 0..<rows {
            try check(
                (0...columns).contains(Int(valid[row])), "softmaxRows, valid",
                expected: "0 to \(columns) at row \(row)", got: "\(valid[row])")
        }
    }
    for row in 0..<rows {
        let start = row &* columns
        let width = if let valid { Int(valid[row]) } else { columns }
        let inverse = 1 / exponentials(&x, start..<start &+ width)
        x.update(start..<start &+ width) { value, _, _ in value * inverse }
        x.fill(start &+ width..<start &+ columns) { _, _ in Lanes() }
    }
}

/// Replaces a range by `exp(x − max)` and returns the sum.
@inline(__always)
func exponentials(_ x: inout MutableSpan<Float>, _ range: Range<Int>) -> Float {
    var largest = Lanes(repeating: -Float.infinity)
    each(range.count) { index, count in
        largest = largest.larger(
            x.lanes(at: range.lowerBound &+ index, count: count, padding: -Float.infinity))
    }
    let top = largest.largest
    var sum = Lanes()
    x.update(range) { value, _, count in
        var e = (value - top).exponential
        if count < Lanes.scalarCount { for lane in count..<Lanes.scalarCount { e[lane] = 0 } }
        sum += e
        return e
    }
    return sum.total
}

/// The gradient through ``softmaxRows``: `dx` holds `dy` on entry; `dx = p ⊙ (dy − Σ p ⊙ dy)` for each row.
package func softmaxRowsBackward(
    _ dx: inout MutableSpan<Float>, probabilities: Span<Float>, rows: Int, columns: Int
) throws(ShapeError) {
    try check(dx.count, rows, columns, "softmaxRowsBackward", "dx")
    try check(probabilities.count, rows, columns, "softmaxRowsBackward", "probabilities")
    for row in 0..<rows {
        let start = row &* columns
        var products = Lanes()
        each(columns) { column, count in
            products +=
                dx.lanes(at: start &+ column, count: count)
                * probabilities.lanes(at: start &+ column, count: count)
        }
        let dot = products.total
        dx.update(start..<start &+ columns) { value, index, count in
            (value - dot) * probabilities.lanes(at: index, count: count)
        }
    }
}
