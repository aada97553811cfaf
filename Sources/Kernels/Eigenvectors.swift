/// Eigenvectors of a symmetric matrix, of length 1, a row each, by falling eigenvalue: those whose eigenvalues are the largest by
/// absolute value.
///
/// Subspace iteration from rows that are always the same, with a Rayleigh–Ritz step at its end (Golub & Van Loan, Matrix
/// Computations, 8.2 and 8.3). A few more rows than are asked for go along, so that what is asked for is soon found; where
/// eigenvalues hardly differ, a row may be a mixture of theirs. Rows are zeros where the matrix has no more eigenvalues
/// than zero.
///
/// - Parameters:
///   - matrix: `size × size` finite numbers.
///   - count: Rows, at most `size`.
/// - Returns: `count × size`.
/// - Throws: ``ShapeError`` where the matrix is not of that size, or has fewer eigenvectors.
package func leadingEigenvectors(of matrix: [Float], size: Int, count: Int) throws(ShapeError) -> [Float] {
    try check(matrix.count, size, size, "leadingEigenvectors", "matrix")
    try check(
        0 <= count && count <= size, "leadingEigenvectors", expected: "at most \(size) vectors", got: "\(count)")
    let (rounds, more) = (40, 6)
    var space = Subspace(rows: min(size, count + more), columns: size)
    for _ in 0..<rounds {
        space.orthonormalize()
        space.rows = try space.product(with: matrix)
    }
    space.orthonormalize()
    return try Array(space.ritzVectors(of: matrix)[..<(count * size)])
}

/// Rows that span a part of a space.
private struct Subspace {
    let count: Int
    let size: Int
    var rows: [Float]

    /// Rows that are like no eigenvector in particular.
    init(rows: Int, columns: Int) {
        (count, size) = (rows, columns)
        // Numbers of a linear congruential generator (Numerical Recipes, 7.1).
        var state: UInt32 = 1
        self.rows = (0..<rows * columns).map { _ in
            state = state &* 1_664_525 &+ 1_013_904_223
            return Float(state >> 8) / Float(1 << 23) - 1
        }
    }

    /// Each row times a symmetric matrix.
    func product(with matrix: [Float]) throws(ShapeError) -> [Float] {
        var result = [Float](repeating: 0, count: rows.count)
        var span = result.mutableSpan
        try gemm(&span, rows.span, matrix.span, ProductShape(rows: count, columns: size, inner: size))
        return result
    }

    private func dot(_ one: Int, _ other: Int) -> Double {
        (0..<size).reduce(0.0) { $0 + Double(rows[one * size + $1]) * Double(rows[other * size + $1]) }
    }

    /// Makes each row of length 1 and none of another's direction (Gram–Schmidt, twice, as once is not enough in Float); a row
    /// of nothing but others' directions becomes zeros.
    mutating func orthonormalize() {
        for row in 0..<count {
            let before = dot(row, row)
            for other in Array(0..<row) + Array(0..<row) {
                let share = Float(dot(row, other))
                for column in 0..<size { rows[row * size + column] -= share * rows[other * size + column] }
            }
            let after = dot(row, row)
            let scale = after > before * 1e-10 && after > 0 ? Float(1 / after.squareRoot()) : 0
            for column in 0..<size { rows[row * size + column] *= scale }
        }
    }

    /// The rows turned within their space so that they are as near to eigenvectors as it allows, by falling eigenvalue.
    func ritzVectors(of matrix: [Float]) throws(ShapeError) -> [Float] {
        let image = try product(with: matrix)
        var small = (0..<count * count).map { place in
            let (row, other) = (place / count, place % count)
            return (0..<size).reduce(0.0) { $0 + Double(rows[row * size + $1]) * Double(image[other * size + $1]) }
        }
        let turn = Self.diagonalize(&small, count)
        let order = (0..<count).sorted { (small[$0 * count + $0], $1) > (small[$1 * count + $1], $0) }
        return order.flatMap { vector in
            (0..<size).map { column in
                Float((0..<count).reduce(0.0) { $0 + turn[$1 * count + vector] * Double(rows[$1 * size + column]) })
            }
        }
    }

    /// Jacobi's rotations (Golub & Van Loan, 8.5) on a few rows: eigenvalues are left on the diagonal, and eigenvectors are the
    /// columns of the result.
    private static func diagonalize(_ matrix: inout [Double], _ n: Int) -> [Double] {
        var vectors = (0..<n * n).map { $0 / n == $0 % n ? 1.0 : 0 }
        let sweeps = 12
        for _ in 0..<sweeps {
            for p in 0..<n {
                for q in p + 1..<max(n, p + 1) {
                    let apart = matrix[p * n + q]
                    guard abs(apart) > 1e-300 else { continue }
                    let slope = (matrix[q * n + q] - matrix[p * n + p]) / (2 * apart)
                    let tangent = (slope < 0 ? -1 : 1) / (abs(slope) + (slope * slope + 1).squareRoot())
                    let cosine = 1 / (tangent * tangent + 1).squareRoot()
                    let sine = tangent * cosine
                    for k in 0..<n { turn(&matrix, k * n + p, k * n + q, cosine, sine) }
                    for k in 0..<n { turn(&matrix, p * n + k, q * n + k, cosine, sine) }
                    for k in 0..<n { turn(&vectors, k * n + p, k * n + q, cosine, sine) }
                }
            }
        }
        return vectors
    }

    private static func turn(_ numbers: inout [Double], _ p: Int, _ q: Int, _ cosine: Double, _ sine: Double) {
        (numbers[p], numbers[q]) = (cosine * numbers[p] - sine * numbers[q], sine * numbers[p] + cosine * numbers[q])
    }
}
