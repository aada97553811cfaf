package import Kernels
import Model
package import Randomness

/// Agreement of two passes with different dropout: half of KL(p‖q) + KL(q‖p) of their emissions (R-Drop, Liang et al. 2021,
/// equation 2).
package struct Agreement<Forward: TaggingForward>: Objective {
    /// The objective; it has nothing to set.
    package init() {}

    /// The sum over the rows; `nil` where there was one pass.
    package func term(
        _ forward: Forward, on tape: Tape, random: inout SeededGenerator
    ) throws(ShapeError) -> Tape.Value? {
        let passes = forward.tagging.passes
        return passes.count == 2 ? try tape.symmetricDivergence(passes[0].rows, passes[1].rows) : nil
    }
}
