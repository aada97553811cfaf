import Foundation
@testable import Geometry
@testable import Model

/// What the tape adds to the operations of models, losses above all: each by its formula.
extension DoubleComputation {
    func scale(_ x: Matrix, by factor: Double) -> Matrix {
        Matrix(rows: x.rows, columns: x.columns, x.values.map { $0 * factor })
    }

    func similarities(_ x: Matrix, _ y: Matrix) -> Matrix {
        Matrix(rows: x.rows, columns: y.rows) { dot(x.row($0), y.row($1)) }
    }

    func softCrossEntropy(_ x: Matrix, _ targets: [Double], weights: [Double]) -> Double {
        (0..<x.rows).reduce(0) { sum, row in
            sum - weights[row] * dot(targets[row * x.columns..<(row + 1) * x.columns], logSoftmax(x.row(row)))
        }
    }

    func crossEntropy(_ x: Matrix, _ classes: [Int], smoothing: Double, weights: [Double]) -> Double {
        let targets = classes.flatMap { label in
            (0..<x.columns).map { ($0 == label ? 1 - smoothing : 0) + smoothing / Double(x.columns) }
        }
        return softCrossEntropy(x, targets, weights: weights)
    }

    func binaryCrossEntropy(_ x: Matrix, _ targets: [Double], weights: [Double]) -> Double {
        x.values.indices.reduce(0) { sum, index in
            let p = 1 / (1 + exp(-x.values[index]))
            return sum - weights[index] * (targets[index] * log(p) + (1 - targets[index]) * log(1 - p))
        }
    }

    func symmetricDivergence(_ x: Matrix, _ y: Matrix) -> Double {
        (0..<x.rows).reduce(0) { sum, row in
            let (p, q) = (logSoftmax(x.row(row)), logSoftmax(y.row(row)))
            return sum + zip(p, q).reduce(0) { $0 + (exp($1.0) - exp($1.1)) * ($1.0 - $1.1) } / 2
        }
    }

    func contrast(_ x: Matrix, _ y: Matrix, scale factor: Double) -> Double {
        let products = scale(similarities(x, y), by: factor)
        let across = Matrix(rows: products.columns, columns: products.rows) { products[$1, $0] }
        let ones = [Double](repeating: 1, count: x.rows)
        let diagonal = Array(0..<x.rows)
        return
            (crossEntropy(products, diagonal, smoothing: 0, weights: ones)
            + crossEntropy(across, diagonal, smoothing: 0, weights: ones)) / 2
    }

    /// By every path there is.
    func crfLoss(
        _ emissions: Matrix, tags: [Int], lengths: [Int], transitions: Matrix, start: [Double], end: [Double]
    ) -> Double {
        var (loss, word) = (0.0, 0)
        for length in lengths where length > 0 {
            func score(_ path: [Int]) -> Double {
                var score = start[path[0]] + end[path[length - 1]]
                for (place, tag) in path.enumerated() {
                    score += emissions[word + place, tag]
                    if place > 0 { score += transitions[path[place - 1], tag] }
                }
                return score
            }
            var paths: [[Int]] = [[]]
            for _ in 0..<length { paths = paths.flatMap { path in (0..<emissions.columns).map { path + [$0] } } }
            loss += log(paths.reduce(0) { $0 + exp(score($1)) }) - score(Array(tags[word..<word + length]))
            word += length
        }
        return loss
    }

    func boxLoss(_ logits: Matrix, _ targets: [RelativeBox], weights: [Double]) -> Double {
        (0..<logits.rows).reduce(0) { sum, row in
            let box = logits.row(row).prefix(4).map { 1 / (1 + exp(-$0)) }
            return sum + weights[row] * Self.boxLoss(box, targets[row])
        }
    }

    /// `5 · L1` between centre forms and `2 · (1 − GIoU)`, areas 1e-7 larger than they are, as the tape has them.
    private static func boxLoss(_ box: [Double], _ target: RelativeBox) -> Double {
        let (x1, y1) = (Double(target.x1), Double(target.y1))
        let (x2, y2) = (Double(target.x2), Double(target.y2))
        let far = dot(zip(box, [(x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1]).map { abs($0 - $1) }, [1, 1, 1, 1])
        let (left, right) = (box[0] - box[2] / 2, box[0] + box[2] / 2)
        let (upper, lower) = (box[1] - box[3] / 2, box[1] + box[3] / 2)
        let common = max(0, min(right, x2) - max(left, x1)) * max(0, min(lower, y2) - max(upper, y1))
        let union = box[2] * box[3] + (x2 - x1) * (y2 - y1) - common + 1e-7
        let hull = (max(right, x2) - min(left, x1)) * (max(lower, y2) - min(upper, y1)) + 1e-7
        return 5 * far + 2 * (1 - (common / union - (hull - union) / hull))
    }
}
