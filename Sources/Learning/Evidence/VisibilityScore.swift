import Foundation
import Geometry
package import Model
import Scoring

/// How good a gate is on entities whose visibility is known.
package struct VisibilityScore: Sendable, Equatable {
    /// Entities.
    package let count: Int
    /// Share that can be seen.
    package let visible: Double
    /// Mean of the probabilities.
    package let said: Double
    /// Share of right decisions at probability one half.
    package let accuracy: Double
    /// Area under the ROC curve: how often a visible entity gets a higher logit than an invisible one; one half where it has
    /// no value.
    package let auc: Double
    /// Expected calibration error over 15 bins of equal width (Guo et al. 2017, equation 3).
    package let calibrationError: Double
    /// What ``calibrationError`` is expected to be on as few entities where every probability is right: each bin's difference
    /// is then about normal, with the variance of its decisions, and its mean size √(2/π) of its deviation.
    package let calibrationErrorByChance: Double

    /// What was said of one thing, and whether it is so.
    struct Decision: Sendable {
        /// What orders it among others.
        var rank: Double
        /// 0…1.
        var probability: Double
        var isRight: Bool

        /// A decision by a logit, or by its probability alone.
        init(rank: Float? = nil, probability: Float, isRight: Bool) {
            self.rank = Double(rank ?? probability)
            self.probability = Double(probability)
            self.isRight = isRight
        }

        /// Whether it is on the right side of one half.
        var isAccurate: Bool { (probability > 0.5) == isRight }
    }

    /// Scores predictions; entities of unknown visibility do not count.
    package init(_ predictions: [EvidencePrediction], calibration: Calibration) {
        self.init(
            predictions.compactMap { prediction in
                prediction.entity.isVisible.map {
                    let line = calibration.line(prediction.logit, of: prediction.entity.typeIndex)
                    return Decision(rank: line, probability: logistic(line), isRight: $0)
                }
            })
    }

    /// Scores decisions.
    init(_ decisions: [Decision]) {
        count = decisions.count
        let total = Double(max(count, 1))
        visible = Double(decisions.count(where: \.isRight)) / total
        said = decisions.reduce(0) { $0 + $1.probability } / total
        accuracy = Double(decisions.count(where: \.isAccurate)) / total
        var bins = [(confidence: Double, variance: Double, right: Int)](repeating: (0, 0, 0), count: 15)
        for decision in decisions {
            let bin = Int(decision.probability * 15, within: 0...14)
            bins[bin].confidence += decision.probability
            bins[bin].variance += decision.probability * (1 - decision.probability)
            if decision.isRight { bins[bin].right += 1 }
        }
        calibrationError = bins.reduce(0) { $0 + abs($1.confidence - Double($1.right)) } / total
        calibrationErrorByChance = bins.reduce(0) { $0 + (2 / Double.pi * $1.variance).squareRoot() } / total
        auc = areaUnderROC(decisions.map { (score: $0.rank, isPositive: $0.isRight) }) ?? 0.5
    }
}
