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
    /// Share of right decisions at probability one half.
    package let accuracy: Double
    /// Area under the ROC curve: how often a visible entity gets a higher logit than an invisible one; one half where it has
    /// no value.
    package let auc: Double
    /// Expected calibration error over 15 bins of equal width (Guo et al. 2017, equation 3).
    package let calibrationError: Double

    /// Scores predictions; entities of unknown visibility do not count.
    package init(_ predictions: [EvidencePrediction], calibration: Calibration) {
        let known = predictions.compactMap { prediction in
            prediction.entity.isVisible.map { (logit: prediction.logit, isVisible: $0) }
        }
        count = known.count
        let total = Double(max(known.count, 1))
        let positives = known.count { $0.isVisible }
        visible = Double(positives) / total
        var right = 0
        var bins = [(count: Int, confidence: Double, right: Int)](repeating: (0, 0, 0), count: 15)
        for (logit, isVisible) in known {
            let probability = Double(calibration.probability(logit))
            if (probability > 0.5) == isVisible { right += 1 }
            let bin = Int(probability * 15, within: 0...14)
            bins[bin].count += 1
            bins[bin].confidence += probability
            if isVisible { bins[bin].right += 1 }
        }
        accuracy = Double(right) / total
        calibrationError = bins.reduce(0) { $0 + abs($1.confidence - Double($1.right)) } / total
        auc = areaUnderROC(known.map { (score: Double($0.logit), isPositive: $0.isVisible) }) ?? 0.5
    }
}

extension Calibration {
    /// The line that makes logits most likely to be right: logistic regression by Newton's method (Platt 1999).
    ///
    /// - Parameter hasShift: Whether the line may miss the origin; without, this is temperature scaling.
    static func fit(_ samples: [(logit: Float, isRight: Bool)], hasShift: Bool) -> Calibration {
        var (scale, shift) = (1.0, 0.0)
        for _ in 0..<50 {
            var (gs, gb, hss, hsb, hbb) = (0.0, 0.0, 1e-6, 0.0, 1e-6)
            for (logit, isRight) in samples {
                let x = Double(logit)
                let p = 1 / (1 + exp(-(scale * x + shift)))
                let error = p - (isRight ? 1 : 0)
                let weight = p * (1 - p)
                gs += error * x
                gb += error
                hss += weight * x * x
                hsb += weight * x
                hbb += weight
            }
            if !hasShift { (gb, hsb, hbb) = (0, 0, 1) }
            let determinant = hss * hbb - hsb * hsb
            guard determinant > 1e-9 else { break }
            let (ds, db) = ((hbb * gs - hsb * gb) / determinant, (hss * gb - hsb * gs) / determinant)
            // Short steps, and never to a falling line.
            scale = max(0.01, scale - min(max(ds, -1), 1))
            shift -= min(max(db, -1), 1)
            if abs(ds) + abs(db) < 1e-7 { break }
        }
        return Calibration(scale: Float(scale), shift: Float(shift))
    }
}
