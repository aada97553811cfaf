import Text
import Model
import Kernels

/// What texts alone say of visibility, as said by nets that have not seen the text: what a post shows is learned as the
/// difference to that.
///
/// A net that has learned a post knows its answer, and would leave nothing to be learned from the picture. So posts are cut
/// in folds, and each fold's offsets come from a net that learned from the others (cross-fitting, Chernozhukov et al.
/// 2018, section 3). Posts made of photographs have nets of their own, as their wording tells other things. None of these
/// nets is part of the model: for that ``VisibilityPrior`` learns from all posts that people wrote.
package struct CrossFittedPriors: Sendable {
    private static let foldCount = 2

    /// One for each fold of posts that people wrote, then of those that are made.
    private let nets: [VisibilityPrior]
    /// Position of the net that gives each post's offsets.
    private let netOfPost: [Int]

    /// Declares nets for these posts.
    init(
        of posts: [EvidencePost], queryWidth: Int, typeCount: Int, width: Int, in layout: inout ParameterLayout
    ) {
        nets = (0..<2 * Self.foldCount).map { index in
            layout.at("cross_fit.\(index)") {
                VisibilityPrior(queryWidth: queryWidth, typeCount: typeCount, width: width, in: &$0)
            }
        }
        // Posts about the same photograph, and texts that occur twice, stay in one fold.
        var folds: [ExactString: Int] = [:]
        netOfPost = posts.map { post in
            let key = (post.origin == .made ? post.image ?? "" : post.words.joined(separator: " ")).exact
            let fold = folds[key] ?? folds.count % Self.foldCount
            folds[key] = fold
            return (post.origin == .made ? Self.foldCount : 0) + fold
        }
    }

    /// Logits of each net for the entities of some posts.
    func logits(
        _ batch: EvidenceBatch<Tape.Value>, dropout: Float, on tape: Tape
    ) throws(ShapeError) -> [Tape.Value] {
        try nets.map { (net) throws(ShapeError) in
            try net.logits(batch.queries, kinds: batch.kinds, dropout: dropout, on: tape)
        }
    }

    /// Of each entity, the logit of the net that has not seen its post.
    func offsets(_ logits: [Tape.Value], postOfEntity: [Int], on tape: Tape) -> [Float] {
        let values = logits.map(tape.array)
        return postOfEntity.enumerated().map { entity, post in values[netOfPost[post]][entity] }
    }

    /// Whether a net learns from a post: it is of the net's kind and another fold.
    func learns(_ net: Int, from post: Int) -> Bool {
        net / Self.foldCount == netOfPost[post] / Self.foldCount && net != netOfPost[post]
    }
}
