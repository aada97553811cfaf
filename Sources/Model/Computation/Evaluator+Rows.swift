import Kernels

/// What works row by row: columns of it, its length, its products.
extension Evaluator {
    func columns(_ x: Value, _ range: Range<Int>) throws(ShapeError) -> Value {
        let out = try workspace.allocate(rows: x.rows, columns: range.count)
        var span = write(out)
        try takeColumns(&span, read(x), range, columns: x.columns)
        return out
    }

    func scaleRows(_ x: Value, by factors: Value) throws(ShapeError) -> Value {
        try check("scaleRows", factors, rows: x.rows, columns: 1)
        let out = try workspace.allocate(rows: x.rows, columns: x.columns)
        var span = write(out)
        try Kernels.scaleRows(&span, read(x), by: read(factors), columns: x.columns)
        return out
    }

    func unitRows(_ x: Value) throws(ShapeError) -> Value {
        let out = try workspace.allocate(rows: x.rows, columns: x.columns)
        var span = write(out)
        try Kernels.unitRows(&span, read(x), columns: x.columns)
        return out
    }

    func rowProducts(_ x: Value, _ y: Value) throws(ShapeError) -> Value {
        try check("rowProducts", x, y)
        let out = try workspace.allocate(rows: x.rows, columns: 1)
        var span = write(out)
        try Kernels.rowProducts(&span, read(x), read(y), columns: x.columns)
        return out
    }
}
