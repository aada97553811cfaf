import Foundation
@testable import Kernels
@testable import Model

/// What works on a number for each pair of rows that meet, and what bottlenecks are made of.
extension DoubleComputation {
    func pairProducts(_ queries: Matrix, _ keys: Matrix, _ groups: PairGroups, scale: Float) -> Matrix {
        pairs(groups) { query, key in Double(scale) * dot(queries.row(query), keys.row(key)) }
    }

    func pairSums(_ weights: Matrix, _ x: Matrix, _ groups: PairGroups) -> Matrix {
        var result = Matrix(rows: groups.queryCount, columns: x.columns) { _, _ in 0 }
        for (pair, (query, key)) in Self.places(groups).enumerated() {
            for column in 0..<x.columns {
                result.values[query * x.columns + column] += weights[pair, 0] * x[key, column]
            }
        }
        return result
    }

    func pairSoftmax(_ x: Matrix, _ groups: PairGroups, over side: PairGroups.Side) -> Matrix {
        let places = Self.places(groups)
        var result = x
        // A query's pairs, or a key's, are those that it has a part in: rows are those of all groups.
        for (_, pairs) in Dictionary(grouping: x.values.indices, by: { side == .keys ? places[$0].0 : places[$0].1 }) {
            for (pair, share) in zip(pairs, softmax(pairs.map { x.values[$0] })) { result.values[pair] = share }
        }
        return result
    }

    func filterPairs(
        _ x: Matrix, _ groups: PairGroups, threshold: Matrix, temperature: Float, epsilon: Float
    ) -> Matrix {
        var result = x
        for (_, pairs) in Dictionary(grouping: x.values.indices, by: { Self.places(groups)[$0].0 }) {
            let parts = pairs.map { max(x.values[$0] - threshold[0, 0], 0) * exp(x.values[$0] / Double(temperature)) }
            let sum = parts.reduce(Double(epsilon), +)
            for (pair, part) in zip(pairs, parts) { result.values[pair] = part / sum }
        }
        return result
    }

    func levelPairs(_ x: Matrix, _ groups: PairGroups, by weights: Matrix) -> Matrix {
        let places = Self.places(groups)
        var result = x
        for (key, pairs) in Dictionary(grouping: x.values.indices, by: { places[$0].1 }) {
            let mean = pairs.reduce(0) { $0 + x.values[$1] } / Double(pairs.count)
            for pair in pairs { result.values[pair] += weights[key, 0] * (mean - x.values[pair]) }
        }
        return result
    }

    func sample(_ mean: Matrix, logVariance: Matrix) throws(ShapeError) -> Matrix {
        guard let noise = try nextNoise(mean.values.count) else { return mean }
        return Matrix(
            rows: mean.rows, columns: mean.columns,
            mean.values.indices.map { mean.values[$0] + Double(noise[$0]) * exp(Self.held(logVariance.values[$0]) / 2) }
        )
    }

    func divergenceFromStandardNormal(_ mean: Matrix, logVariance: Matrix) -> Double {
        let parts = zip(mean.values, logVariance.values.map(Self.held)).map { 1 + $1 - $0 * $0 - exp($1) }
        return parts.reduce(0, +) / Double(parts.count) / -2
    }

    func divergence(
        of one: (mean: Matrix, logVariance: Matrix), from other: (mean: Matrix, logVariance: Matrix)
    ) -> Double {
        let parts = one.mean.values.indices.map { index in
            let (l, q) = (Self.held(one.logVariance.values[index]), Self.held(other.logVariance.values[index]))
            let gap = one.mean.values[index] - other.mean.values[index]
            return (q - l + (exp(l) + gap * gap) / exp(q) - 1) / 2
        }
        return parts.reduce(0, +) / Double(parts.count)
    }

    func boundedSum(_ x: Matrix, _ y: Matrix, limit: Float, lengths: [Int]) -> Matrix {
        var result = x
        var row = 0
        for length in lengths {
            let range = row * x.columns..<(row + length) * x.columns
            let (first, second) = (x.values[range], y.values[range])
            let share = Double(limit) * (dot(first, first) / dot(second, second)).squareRoot()
            for place in range { result.values[place] += min(share, 1) * y.values[place] }
            row += length
        }
        return result
    }

    private static func held(_ logVariance: Double) -> Double { min(max(logVariance, -8), 8) }

    private func pairs(_ groups: PairGroups, _ number: (_ query: Int, _ key: Int) -> Double) -> Matrix {
        Matrix(rows: groups.pairCount, columns: 1, Self.places(groups).map(number))
    }

    /// The rows of each pair.
    private static func places(_ groups: PairGroups) -> [(query: Int, key: Int)] {
        groups.groups.flatMap { group in
            group.queries.flatMap { query in group.keys.map { (query, $0) } }
        }
    }
}
