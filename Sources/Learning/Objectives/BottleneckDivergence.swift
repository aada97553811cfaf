import Kernels
import Model
import Randomness

/// What bottlenecks let through: divergences from the standard normal distribution (Alemi et al. 2017, equation 16), of
/// words and of evidence, each the mean over all elements as MINIGE has it.
struct BottleneckDivergence: Objective {
    /// That of the words times the posts, and that of the evidence times the posts that show some; `nil` where nothing is
    /// noted.
    func term(
        _ forward: FusionForward, on tape: Tape, random: inout SeededGenerator
    ) throws(ShapeError) -> Tape.Value? {
        let notes = forward.notes
        guard let mean = notes[.textMean], let logVariance = notes[.textLogVariance] else { return nil }
        let text = try tape.scale(
            tape.divergenceFromStandardNormal(mean, logVariance: logVariance), by: Float(forward.isShown.count))
        guard let mean = notes[.shownMean], let logVariance = notes[.shownLogVariance] else { return text }
        let shown = try tape.scale(
            tape.divergenceFromStandardNormal(mean, logVariance: logVariance),
            by: Float(forward.isShown.count { $0 }))
        return try tape.add(text, shown)
    }
}
