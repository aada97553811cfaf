import Kernels
import Model
import Randomness

/// Likelihood of spans without types under a chain of their own, beside the tags (UMT, Yu et al. 2020, equation 13).
struct SpanLikelihood: Objective {
    let head: ConvertedHead

    /// The sum over the sequences.
    func term(
        _ forward: FusionForward, on tape: Tape, random: inout SeededGenerator
    ) throws(ShapeError) -> Tape.Value? {
        let spans = try head.scoreSpans(forward.fused, dropout: forward.dropout, on: tape)
        let chain = head.spanChain
        return try tape.crfLoss(
            spans, tags: forward.tagging.tags.map { Int32(head.withoutType(Int($0))) },
            lengths: forward.tagging.lengths, transitions: chain.transitions, start: chain.start, end: chain.end)
    }
}
