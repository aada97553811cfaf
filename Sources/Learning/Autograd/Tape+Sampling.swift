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
            // Written so that no number stays none.
            let held = raw < LogVariance.range.lowerBound ? LogVariance.range.lowerBound : raw
            let l = Double(held > LogVariance.range.upperBound ? LogVariance.range.upperBound : held)
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
