package import Kernels
package import Model
package import Randomness

/// Negative log-likelihood of the tags under a linear-chain CRF (Lafferty et al. 2001), or, where a teacher has something to
/// say of them, cross-entropy against that; of two passes, the mean.
package struct CRFLikelihood<Forward: TaggingForward>: Objective {
    private let chain: TagChain

    /// The likelihood under a head's chain.
    package init(_ chain: TagChain) {
        self.chain = chain
    }

    /// The sum over the sequences.
    package func term(
        _ forward: Forward, on tape: Tape, random: inout SeededGenerator
    ) throws(ShapeError) -> Tape.Value? {
        let tagging = forward.tagging
        let wanted = try tagging.wanted(tags: chain.start.columns)
        return try tagging.mean(on: tape) { scores throws(ShapeError) in
            try tape.crfLoss(
                scores.rows, wanted, transitions: chain.transitions, start: chain.start, end: chain.end)
        }
    }
}

extension CRFHead: LearnedHead {}
extension ConvertedHead: LearnedHead {}

extension LearnedHead where Self: ChainHead {
    package func likelihood<Forward: TaggingForward>() -> WeightedObjective<Forward> {
        WeightedObjective("crf", CRFLikelihood(chain))
    }
}
