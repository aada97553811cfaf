import Foundation
@testable import Kernels
@testable import Model

/// The operations of models once more, in double precision and the most obvious way: what the executors that serve and
/// train are compared with, and what differences are taken of.
///
/// A run that follows another gives what chooses among rows (``array(_:)``) the numbers of the first one, so that a
/// parameter that is moved a little moves no choice: what goes backward does not go through choices either.
final class DoubleComputation: Computation {
    /// A matrix, row by row.
    struct Matrix: MatrixValue {
        let rows: Int
        let columns: Int
        var values: [Double]

        init(rows: Int, columns: Int, _ values: [Double]) {
            precondition(values.count == rows * columns, "\(values.count) numbers for \(rows) × \(columns)")
            (self.rows, self.columns, self.values) = (rows, columns, values)
        }

        init(rows: Int, columns: Int, at place: (_ row: Int, _ column: Int) -> Double) {
            let values = (0..<rows).flatMap { row in (0..<columns).map { place(row, $0) } }
            self.init(rows: rows, columns: columns, values)
        }

        subscript(row: Int, column: Int) -> Double { values[row * columns + column] }
        func row(_ row: Int) -> ArraySlice<Double> { values[row * columns..<(row + 1) * columns] }

        /// All products of its rows with those of another matrix. A network is run some thousand times without
        /// optimisation, and this is most of it: hence the addresses.
        func products(_ other: Matrix) -> Matrix {
            precondition(columns == other.columns)
            var result = Matrix(
                rows: rows, columns: other.rows, [Double](repeating: 0, count: rows * other.rows))
            result.values.withUnsafeMutableBufferPointer { result in
                values.withUnsafeBufferPointer { left in
                    other.values.withUnsafeBufferPointer { right in
                        guard let out = result.baseAddress, let x = left.baseAddress, let y = right.baseAddress else {
                            return
                        }
                        var place = 0
                        while place < rows * other.rows {
                            let (from, against) = (place / other.rows * columns, place % other.rows * columns)
                            var (sum, column) = (0.0, 0)
                            while column < columns {
                                sum += x[from + column] * y[against + column]
                                column += 1
                            }
                            out[place] = sum
                            place += 1
                        }
                    }
                }
            }
            return result
        }
    }

    /// Numbers of each parameter, by its index.
    var parameters: [[Double]]
    /// Factors of a dropout of that rate in a run; `nil` drops nothing.
    var dropoutMask: ((_ count: Int, _ rate: Float) throws -> [Float])?
    /// Noise of a sample in a run; `nil` samples nothing.
    var noise: ((_ count: Int) throws -> [Float])?
    private var choices: [[Float]] = []
    private var nextChoice = 0
    private var masks: [[Float]] = []
    private var nextMask = 0
    private var noises: [[Float]] = []
    private var nextSample = 0

    init(_ parameters: [[Double]]) {
        self.parameters = parameters
    }

    /// Begins a run: choices, what is dropped and what is drawn are those of the first.
    func restart() {
        (nextChoice, nextMask, nextSample) = (0, 0, 0)
    }

    func matrix(_ parameter: Parameter) -> Matrix {
        Matrix(rows: parameter.rows, columns: parameter.columns, parameters[parameter.index])
    }

    func array(_ x: Matrix) -> [Float] {
        if nextChoice == choices.count { choices.append(x.values.map(Float.init)) }
        defer { nextChoice += 1 }
        return choices[nextChoice]
    }

    func constant(rows: Int, columns: Int, _ values: Span<Float>) throws(ShapeError) -> Matrix {
        Matrix(rows: rows, columns: columns, values.indices.map { Double(values[$0]) })
    }

    func gather(_ table: Parameter, _ indices: [Int32]) throws(ShapeError) -> Matrix {
        try gather(matrix(table), indices)
    }

    func gather(_ x: Matrix, _ indices: [Int32]) throws(ShapeError) -> Matrix {
        Matrix(rows: indices.count, columns: x.columns, indices.flatMap { x.row(Int($0)) })
    }

