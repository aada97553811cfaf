package import Kernels

extension Computation {
    /// Every number times a factor that is not learned.
    package func scaled(_ x: Value, by factor: Float) throws(ShapeError) -> Value {
        let factors = [Float](repeating: factor, count: x.rows)
        return try scaleRows(x, by: constant(rows: x.rows, columns: 1, factors.span))
    }
}
