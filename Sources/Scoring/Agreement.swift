package import Corpora
import Geometry
import Text

/// What was said about one post, beside what is right: entity by entity.
package struct Agreement: Sendable {
    /// What is to be said of a prediction.
    package enum Verdict: Sendable, Equatable {
        /// Gold has the same.
        case right
        /// Gold has another type there.
        case otherType(gold: LabelledEntity)
        /// Gold has the same type there, and sees it elsewhere, or one of the two does not see it.
        case otherBox(gold: LabelledEntity, overlap: Double?)
        /// Gold has nothing there.
        case notThere
        /// Gold is unsure about it.
        case open
    }

    /// A verdict for each prediction.
    package let verdicts: [Verdict]
    /// What gold has and no prediction stands for.
    package let missed: [LabelledEntity]

    /// Compares a post's predictions with gold.
    ///
    /// - Parameter boxes: Whether boxes have to be right too.
    package init(
        predicted: [LabelledEntity], gold: [LabelledEntity], rule: RegionRule = RegionRule(), boxes: Bool
    ) {
        let sure = gold.filter { !$0.isUnsure }
        let open = Set(gold.lazy.filter(\.isUnsure).map(\.scalars)).subtracting(sure.lazy.map(\.scalars))
        var verdicts: [Verdict] = predicted.map { open.contains($0.scalars) ? .open : .notThere }
        let right = PostScore.pairs(predicted: predicted, gold: sure, boxes ? .gmner : .mner, rule)
        for pair in right { verdicts[pair.predicted] = .right }
        // Of what is left, those meet that are about the same words.
        let said = predicted.indices.filter { verdicts[$0] == .notThere }
        let rest = Set(sure.indices).subtracting(right.map(\.gold)).sorted()
        let met = PostScore.pairs(predicted: said.map { predicted[$0] }, gold: rest.map { sure[$0] }, .span, rule)
        for pair in met {
            let (mine, theirs) = (predicted[said[pair.predicted]], sure[rest[pair.gold]])
            let overlaps = (mine.boxes ?? []).flatMap { box in
                (theirs.boxes ?? []).map { box.intersectionOverUnion($0) }
            }
            verdicts[said[pair.predicted]] =
                mine.type.exact == theirs.type.exact
                ? .otherBox(gold: theirs, overlap: overlaps.max()) : .otherType(gold: theirs)
        }
        let found = Set(met.map(\.gold))
        self.verdicts = verdicts
        missed = rest.indices.filter { !found.contains($0) }.map { sure[rest[$0]] }
    }
}
