/// `out[i] = table[indices[i]]`, row by row; `out` is `indices.count × columns`.
///
/// - Throws: ``ShapeError`` where an index has no row in the table.
package func gatherRows(
    _ out: inout MutableSpan<Float>, table: Span<Float>, indices: Span<Int32>, columns: Int
) throws(ShapeError) {
    let rows = try tableRows(table.count, columns, "gatherRows")
    try check(out.count, indices.count, columns, "gatherRows", "out")
    for i in 0..<indices.count {
        let row = try index(indices[i], of: rows, at: i, "gatherRows")
        out.copy(table, from: row * columns, to: i * columns, count: columns)
    }
}

/// ``gatherRows`` from a table of int8 rows: element `(r, c)` is `table[r, c] · rowScales[r]`.
package func gatherRows(
    _ out: inout MutableSpan<Float>, table: Span<Int8>, rowScales: Span<Float>, indices: Span<Int32>, columns: Int
) throws(ShapeError) {
    let rows = try tableRows(table.count, columns, "gatherRows")
    try check(rowScales.count, rows, 1, "gatherRows", "rowScales")
    try check(out.count, indices.count, columns, "gatherRows", "out")
    for i in 0..<indices.count {
        let row = try index(indices[i], of: rows, at: i, "gatherRows")
        let scale = rowScales[row]
        for column in 0..<columns { out[i &* columns &+ column] = Float(table[row &* columns &+ column]) * scale }
    }
}

/// `table[indices[i]] += rows[i]`: the gradient of ``gatherRows``. An index may come more than once.
package func scatterAddRows(
    _ table: inout MutableSpan<Float>, _ rows: Span<Float>, indices: Span<Int32>, columns: Int
) throws(ShapeError) {
    let count = try tableRows(table.count, columns, "scatterAddRows")
    try check(rows.count, indices.count, columns, "scatterAddRows", "rows")
    for i in 0..<indices.count {
        let row = try index(indices[i], of: count, at: i, "scatterAddRows")
        let shift = i &* columns &- row &* columns
        table.update(row &* columns..<(row &+ 1) &* columns) { old, index, count in
            old + rows.lanes(at: index &+ shift, count: count)
        }
    }
}

/// The mean of the rows in each range: `out` is `ranges.count × columns`; an empty range gives zeros.
package func meanRows(
    _ out: inout MutableSpan<Float>, _ x: Span<Float>, ranges: [Range<Int>], columns: Int
) throws(ShapeError) {
    let rows = try tableRows(x.count, columns, "meanRows")
    try check(out.count, ranges.count, columns, "meanRows", "out")
    for (i, range) in ranges.enumerated() {
        try check(range, within: rows, "meanRows")
        let share = 1 / Float(max(range.count, 1)), start = i &* columns
        out.fill(start..<start &+ columns) { index, count in
            var sum = Lanes()
            for row in range { sum += x.lanes(at: row &* columns &+ index &- start, count: count) }
            return sum * share
        }
    }
}

/// The gradient of ``meanRows``: each row of a range gets its share of `dy` added; `dx` accumulates.
package func meanRowsBackward(
    _ dx: inout MutableSpan<Float>, _ dy: Span<Float>, ranges: [Range<Int>], columns: Int
) throws(ShapeError) {
    let rows = try tableRows(dx.count, columns, "meanRowsBackward")
    try check(dy.count, ranges.count, columns, "meanRowsBackward", "dy")
    for (i, range) in ranges.enumerated() {
        try check(range, within: rows, "meanRowsBackward")
        let share = 1 / Float(max(range.count, 1))
        for row in range {
            let shift = (i &- row) &* columns
            dx.update(row &* columns..<(row &+ 1) &* columns) { old, index, count in
                old + dy.lanes(at: index &+ shift, count: count) * share
            }
        }
    }
}

/// The rows of a table of `count` elements.
private func tableRows(_ count: Int, _ columns: Int, _ operation: StaticString) throws(ShapeError) -> Int {
    try check(
        columns > 0 && count % max(columns, 1) == 0, operation, expected: "whole rows of \(columns)",
        got: "\(count) elements")
    return count / columns
}

@inline(__always)
private func index(
    _ index: Int32, of rows: Int, at position: Int, _ operation: StaticString
) throws(ShapeError) -> Int {
    try check(
        index >= 0 && Int(index) < rows, operation, expected: "an index below \(rows) at \(position)",
        got: "\(index)")
    return Int(index)
}

private func check(_ range: Range<Int>, within rows: Int, _ operation: StaticString) throws(ShapeError) {
    try check(
        range.lowerBound >= 0 && range.upperBound <= rows, operation, expected: "a range within \(rows) rows",
        got: "\(range)")
}
