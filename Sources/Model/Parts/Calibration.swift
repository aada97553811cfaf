/// How a logit becomes a probability that can be believed: `logistic(scale · logit + shift)` (Platt 1999; without the
/// shift, temperature scaling as in Guo et al. 2017).
package struct Calibration: Codable, Sendable, Equatable {
    /// Slope; the reciprocal of a temperature.
    package var scale: Float
    /// Shift.
    package var shift: Float

    /// A line; by default the one that changes nothing.
    package init(scale: Float = 1, shift: Float = 0) {
        self.scale = scale
        self.shift = shift
    }

    /// The probability that a logit stands for.
    package func probability(_ logit: Float) -> Float {
        logistic(scale * logit + shift)
    }

    /// Throws unless it is a rising line.
    func validate() throws(ModelError) {
        guard scale.isFinite, scale > 0, shift.isFinite else {
            throw ModelError(.invalid, "evidence: calibration \(scale), \(shift) is not a rising line")
        }
    }
}
