import Foundation
package import Model

extension Calibration {
    /// One thing that was said, and whether it is so.
    struct Sample {
        let logit: Float
        /// The type of what it was said of; `nil` where types make no difference.
        var type: Int?
        let isRight: Bool
    }

    /// The gate's line, from entities of known visibility.
    ///
    /// - Parameter types: How many types there are, where each has a shift of its own; 0 for none.
    static func gate(_ predictions: [EvidencePrediction], types: Int = 0) -> Calibration {
        fit(
            predictions.compactMap { prediction in
                prediction.entity.isVisible.map {
                    Sample(
                        logit: prediction.logit, type: types > 0 ? prediction.entity.typeIndex : nil, isRight: $0)
                }
            }, types: types)
    }

    /// The trust's line, from visible entities with known boxes.
    static func trust(_ predictions: [EvidencePrediction]) -> Calibration {
        fit(
            predictions.compactMap { prediction in
                guard !prediction.entity.boxes.isEmpty, let trust = prediction.trust else { return nil }
                return Sample(logit: trust, isRight: prediction.isHit)
            })
    }

    /// The line of shares that are meant as probabilities already.
    package static func fit(shares: [(said: Double, isRight: Bool)]) -> Calibration {
        // Answers have four decimals.
        fit(
            shares.map { share in
                let said = min(max(share.said, 5e-5), 1 - 5e-5)
                return Sample(logit: Float(log(said / (1 - said))), isRight: share.isRight)
            })
    }

    /// How far shifts of types are held back: as by a normal prior with a standard deviation of a fifth of a logit, so that a
    /// type of few entities has hardly any. By cross-validation on 2,118 entities, which hardly tells 10 from 100.
    private static let restraint = 25.0

    /// The line that makes logits most likely to be right: logistic regression by Newton's method, with targets that are held
    /// back from 0 and 1 as few samples want it (Platt 1999, section 2.2).
    ///
    /// - Parameter count: How many types there are that samples may be of.
    static func fit(_ samples: [Sample], types count: Int = 0) -> Calibration {
        let right = Double(samples.count(where: \.isRight))
        let targets = (no: 1 / (Double(samples.count) - right + 2), yes: (right + 1) / (right + 2))
        var (scale, shift) = (1.0, 0.0)
        var types = [Double](repeating: 0, count: count)
        for _ in 0..<50 {
            let step = NewtonStep(samples, targets, scale, shift, types)
            guard var line = step.line else { break }
            // Never to a falling line: one that would fall is as flat as may be, and only shifted.
            if scale - line.scale < flattest { line = step.shifted(scaleBy: scale - flattest) }
            // Short steps.
            scale -= min(max(line.scale, -1), 1)
            shift -= min(max(line.shift, -1), 1)
            for type in types.indices { types[type] -= min(max(step.ofType(type, line), -1), 1) }
            if abs(line.scale) + abs(line.shift) < 1e-7 { break }
        }
        return Calibration(
            scale: Float(scale), shift: Float(shift), types: types.isEmpty ? nil : types.map { Float($0) })
    }

    /// The least slope of a line, which has to rise.
    private static let flattest = 0.01

    /// Slopes and curvature at some line. Each entity has one type at the most, so that shifts of types meet only the line's
    /// two numbers, and can be taken out of the system of equations (its Schur complement).
    private struct NewtonStep {
        /// Of the line, and of each type's shift: slope, curvature, and the mixed ones with the line's two.
        private var scale = 0.0, shift = 0.0
        private var (scales, mixed, shifts) = (1e-6, 0.0, 1e-6)
        private var types: [(slope: Double, curvature: Double, scale: Double, shift: Double)]

        init(
            _ samples: [Sample], _ targets: (no: Double, yes: Double), _ scale: Double, _ shift: Double,
            _ types: [Double]
        ) {
            self.types = types.map { (restraint * $0, restraint, 0, 0) }
            for sample in samples {
                let x = Double(sample.logit)
                let p = 1 / (1 + exp(-(scale * x + shift + (sample.type.map { types[$0] } ?? 0))))
                let error = p - (sample.isRight ? targets.yes : targets.no)
                let weight = p * (1 - p)
                self.scale += error * x
                self.shift += error
                scales += weight * x * x
                mixed += weight * x
                shifts += weight
                guard let type = sample.type else { continue }
                self.types[type].slope += error
                self.types[type].curvature += weight
                self.types[type].scale += weight * x
                self.types[type].shift += weight
            }
        }

        /// Slopes and curvature of the line's two numbers, the types' shifts taken out.
        private var reduced: (gs: Double, gb: Double, hss: Double, hsb: Double, hbb: Double) {
            types.reduce(into: (scale, shift, scales, mixed, shifts)) { sums, type in
                sums.0 -= type.scale * type.slope / type.curvature
                sums.1 -= type.shift * type.slope / type.curvature
                sums.2 -= type.scale * type.scale / type.curvature
                sums.3 -= type.scale * type.shift / type.curvature
                sums.4 -= type.shift * type.shift / type.curvature
            }
        }

        /// The step of the line's two numbers; `nil` where there is none.
        var line: (scale: Double, shift: Double)? {
            let (gs, gb, hss, hsb, hbb) = reduced
            let determinant = hss * hbb - hsb * hsb
            guard determinant > 1e-9 else { return nil }
            return ((hbb * gs - hsb * gb) / determinant, (hss * gb - hsb * gs) / determinant)
        }

        /// The step of the shift beside a given one of the scale.
        func shifted(scaleBy step: Double) -> (scale: Double, shift: Double) {
            let (_, gb, _, hsb, hbb) = reduced
            return (step, (gb - hsb * step) / hbb)
        }

        /// The step of a type's shift beside one of the line.
        func ofType(_ type: Int, _ line: (scale: Double, shift: Double)) -> Double {
            let type = types[type]
            return (type.slope - type.scale * line.scale - type.shift * line.shift) / type.curvature
        }
    }
}
