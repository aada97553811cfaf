/// Throws unless `count` elements are exactly a matrix of `rows × columns`.
@inline(__always)
func check(
    _ count: Int, _ rows: Int, _ columns: Int, _ operation: StaticString, _ operand: StaticString
) throws(ShapeError) {
    let (needed, overflow) = rows.multipliedReportingOverflow(by: columns)
    if rows < 0 || columns < 0 || overflow || count != needed {
        throw shapeError(operation, operand, expected: "\(rows) × \(columns) elements", got: "\(count)")
    }
}

/// Throws unless `count` elements hold `rows` rows of `columns`, each `stride` after the one before.
@inline(__always)
func check(
    _ count: Int, _ rows: Int, _ columns: Int, stride: Int, _ operation: StaticString, _ operand: StaticString
) throws(ShapeError) {
    if rows == 0 || columns == 0 { return }
    let (above, overflow) = (rows - 1).multipliedReportingOverflow(by: stride)
    let (needed, carry) = above.addingReportingOverflow(columns)
    if rows < 0 || columns < 0 || stride < columns || overflow || carry || count < needed {
        throw shapeError(
            operation, operand, expected: "\(rows) × \(columns) elements with a stride of at least the columns",
            got: "\(count) elements, stride \(stride)")
    }
}

/// Throws unless `condition` holds.
@inline(__always)
func check(
    _ condition: Bool, _ operation: StaticString, expected: @autoclosure () -> String, got: @autoclosure () -> String
) throws(ShapeError) {
    if !condition { throw ShapeError("\(operation)", expected: expected(), got: got()) }
}

/// Out of line, so that a check costs its comparison and nothing else.
@inline(never)
private func shapeError(
    _ operation: StaticString, _ operand: StaticString, expected: String, got: String
) -> ShapeError {
    ShapeError("\(operation), \(operand)", expected: expected, got: got)
}
