package import Geometry

/// A box that a second stage weighed for a mention, and what it thought of it.
package struct WeighedBox: Sendable, Equatable {
    /// Where a box comes from.
    package enum Origin: String, Sendable {
        /// Drawn by regression.
        case drawn
        /// The same in every picture.
        case anchor
        /// Proposed by a patch where the mention's mask is high.
        case peak
        /// The model's own detector of objects.
        case detector
        /// Whoever sent the post.
        case region
    }

    /// Most boxes of a mention that are told of: what decides is among the first few.
    static let most = 5

    /// The box.
    package let box: RelativeBox
    /// Where it comes from.
    package let origin: Origin
    /// What the detector, or whoever sent the post, calls it.
    package let label: String?
    /// Probability of being the right one of all that were weighed, given that one of them is, 0…1.
    package let share: Float
}

extension CandidateChoice.Choice {
    /// The most probable boxes of each entity of one post, the best first; none for entities with nothing to choose from.
    func weighed<C: Computation>(
        in picture: PictureFeatures, on computation: C
    ) -> [[WeighedBox]] where C.Value == Value {
        let scores = computation.array(scores)
        let seen = picture.seen
        return candidates.ranges.map { range in
            guard range.count > 1 else { return [] }
            let shares = scores[range].softmax
            let order = range.sorted { (-scores[$0], $0) < (-scores[$1], $1) }
            return order.prefix(WeighedBox.most).map { place in
                let candidate = candidates.all[place]
                return WeighedBox(
                    box: candidate.box, origin: WeighedBox.Origin(candidate, in: picture),
                    label: candidate.region.flatMap { seen[$0].label }, share: shares[place - range.lowerBound])
            }
        }
    }
}

extension WeighedBox.Origin {
    /// Where a candidate of a post with one picture comes from.
    fileprivate init(_ candidate: Candidates.Candidate, in picture: PictureFeatures) {
        switch candidate.source {
        case .drawn: self = .drawn
        case .anchor: self = .anchor
        case .peak: self = .peak
        case .region: self = candidate.region.map(picture.isOwn) == true ? .detector : .region
        }
    }
}
