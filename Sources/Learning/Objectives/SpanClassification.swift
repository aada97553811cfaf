package import Kernels
package import Model
package import Randomness
import Text

/// Whether each span is a mention, and of what type: cross-entropy, in which those that are none count for less (SMNER,
/// LREC 2024); of two passes, the mean.
package struct SpanClassification<Forward: TaggingForward>: Objective {
    private let longest: Int
    private let none: Float

    /// The objective for a head.
    ///
    /// - Parameter none: weight of a span that is no mention, against 1 of those that are; below 1 more of them are found,
    ///   right and wrong.
    package init(_ head: SpanHead, none: Float = 0.5) {
        longest = head.configuration.longest
        self.none = none
    }

    /// The sum over the spans.
    package func term(
        _ forward: Forward, on tape: Tape, random: inout SeededGenerator
    ) throws(ShapeError) -> Tape.Value? {
        let tagging = forward.tagging
        let classes = zip(tagging.lengths, tagging.spans).flatMap { words, gold in
            let types = Dictionary(gold.map { ($0.words, $0.type) }, uniquingKeysWith: { first, _ in first })
            return SpanHead.spans(of: words, longest: longest).map { Int32((types[$0] ?? -1) + 1) }
        }
        let weights = classes.map { $0 == 0 ? none : 1 }
        return try tagging.mean(on: tape) { scores throws(ShapeError) in
            try tape.crossEntropy(scores.rows, classes, weights: weights)
        }
    }
}

extension SpanHead: LearnedHead {
    package func likelihood<Forward: TaggingForward>() -> WeightedObjective<Forward> {
        likelihood(none: 0.5)
    }

    /// The same, with another weight of what is no mention.
    func likelihood<Forward: TaggingForward>(none: Float) -> WeightedObjective<Forward> {
        WeightedObjective("spans", SpanClassification(self, none: none))
    }
}
