import Foundation

/// A policy over none and all boxes, at one entity (what MAKAR's agent says, EMNLP 2025, section 3.3, in the size of this model):
/// it answers a box with probability `σ(z)`, and then centre x and y, and the logarithms of width and height, are normal round
/// what the box head draws.
///
/// Forward and backward of what is learned from are here: an action's log-probability, and the divergence from the policy that the
/// run starts from.
struct BoxOffsets: Sendable, Equatable {
    /// Centre x and y, logarithms of width and height, as shares of the picture's sides.
    typealias Numbers = SIMD4<Double>

    /// Logit of answering a box.
    var decision: Double
    /// Means of the four numbers.
    var mean: Numbers
    /// Logarithms of their standard deviations.
    var logDeviation: Numbers

    /// What was drawn: the four numbers of a box, or none.
    typealias Action = Numbers?

    /// A number, and its slopes by everything that the policy is made of.
    struct Sloped {
        var value: Double
        var decision: Double
        var mean = Numbers()
        var logDeviation = Numbers()
    }

    /// The probability of answering a box.
    var share: Double { 1 / (1 + exp(-decision)) }

    /// The logarithm of an action's probability, or density: `log σ(z) + Σ −½((a − μ)/s)² − log s − ½ log 2π` of a box,
    /// `log σ(−z)` of none.
    func logProbability(of action: Action) -> Sloped {
        guard let action else { return Sloped(value: Self.logLogistic(-decision), decision: -share) }
        let precision = Numbers.exp(-2 * logDeviation)
        let apart = action - mean
        let squares = apart * apart * precision
        return Sloped(
            value: Self.logLogistic(decision) - (0.5 * squares + logDeviation).sum() - 2 * log(2 * Double.pi),
            decision: 1 - share, mean: apart * precision, logDeviation: squares - 1)
    }

    /// The divergence of this policy from another: `KL(p‖q) + p · Σ log(s₀/s) + (s² + (μ − μ₀)²)/(2 s₀²) − ½`, with `p` and `q` the
    /// probabilities of a box.
    func divergence(from start: BoxOffsets) -> Sloped {
        let precision = Numbers.exp(-2 * start.logDeviation)
        let (apart, variance) = (mean - start.mean, Numbers.exp(2 * logDeviation))
        let boxes =
            (start.logDeviation - logDeviation + 0.5 * precision * (variance + apart * apart)).sum() - 2
        let decided =
            share * (Self.logLogistic(decision) - Self.logLogistic(start.decision))
            + (1 - share) * (Self.logLogistic(-decision) - Self.logLogistic(-start.decision))
        return Sloped(
            value: decided + share * boxes, decision: share * (1 - share) * (decision - start.decision + boxes),
            mean: share * apart * precision, logDeviation: share * (variance * precision - 1))
    }

    /// `log σ(x)`, also far from 0.
    static func logLogistic(_ x: Double) -> Double { min(x, 0) - log1p(exp(-abs(x))) }
}

extension SIMD4<Double> {
    /// The exponential of each.
    static func exp(_ x: Self) -> Self {
        var result = x
        for place in 0..<4 { result[place] = Foundation.exp(x[place]) }
        return result
    }
}
