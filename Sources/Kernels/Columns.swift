/// `out[i] = x[i, range]`: some columns of each row of `columns`.
package func takeColumns(
    _ out: inout MutableSpan<Float>, _ x: Span<Float>, _ range: Range<Int>, columns: Int
) throws(ShapeError) {
    let rows = try rows(x.count, out.count, range, columns: columns, "takeColumns")
    for row in 0..<rows {
        out.copy(x, from: row &* columns &+ range.lowerBound, to: row &* range.count, count: range.count)
    }
}

/// `dx[i, range] += dy[i]`: the gradient of ``takeColumns``.
package func addToColumns(
    _ dx: inout MutableSpan<Float>, _ dy: Span<Float>, _ range: Range<Int>, columns: Int
) throws(ShapeError) {
    let rows = try rows(dx.count, dy.count, range, columns: columns, "addToColumns")
    for row in 0..<rows {
        let start = row &* columns &+ range.lowerBound
        dx.update(start..<start &+ range.count) { old, index, count in
            old + dy.lanes(at: index &- start &+ row &* range.count, count: count)
        }
    }
}

/// How many rows `whole` elements are, of which `part` are those in the range.
private func rows(
    _ whole: Int, _ part: Int, _ range: Range<Int>, columns: Int, _ operation: StaticString
) throws(ShapeError) -> Int {
    try check(
        columns > 0 && range.lowerBound >= 0 && range.upperBound <= columns, operation,
        expected: "a range within \(columns) columns", got: "\(range)")
    try check(whole, whole / columns, columns, operation, "all columns")
    try check(part, whole / columns, range.count, operation, "some columns")
    return whole / columns
}
