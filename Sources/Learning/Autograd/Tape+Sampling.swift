import Foundation
import Model
package import Kernels
import Randomness

/// What bottlenecks are made of: samples of normal distributions and how far these are from the standard one; and sums in
/// which one side cannot outweigh the other.
extension Tape {
    /// A sample on a tape with a random stream; the mean on one without, as in answers.
    package func sample(_ mean: Value, logVariance: Value) throws(ShapeError) -> Value {
        try requireSame("sample", mean, logVariance)
        guard var stream = dropoutStream else { return mean }
        let noise = arena.take(mean.count)
        for index in 0..<noise.count { noise[index] = stream.normal() }
        dropoutStream = stream
        let (out, block) = make(
            mean.rows, mean.columns, needsGradient: needsGradient(mean) || needsGradient(logVariance))
        let (centre, spread) = (value(mean), value(logVariance))
        var result = block
        var span = result.mutableSpan
        try normalSample(&span, centre.span, logVariance: spread.span, noise: noise.span)
        record(out) { [self] (gradient) throws(ShapeError) in
            try pass(gradient, to: mean)
            try accumulate(gradientOf: logVariance) { (into) throws(ShapeError) in
                try normalSampleBackward(
                    logVariance: &into, gradient.span, logVariance: spread.span, noise: noise.span)
            }
        }
        return out
    }

    /// KL(N(mean, σ²) ‖ N(0, 1)), the mean over all elements: `−½ mean(1 + l − mean² − exp l)` with `l = log σ²` held within
    /// ``LogVariance/range``. 0 of no elements.
    package func divergenceFromStandardNormal(_ mean: Value, logVariance: Value) throws(ShapeError) -> Value {
        try requireSame("divergenceFromStandardNormal", mean, logVariance)
        let (out, block) = make(1, 1, needsGradient: needsGradient(mean) || needsGradient(logVariance))
        let (centre, spread) = (value(mean), value(logVariance))
        let (meanSlope, spreadSlope) = (arena.take(mean.count), arena.take(mean.count))
        let share = 1 / Double(max(mean.count, 1))
        var loss = 0.0
        for index in 0..<mean.count {
            let (m, raw) = (Double(centre[index]), spread[index])
            let l = Self.held(raw)
            loss -= share * (1 + l - m * m - exp(l)) / 2
            meanSlope[index] = Float(share * m)
            spreadSlope[index] = LogVariance.range.contains(raw) ? Float(share * (exp(l) - 1) / 2) : 0
        }
        block.fill(Float(loss))
        record(out) { [self] (gradient) throws(ShapeError) in
            for (operand, slope) in [(mean, meanSlope), (logVariance, spreadSlope)] {
                try accumulate(gradientOf: operand) { (into) throws(ShapeError) in
                    try axpy(&into, alpha: gradient[0], slope.span)
                }
            }
        }
        return out
    }

    /// KL(N(mean, σ²) ‖ N(m, s²)), the mean over all elements: `½ mean(q − l + (exp l + (mean − m)²)/exp q − 1)` with
    /// `l = log σ²` and `q = log s²` held within ``LogVariance/range``. 0 of no elements.
    package func divergence(
        of one: (mean: Value, logVariance: Value), from other: (mean: Value, logVariance: Value)
    ) throws(ShapeError) -> Value {
        let operands = [one.mean, one.logVariance, other.mean, other.logVariance]
        for operand in operands { try requireSame("divergence", one.mean, operand) }
        let (out, block) = make(1, 1, needsGradient: operands.contains { needsGradient($0) })
        let values = operands.map { value($0) }
        let slopes = operands.map { arena.take($0.count) }
        let share = 1 / Double(max(one.mean.count, 1))
        var loss = 0.0
        for index in 0..<one.mean.count {
            let (l, q) = (Self.held(values[1][index]), Self.held(values[3][index]))
            let gap = Double(values[0][index]) - Double(values[2][index])
            let (ratio, far) = (exp(l - q), gap * gap / exp(q))
            loss += share * (q - l + ratio + far - 1) / 2
            let inside = [values[1][index], values[3][index]].map { LogVariance.range.contains($0) ? share / 2 : 0 }
            let slope = [
                share * gap / exp(q), inside[0] * (ratio - 1), -share * gap / exp(q), inside[1] * (1 - ratio - far),
            ]
            for (block, number) in zip(slopes, slope) { block[index] = Float(number) }
        }
        block.fill(Float(loss))
        record(out) { [self] (gradient) throws(ShapeError) in
            for (operand, slope) in zip(operands, slopes) {
                try accumulate(gradientOf: operand) { (into) throws(ShapeError) in
                    try axpy(&into, alpha: gradient[0], slope.span)
                }
            }
        }
        return out
    }

    /// A logarithm of a variance within its range. Written so that no number stays none.
    private static func held(_ raw: Float) -> Double {
        let low = raw < LogVariance.range.lowerBound ? LogVariance.range.lowerBound : raw
        return Double(low > LogVariance.range.upperBound ? LogVariance.range.upperBound : low)
    }

    /// `x` and as much of `y` as its bound allows, group by group.
    package func boundedSum(_ x: Value, _ y: Value, limit: Float, lengths: [Int]) throws(ShapeError) -> Value {
        try requireSame("boundedSum", x, y)
        let columns = x.columns
        let (out, block) = make(x.rows, columns, needsGradient: needsGradient(x) || needsGradient(y))
        let (left, right) = (value(x), value(y))
        var result = block
        var span = result.mutableSpan
        try Kernels.boundedSum(&span, left.span, right.span, limit: limit, lengths: lengths, columns: columns)
        record(out) { [self] (gradient) throws(ShapeError) in
            let operands = BoundedSumOperands(
                left.span, right.span, limit: limit, lengths: lengths, columns: columns)
            try accumulate(gradientOf: x) { (into) throws(ShapeError) in
                try boundedSumBackward(x: &into, gradient.span, operands)
            }
            try accumulate(gradientOf: y) { (into) throws(ShapeError) in
                try boundedSumBackward(y: &into, gradient.span, operands)
            }
        }
        return out
    }

    private func requireSame(_ operation: String, _ x: Value, _ y: Value) throws(ShapeError) {
        try require(
            x.rows == y.rows && x.columns == y.columns, operation, "\(x.rows) × \(x.columns)",
            "\(y.rows) × \(y.columns)")
    }
}
