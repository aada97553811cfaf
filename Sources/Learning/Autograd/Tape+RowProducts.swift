import Model
package import Kernels

/// What works row by row: columns of it, its length, its products.
extension Tape {
    /// Some columns of each row; backward adds to them alone.
    package func columns(_ x: Value, _ range: Range<Int>) throws(ShapeError) -> Value {
        let (out, block) = make(x.rows, range.count, needsGradient: needsGradient(x))
        var result = block
        var span = result.mutableSpan
        let source = value(x)
        try takeColumns(&span, source.span, range, columns: x.columns)
        record(out) { [self] (gradient) throws(ShapeError) in
            try accumulate(gradientOf: x) { (into) throws(ShapeError) in
                try addToColumns(&into, gradient.span, range, columns: x.columns)
            }
        }
        return out
    }

    /// Each row times its number; the rows get the gradient times that, the numbers its products with the rows.
    package func scaleRows(_ x: Value, by factors: Value) throws(ShapeError) -> Value {
        try require(
            factors.rows == x.rows && factors.columns == 1, "scaleRows", "\(x.rows) × 1",
            "\(factors.rows) × \(factors.columns)")
        let (out, block) = make(x.rows, x.columns, needsGradient: needsGradient(x) || needsGradient(factors))
        var result = block
        var span = result.mutableSpan
        let (source, numbers) = (value(x), value(factors))
        try Kernels.scaleRows(&span, source.span, by: numbers.span, columns: x.columns)
        record(out) { [self] (gradient) throws(ShapeError) in
            try accumulate(gradientOf: x) { (into) throws(ShapeError) in
                try addScaledRows(&into, gradient.span, by: numbers.span, columns: x.columns)
            }
            try accumulate(gradientOf: factors) { (into) throws(ShapeError) in
                try addRowProducts(&into, gradient.span, source.span, columns: x.columns)
            }
        }
        return out
    }

    /// Each row divided by its length; a row of zeros stays one and passes nothing back.
    package func unitRows(_ x: Value) throws(ShapeError) -> Value {
        let (out, block) = make(x.rows, x.columns, needsGradient: needsGradient(x))
        var result = block
        var span = result.mutableSpan
        let source = value(x)
        try Kernels.unitRows(&span, source.span, columns: x.columns)
        record(out) { [self] (gradient) throws(ShapeError) in
            try accumulate(gradientOf: x) { (into) throws(ShapeError) in
                try unitRowsBackward(&into, gradient.span, source.span, columns: x.columns)
            }
        }
        return out
    }

    /// The scalar product of each pair of rows; each side gets the other, times the gradient.
    package func rowProducts(_ x: Value, _ y: Value) throws(ShapeError) -> Value {
        try require(
            x.rows == y.rows && x.columns == y.columns, "rowProducts", "\(x.rows) × \(x.columns)",
            "\(y.rows) × \(y.columns)")
        let (out, block) = make(x.rows, 1, needsGradient: needsGradient(x) || needsGradient(y))
        var result = block
        var span = result.mutableSpan
        let (left, right) = (value(x), value(y))
        try Kernels.rowProducts(&span, left.span, right.span, columns: x.columns)
        record(out) { [self] (gradient) throws(ShapeError) in
            for (operand, other) in [(x, right), (y, left)] {
                try accumulate(gradientOf: operand) { (into) throws(ShapeError) in
                    try addScaledRows(&into, other.span, by: gradient.span, columns: x.columns)
                }
            }
        }
        return out
    }
}
