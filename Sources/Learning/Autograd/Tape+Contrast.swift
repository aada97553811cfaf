package import Model
package import Kernels

/// What contrastive losses are made of: all products of two sets of rows, a learned temperature.
extension Tape {
    /// All scalar products of the rows of `x` with those of `y`: `x · yᵀ`, `x.rows × y.rows`.
    package func similarities(_ x: Value, _ y: Value) throws(ShapeError) -> Value {
        try require(x.columns == y.columns, "similarities", "\(x.columns) columns", "\(y.columns)")
        let (out, block) = make(x.rows, y.rows, needsGradient: needsGradient(x) || needsGradient(y))
        let (left, right) = (value(x), value(y))
        var result = block
        var span = result.mutableSpan
        try gemm(
            &span, left.span, right.span, ProductShape(rows: x.rows, columns: y.rows, inner: x.columns),
            transposeB: true)
        record(out) { [self] (gradient) throws(ShapeError) in
            try contribute(to: x) { (into, accumulates) throws(ShapeError) in
                try gemm(
                    &into, gradient.span, right.span,
                    ProductShape(rows: x.rows, columns: x.columns, inner: y.rows, beta: accumulates ? 1 : 0))
            }
            try contribute(to: y) { (into, accumulates) throws(ShapeError) in
                try gemm(
                    &into, gradient.span, left.span,
                    ProductShape(rows: y.rows, columns: x.columns, inner: x.rows, beta: accumulates ? 1 : 0),
                    transposeA: true)
            }
        }
        return out
    }

    /// `x` times a learned number, `1 × 1`: an inverse temperature.
    package func scale(_ x: Value, by factor: Parameter) throws(ShapeError) -> Value {
        try require(factor.count == 1, "scale", "a 1 × 1 parameter", "\(factor.rows) × \(factor.columns)")
        let wanted = needsGradient(x) || needsGradient(factor)
        let (out, block) = make(x.rows, x.columns, needsGradient: wanted)
        let source = value(x)
        let number = parameters.block(factor)[0]
        block.copy(from: source)
        var result = block
        var span = result.mutableSpan
        Kernels.scale(&span, by: number)
        record(out) { [self] (gradient) throws(ShapeError) in
            try accumulate(gradientOf: x) { (into) throws(ShapeError) in
                try axpy(&into, alpha: number, gradient.span)
            }
            try accumulate(gradientOf: factor) { (into) throws(ShapeError) in
                into[0] += (0..<x.count).reduce(Float(0)) { $0 + gradient[$1] * source[$1] }
            }
        }
        return out
    }

    /// Symmetric InfoNCE of paired unit rows (van den Oord et al. 2018; both directions as in Radford et al. 2021):
    /// `½ Σᵢ [CE(S, i) + CE(Sᵀ, i)]` with `S = scale · x · yᵀ`. With one pair it is 0 and teaches nothing.
    ///
    /// - Parameter scale: inverse temperature.
    package func contrast(_ x: Value, _ y: Value, scale: Parameter) throws(ShapeError) -> Value {
        try contrast(x, y) { (products) throws(ShapeError) in try self.scale(products, by: scale) }
    }

    /// The same at a fixed temperature.
    package func contrast(_ x: Value, _ y: Value, temperature: Float) throws(ShapeError) -> Value {
        try contrast(x, y) { (products) throws(ShapeError) in try scale(products, by: 1 / temperature) }
    }

    private func contrast(
        _ x: Value, _ y: Value, sharpened: (Value) throws(ShapeError) -> Value
    ) throws(ShapeError) -> Value {
        try require(x.rows == y.rows && x.rows > 1, "contrast", "two pairs of rows or more", "\(x.rows) and \(y.rows)")
        let diagonal = (0..<x.rows).map { Int32($0) }
        let there = try crossEntropy(sharpened(similarities(x, y)), diagonal)
        let back = try crossEntropy(sharpened(similarities(y, x)), diagonal)
        return try scale(add(there, back), by: 0.5)
    }
}
