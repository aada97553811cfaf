import Kernels
import Model
import Randomness

/// How far what the evidence adds to words says again what they say: squared cosines (DSE-HOF).
struct Redundancy: Objective {
    /// The sum over the posts of the mean over their words, 0 for posts that show nothing; `nil` where none shows anything.
    func term(
        _ forward: FusionForward, on tape: Tape, random: inout SeededGenerator
    ) throws(ShapeError) -> Tape.Value? {
        guard let cosines = forward.notes[.redundancy] else { return nil }
        let lengths = forward.tagging.lengths
        let posts = try tape.mean(tape.multiply(cosines, cosines), over: lengths.ranges)
        return try tape.scale(tape.mean(posts, over: [0..<lengths.count]), by: Float(lengths.count))
    }
}