    func linear(_ x: Matrix, _ layer: Linear, _ activation: Activation) throws(ShapeError) -> Matrix {
        var result = x.products(matrix(layer.weight))
        if let bias = layer.bias {
            let shift = parameters[bias.index]
            for place in result.values.indices { result.values[place] += shift[place % result.columns] }
        }
        return try apply(activation, result)
    }

    func normalize(_ x: Matrix, _ norm: LayerNorm) throws(ShapeError) -> Matrix {
        let (scale, shift) = (matrix(norm.scale).values, matrix(norm.shift).values)
        return Matrix(
            rows: x.rows, columns: x.columns,
            (0..<x.rows).flatMap { row in
                let values = x.row(row)
                let mean = values.reduce(0, +) / Double(x.columns)
                let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(x.columns)
                let deviation = (variance + Double(norm.epsilon)).squareRoot()
                return zip(values, zip(scale, shift)).map { ($0 - mean) / deviation * $1.0 + $1.1 }
            })
    }

    func add(_ x: Matrix, _ y: Matrix) throws(ShapeError) -> Matrix { pointwise(x, y, +) }

    func add(_ x: Matrix, _ y: Matrix, columnScale: Parameter) throws(ShapeError) -> Matrix {
        let scale = matrix(columnScale).values
        return Matrix(rows: x.rows, columns: x.columns) { x[$0, $1] + y[$0, $1] * scale[$1] }
    }

    func multiply(_ x: Matrix, _ y: Matrix) throws(ShapeError) -> Matrix { pointwise(x, y, *) }

    func subtract(_ x: Matrix, _ y: Matrix) throws(ShapeError) -> Matrix { pointwise(x, y, -) }

    func apply(_ activation: Activation, _ x: Matrix) throws(ShapeError) -> Matrix {
        if activation == .identity { return x }
        var result = x
        result.values = x.values.map { x in
            switch activation {
            case .identity: x
            case .relu: max(x, 0)
            case .relu6: min(max(x, 0), 6)
            case .leakyRelu: max(x, 0) + 0.01 * min(x, 0)
            case .gelu: x * 0.5 * erfc(-x / 2.0.squareRoot())
            case .tanh: Foundation.tanh(x)
            case .sigmoid: 1 / (1 + exp(-x))
            }
        }
        return result
    }

    func selfAttention(
        _ packed: Matrix, heads: Int, lengths: [Int], relativeBias: Matrix?
    ) throws(ShapeError) -> Matrix {
        let width = packed.columns / 3
        return attend(packed, packed, packed, [0, width, 2 * width], width / heads, lengths, lengths) {
            query, key, head in
            guard let relativeBias else { return 0 }
            return relativeBias[key - query + (relativeBias.rows - 1) / 2, head]
        }
    }

    func crossAttention(
        _ queries: Matrix, _ keysValues: Matrix, heads: Int, queryLengths: [Int], keyLengths: [Int]
    ) throws(ShapeError) -> Matrix {
        let width = queries.columns
        return attend(queries, keysValues, keysValues, [0, 0, width], width / heads, queryLengths, keyLengths) {
            _, _, _ in 0
        }
    }

    /// - Parameters:
    ///   - starts: First column of queries, keys and values.
    ///   - width: Columns of a head.
    private func attend(
        _ queries: Matrix, _ keys: Matrix, _ values: Matrix, _ starts: [Int], _ width: Int, _ queryLengths: [Int],
        _ keyLengths: [Int], bias: (_ query: Int, _ key: Int, _ head: Int) -> Double
    ) -> Matrix {
        let all = starts[2] - starts[1]
        var heads: [Matrix] = []
        for first in stride(from: 0, to: all, by: width) {
            var groups: [Matrix] = []
            var (query, key) = (0, 0)
            for (queryCount, keyCount) in zip(queryLengths, keyLengths) {
                let asked = part(queries, query..<query + queryCount, from: starts[0] + first, width)
                let offered = part(keys, key..<key + keyCount, from: starts[1] + first, width)
                let given = part(values, key..<key + keyCount, from: starts[2] + first, width)
                var shares = asked.products(offered)
                for place in shares.values.indices {
                    shares.values[place] /= Double(width).squareRoot()
                    shares.values[place] += bias(place / keyCount, place % keyCount, first / width)
                }
                shares.values = (0..<(keyCount > 0 ? queryCount : 0)).flatMap { softmax(shares.row($0)) }
                groups.append(shares.products(Matrix(rows: width, columns: keyCount) { given[$1, $0] }))
                query += queryCount
                key += keyCount
            }
            heads.append(stack(groups, columns: width))
        }
        return join(heads)
    }

