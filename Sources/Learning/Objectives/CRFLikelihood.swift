package import Kernels
package import Model
package import Randomness

/// Emissions of tags, and the right tags.
package struct Tagging {
    /// `words × tags`, sequence by sequence: one pass, or two of the same batch with different dropout.
    package let passes: [Tape.Value]
    /// Gold tag of each word.
    package let tags: [Int32]
    /// Words of each sequence.
    package let lengths: [Int]
}

/// A forward pass in which words are tagged.
package protocol TaggingForward {
    /// What was tagged.
    var tagging: Tagging { get }
}

/// Negative log-likelihood of the tags under a linear-chain CRF (Lafferty et al. 2001); of two passes, the mean.
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
        var sum: Tape.Value?
        for emissions in tagging.passes {
            let loss = try tape.crfLoss(
                emissions, tags: tagging.tags, lengths: tagging.lengths, transitions: chain.transitions,
                start: chain.start, end: chain.end)
            if let first = sum { sum = try tape.add(first, loss) } else { sum = loss }
        }
        guard let sum, tagging.passes.count > 1 else { return sum }
        return try tape.scale(sum, by: 1 / Float(tagging.passes.count))
    }
}
