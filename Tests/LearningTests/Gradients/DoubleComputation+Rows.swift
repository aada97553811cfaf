@testable import Model

/// What works row by row.
extension DoubleComputation {
    func columns(_ x: Matrix, _ range: Range<Int>) -> Matrix {
        Matrix(rows: x.rows, columns: range.count) { x[$0, range.lowerBound + $1] }
    }

    func scaleRows(_ x: Matrix, by factors: Matrix) -> Matrix {
        Matrix(rows: x.rows, columns: x.columns) { x[$0, $1] * factors[$0, 0] }
    }

    func unitRows(_ x: Matrix) -> Matrix {
        Matrix(
            rows: x.rows, columns: x.columns,
            (0..<x.rows).flatMap { row in
                let length = dot(x.row(row), x.row(row)).squareRoot()
                return x.row(row).map { length > 0 ? $0 / length : 0 }
            })
    }

    func rowProducts(_ x: Matrix, _ y: Matrix) -> Matrix {
        Matrix(rows: x.rows, columns: 1) { row, _ in dot(x.row(row), y.row(row)) }
    }
}
