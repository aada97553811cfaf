import Foundation
@testable import Kernels
@testable import Model

/// Slopes of ``DoubleComputation``, by their definitions.
extension DoubleComputation {
    func linearBackward(_ slope: Matrix, _ layer: Linear) throws(ShapeError) -> Matrix {
        let weight = matrix(layer.weight)
        return Matrix(rows: slope.rows, columns: weight.columns) { row, column in
            (0..<weight.rows).reduce(0) { $0 + slope[row, $1] * weight[$1, column] }
        }
    }

    /// The Jacobian, element by element: `∂yⱼ/∂xᵢ = γⱼ ((i = j) − 1/n − x̂ᵢ x̂ⱼ / n) / s`.
    func normalizeBackward(_ slope: Matrix, _ x: Matrix, _ norm: LayerNorm) throws(ShapeError) -> Matrix {
        let (scale, count) = (matrix(norm.scale).values, Double(x.columns))
        return Matrix(
            rows: x.rows, columns: x.columns,
            (0..<x.rows).flatMap { row -> [Double] in
                let values = Array(x.row(row))
                let mean = values.reduce(0, +) / count
                let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
                let deviation = (variance + Double(norm.epsilon)).squareRoot()
                let unit = values.map { ($0 - mean) / deviation }
                return values.indices.map { i in
                    values.indices.reduce(0) { sum, j in
                        let jacobian = (i == j ? 1 : 0) - 1 / count - unit[i] * unit[j] / count
                        return sum + slope[row, j] * scale[j] * jacobian / deviation
                    }
                }
            })
    }

    /// By central differences.
    func applyBackward(_ slope: Matrix, _ activation: Activation, _ x: Matrix) throws(ShapeError) -> Matrix {
        let step = 1e-6
        let above = try apply(activation, Matrix(rows: x.rows, columns: x.columns, x.values.map { $0 + step }))
        let below = try apply(activation, Matrix(rows: x.rows, columns: x.columns, x.values.map { $0 - step }))
        return Matrix(rows: x.rows, columns: x.columns) { row, column in
            slope[row, column] * (above[row, column] - below[row, column]) / (2 * step)
        }
    }
}
