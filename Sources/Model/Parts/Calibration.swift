import Glibc

/// How a logit becomes a probability that can be believed: `logistic(scale · logit + shift)` (Platt 1999), with a further shift
/// for what is of some type.
package struct Calibration: Codable, Sendable, Equatable {
    /// Slope; the reciprocal of a temperature.
    package var scale: Float
    /// Shift.
    package var shift: Float
    /// What is added to the shift, by an entity's type; `nil`: nothing for any.
    package var types: [Float]?

    /// A line; by default the one that changes nothing.
    package init(scale: Float = 1, shift: Float = 0, types: [Float]? = nil) {
        self.scale = scale
        self.shift = shift
        self.types = types
    }

    /// The logit of the probability that a logit stands for, of an entity of a type.
    package func line(_ logit: Float, of type: Int? = nil) -> Float {
        let line = scale * logit + shift
        guard let type, let types else { return line }
        return line + types[type]
    }

    /// The probability that a logit stands for, of an entity of a type.
    package func probability(_ logit: Float, of type: Int? = nil) -> Float { logistic(line(logit, of: type)) }

    /// The probability that a share stands for which is meant as one already.
    package func probability(ofShare share: Float) -> Float {
        let share = min(max(share, 1e-6), 1 - 1e-6)
        return probability(log(share / (1 - share)))
    }

    /// One line after another: this one first.
    package func then(_ next: Calibration) -> Calibration {
        Calibration(scale: next.scale * scale, shift: next.scale * shift + next.shift)
    }

    /// Throws unless it is a rising line, with a shift for each type if for any.
    func validate(_ part: String = "evidence", types count: Int? = nil) throws(ModelError) {
        guard scale.isFinite, scale > 0, shift.isFinite else {
            throw ModelError(.invalid, "\(part): calibration \(scale), \(shift) is not a rising line")
        }
        guard let types else { return }
        guard types.count == count ?? types.count, types.allSatisfy(\.isFinite) else {
            throw ModelError(.invalid, "\(part): calibration has not one shift for each type")
        }
    }
}
