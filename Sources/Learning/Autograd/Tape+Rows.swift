package import Model
package import Kernels

/// Rows from tables and values, means of rows, and gluing.
extension Tape {
    /// A matrix that nothing is learned through.
    package func constant(rows: Int, columns: Int, _ values: Span<Float>) throws(ShapeError) -> Value {
        try require(values.count == rows * columns, "constant", "\(rows) × \(columns) elements", "\(values.count)")
        let (out, block) = make(rows, columns, needsGradient: false)
        block.copy(from: values)
        return out
    }

    /// A constant whose gradient is kept and can be read after going backward: the way to check an operation.
    func input(rows: Int, columns: Int, _ values: [Float]) -> Value {
        let (out, block) = make(rows, columns, needsGradient: true)
        block.copy(from: values.span)
        return out
    }

    /// Rows of a table; backward adds to the touched rows alone.
    package func gather(_ table: Parameter, _ indices: [Int32]) throws(ShapeError) -> Value {
        let (out, block) = make(indices.count, table.columns, needsGradient: needsGradient(table))
        var result = block
        var span = result.mutableSpan
        let values = parameters.block(table)
        try gatherRows(&span, table: values.span, indices: indices.span, columns: table.columns)
        record(out) { [self] (gradient) throws(ShapeError) in
            if let rows = gradients?.rows(table) {
                return rows.add(gradient.span, at: indices)
            }
            try accumulate(gradientOf: table) { (into) throws(ShapeError) in
                try scatterAddRows(&into, gradient.span, indices: indices.span, columns: table.columns)
            }
        }
        return out
    }

    /// Rows of a value; backward adds each gradient row to its source.
    package func gather(_ x: Value, _ indices: [Int32]) throws(ShapeError) -> Value {
        let (out, block) = make(indices.count, x.columns, needsGradient: needsGradient(x))
        var result = block
        var span = result.mutableSpan
        let values = value(x)
        try gatherRows(&span, table: values.span, indices: indices.span, columns: x.columns)
        record(out) { [self] (gradient) throws(ShapeError) in
            try accumulate(gradientOf: x) { (into) throws(ShapeError) in
                try scatterAddRows(&into, gradient.span, indices: indices.span, columns: x.columns)
            }
        }
        return out
    }

    /// Means of rows; backward spreads each gradient evenly over its range.
    package func mean(_ x: Value, over ranges: [Range<Int>]) throws(ShapeError) -> Value {
        let (out, block) = make(ranges.count, x.columns, needsGradient: needsGradient(x))
        var result = block
        var span = result.mutableSpan
        let values = value(x)
        try meanRows(&span, values.span, ranges: ranges, columns: x.columns)
        record(out) { [self] (gradient) throws(ShapeError) in
            try accumulate(gradientOf: x) { (into) throws(ShapeError) in
                try meanRowsBackward(&into, gradient.span, ranges: ranges, columns: x.columns)
            }
        }
        return out
    }

    /// Columns side by side; backward cuts the gradient apart.
    package func concatenateColumns(_ values: [Value]) throws(ShapeError) -> Value {
        let rows = values.first?.rows ?? 0
        for x in values { try require(x.rows == rows, "concatenateColumns", "\(rows) rows", "\(x.rows)") }
        let columns = values.reduce(0) { $0 + $1.columns }
        let (out, block) = make(rows, columns, needsGradient: values.contains { needsGradient($0) })
        var start = 0
        for x in values {
            let source = value(x)
            for row in 0..<rows {
                block.part(row * columns + start..<row * columns + start + x.columns)
                    .copy(from: source.part(row * x.columns..<(row + 1) * x.columns))
            }
            start += x.columns
        }
        record(out) { [self] (gradient) throws(ShapeError) in
            var start = 0
            for x in values {
                let from = start
                try accumulate(gradientOf: x) { (into) throws(ShapeError) in
                    let source = gradient.span
                    for row in 0..<rows {
                        for column in 0..<x.columns {
                            into[row * x.columns + column] += source[row * columns + from + column]
                        }
                    }
                }
                start += x.columns
            }
        }
        return out
    }

    /// Rows on top of each other; backward cuts the gradient apart.
    package func concatenateRows(_ values: [Value]) throws(ShapeError) -> Value {
        let columns = values.first?.columns ?? 0
        for x in values { try require(x.columns == columns, "concatenateRows", "\(columns) columns", "\(x.columns)") }
        let rows = values.reduce(0) { $0 + $1.rows }
        let (out, block) = make(rows, columns, needsGradient: values.contains { needsGradient($0) })
        var start = 0
        for x in values {
            block.part(start..<start + x.count).copy(from: value(x))
            start += x.count
        }
        record(out) { [self] (gradient) throws(ShapeError) in
            var start = 0
            for x in values {
                let part = gradient.part(start..<start + x.count)
                try accumulate(gradientOf: x) { (into) throws(ShapeError) in try axpy(&into, part.span) }
                start += x.count
            }
        }
        return out
    }
}
