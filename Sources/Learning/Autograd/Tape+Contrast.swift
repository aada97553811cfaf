package import Model
package import Kernels

/// What contrastive losses are made of: unit rows, all products of two sets of rows, a learned temperature.
extension Tape {
    /// Each row divided by its length; a row of zeros stays one and passes nothing back.
    ///
    /// With `u = x/|x|`: `∂L/∂x = (g − u (u·g)) / |x|`.
    package func unitRows(_ x: Value) throws(ShapeError) -> Value {
        let (out, block) = make(x.rows, x.columns, needsGradient: needsGradient(x))
        let source = value(x)
        block.copy(from: source)
        var lengths: [Float] = []
        for row in 0..<x.rows {
            var part = block.part(row * x.columns..<(row + 1) * x.columns)
            let length = Float(part.sumOfSquares.squareRoot())
            lengths.append(length)
            guard length > 0 else { continue }
            var span = part.mutableSpan
            Kernels.scale(&span, by: 1 / length)
        }
        record(out) { [self] (gradient) throws(ShapeError) in
            try accumulate(gradientOf: x) { (into) throws(ShapeError) in
                for row in 0..<x.rows where lengths[row] > 0 {
                    let range = row * x.columns..<(row + 1) * x.columns
                    let along = range.reduce(Float(0)) { $0 + block[$1] * gradient[$1] }
                    for index in range { into[index] += (gradient[index] - block[index] * along) / lengths[row] }
                }
            }
        }
        return out
    }

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
        try require(x.rows == y.rows && x.rows > 1, "contrast", "two pairs of rows or more", "\(x.rows) and \(y.rows)")
        let diagonal = (0..<x.rows).map { Int32($0) }
        let there = try crossEntropy(self.scale(similarities(x, y), by: scale), diagonal)
        let back = try crossEntropy(self.scale(similarities(y, x), by: scale), diagonal)
        return try self.scale(add(there, back), by: 0.5)
    }
}
