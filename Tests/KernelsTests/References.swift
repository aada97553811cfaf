import Foundation

@testable import Kernels

/// The kernels once more, in double precision and the most obvious way: what they are compared with.
enum Reference {
    static func product(
        _ a: [Double], _ b: [Double], _ rows: Int, _ columns: Int, _ inner: Int, transposeA: Bool = false,
        transposeB: Bool = false
    ) -> [Double] {
        var c = [Double](repeating: 0, count: rows * columns)
        for i in 0..<rows {
            for j in 0..<columns {
                for k in 0..<inner {
                    c[i * columns + j] +=
                        (transposeA ? a[k * rows + i] : a[i * inner + k])
                        * (transposeB ? b[j * inner + k] : b[k * columns + j])
                }
            }
        }
        return c
    }

    static func activation(_ activation: Activation, _ x: Double) -> Double {
        switch activation {
        case .identity: x
        case .relu: max(x, 0)
        case .relu6: min(max(x, 0), 6)
        case .leakyRelu: x < 0 ? 0.01 * x : x
        case .gelu: x * 0.5 * erfc(-x / 2.0.squareRoot())
        case .tanh: Foundation.tanh(x)
        case .sigmoid: 1 / (1 + exp(-x))
        }
    }

    static func linear(
        _ x: [Double], _ weight: [Double], _ bias: [Double]?, _ rows: Int, _ inputs: Int, _ outputs: Int,
        _ activation: Activation = .identity
    ) -> [Double] {
        product(x, weight, rows, outputs, inputs, transposeB: true).enumerated().map { index, value in
            Reference.activation(activation, value + (bias?[index % outputs] ?? 0))
        }
    }

    static func layerNorm(
        _ x: [Double], _ scale: [Double], _ shift: [Double], _ rows: Int, _ columns: Int, _ epsilon: Double
    ) -> [Double] {
        (0..<rows).flatMap { row in
            let values = x[row * columns..<(row + 1) * columns]
            let mean = values.reduce(0, +) / Double(columns)
            let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(columns)
            return values.enumerated().map { column, value in
                (value - mean) / (variance + epsilon).squareRoot() * scale[column] + shift[column]
            }
        }
    }

    static func softmax(_ x: [Double], _ rows: Int, _ columns: Int) -> [Double] {
        (0..<rows).flatMap { row in
            let values = x[row * columns..<(row + 1) * columns]
            let top = values.max() ?? 0
            let sum = values.reduce(0) { $0 + exp($1 - top) }
            return values.map { exp($0 - top) / sum }
        }
    }

    /// What the probabilities of each group and head make of the values, without stride.
    static func attention(
        _ queries: [Double], _ keys: [Double], _ values: [Double], _ shape: AttentionShape, bias: [Double]? = nil
    ) -> [Double] {
        let width = shape.headWidth, heads = shape.heads
        let rows = shape.queryLengths.reduce(0, +)
        var out = [Double](repeating: 0, count: rows * heads * width)
        var query = 0, key = 0
        for (queryCount, keyCount) in zip(shape.queryLengths, shape.keyLengths) {
            for head in 0..<heads {
                var scores: [Double] = []
                for i in 0..<queryCount {
                    for j in 0..<keyCount {
                        var score = 0.0
                        for c in 0..<width {
                            score +=
                                queries[(query + i) * shape.queryStride + head * width + c]
                                * keys[(key + j) * shape.keyStride + head * width + c]
                        }
                        score /= Double(width).squareRoot()
                        if let bias { score += bias[(j - i + (bias.count / heads - 1) / 2) * heads + head] }
                        scores.append(score)
                    }
                }
                let probabilities = softmax(scores, queryCount, keyCount)
                for i in 0..<queryCount {
                    for j in 0..<keyCount {
                        for c in 0..<width {
                            out[((query + i) * heads + head) * width + c] +=
                                probabilities[i * keyCount + j]
                                * values[(key + j) * shape.valueStride + head * width + c]
                        }
                    }
                }
            }
            query += queryCount
            key += keyCount
        }
        return out
    }
}