    private func part(_ x: Matrix, _ rows: Range<Int>, from column: Int, _ width: Int) -> Matrix {
        Matrix(
            rows: rows.count, columns: width,
            rows.flatMap { x.values[$0 * x.columns + column..<$0 * x.columns + column + width] })
    }

    func products(
        _ queries: Matrix, _ keys: Matrix, queryLengths: [Int], keysPerGroup: Int, scale: Float
    ) throws(ShapeError) -> Matrix {
        var first = 0
        let groups = queryLengths.enumerated().map { group, count in
            defer { first += count }
            return part(queries, first..<first + count, from: 0, queries.columns)
                .products(part(keys, group * keysPerGroup..<(group + 1) * keysPerGroup, from: 0, keys.columns))
        }
        var result = stack(groups, columns: keysPerGroup)
        result.values = result.values.map { Double(scale) * $0 }
        return result
    }

    func mean(_ x: Matrix, over ranges: [Range<Int>]) throws(ShapeError) -> Matrix {
        Matrix(rows: ranges.count, columns: x.columns) { row, column in
            ranges[row].reduce(0) { $0 + x[$1, column] } / Double(max(ranges[row].count, 1))
        }
    }

    func concatenateColumns(_ values: [Matrix]) throws(ShapeError) -> Matrix {
        join(values)
    }

    func concatenateRows(_ values: [Matrix]) throws(ShapeError) -> Matrix {
        stack(values, columns: values.first?.columns ?? 0)
    }

    private func join(_ values: [Matrix]) -> Matrix {
        let rows = values.first?.rows ?? 0
        return Matrix(
            rows: rows, columns: values.reduce(0) { $0 + $1.columns },
            (0..<rows).flatMap { row in values.flatMap { $0.row(row) } })
    }

    private func stack(_ values: [Matrix], columns: Int) -> Matrix {
        Matrix(rows: values.reduce(0) { $0 + $1.rows }, columns: columns, values.flatMap(\.values))
    }

    func dropout(_ x: Matrix, rate: Float) throws(ShapeError) -> Matrix {
        guard rate > 0, let dropoutMask else { return x }
        if nextMask == masks.count {
            do {
                masks.append(try dropoutMask(x.values.count, rate))
            } catch {
                throw ShapeError("dropout", expected: "a mask", got: "\(error)")
            }
        }
        defer { nextMask += 1 }
        return Matrix(rows: x.rows, columns: x.columns, zip(x.values, masks[nextMask]).map { $0 * Double($1) })
    }

    /// Noise of the next sample; `nil` where nothing is sampled.
    func nextNoise(_ count: Int) throws(ShapeError) -> [Float]? {
        guard let noise else { return nil }
        if nextSample == noises.count {
            do {
                noises.append(try noise(count))
            } catch {
                throw ShapeError("sample", expected: "noise", got: "\(error)")
            }
        }
        defer { nextSample += 1 }
        return noises[nextSample]
    }

    func block(replacing: Matrix?, _ body: () throws(ShapeError) -> Matrix) throws(ShapeError) -> Matrix {
        try body()
    }

    private func pointwise(_ x: Matrix, _ y: Matrix, _ function: (Double, Double) -> Double) -> Matrix {
        Matrix(rows: x.rows, columns: x.columns, zip(x.values, y.values).map(function))
    }
}

/// `Σ xᵢ yᵢ`.
func dot(_ x: some Sequence<Double>, _ y: some Sequence<Double>) -> Double {
    zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
}

/// Shares that add up to 1.
func softmax(_ x: some Sequence<Double>) -> [Double] {
    logSoftmax(x).map { exp($0) }
}

/// Their logarithms.
func logSoftmax(_ x: some Sequence<Double>) -> [Double] {
    let top = x.reduce(-Double.infinity, max)
    let sum = x.reduce(0) { $0 + exp($1 - top) }
    return x.map { $0 - top - log(sum) }
}
