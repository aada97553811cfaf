import Kernels
import Model
import Randomness

/// How far what is shown is, as a normal distribution, from what is said: KL(N(μᵥ, σᵥ) ‖ N(μₜ, σₜ)) in closed form. SMNER (LREC
/// 2024) estimates it of one sample, weighted by a density that is 0 in a hundred columns.
struct LatentDivergence: Objective {
    /// The sum over the posts that show something, of each the mean over the columns; `nil` where there is none.
    func term(
        _ forward: FusionForward, on tape: Tape, random: inout SeededGenerator
    ) throws(ShapeError) -> Tape.Value? {
        let notes = forward.notes
        guard let textMean = notes[.textMean], let textSpread = notes[.textLogVariance],
            let shownMean = notes[.shownMean], let shownSpread = notes[.shownLogVariance]
        else { return nil }
        let posts = forward.isShown.indices.filter { forward.isShown[$0] }.map { Int32($0) }
        guard !posts.isEmpty else { return nil }
        func rows(_ value: Tape.Value) throws(ShapeError) -> Tape.Value { try tape.gather(value, posts) }
        let divergence = try tape.divergence(
            of: (rows(shownMean), rows(shownSpread)), from: (rows(textMean), rows(textSpread)))
        return try tape.scale(divergence, by: Float(posts.count))
    }
}
