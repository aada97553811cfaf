import Geometry

/// What the heads say of one mention's region.
struct RegionVerdict {
    /// Probability that the picture shows it.
    let visible: Float
    /// The box, if there is a picture and something tells where, and the probability of its being right, given that the mention is visible.
    let drawn: (box: RelativeBox, trust: Float)?

    /// Probability that an answer is right: one with the box, or one that says that there is none.
    func share(ofBox isBoxed: Bool) -> Float {
        isBoxed ? visible * (drawn?.trust ?? 0) : 1 - visible
    }
}

extension GroundingResult<Evaluator.Value> {
    /// What is said of each of some mentions of a post.
    ///
    /// - Parameter answers: What ``answers(on:)`` gives.
    func verdicts(
        of mentions: ArraySlice<Mention>, _ answers: [Answer?], _ configuration: EvidenceConfiguration,
        isPictured: Bool, isDescribed: Bool, on evaluator: Evaluator
    ) -> [RegionVerdict] {
        zip(evaluator.array(visible), mentions).enumerated().map { place, pair in
            let (logit, mention) = pair
            let answer = answers.isEmpty ? nil : answers[place]
            let gate = configuration.gate(
                isPictured: isPictured, isDescribed: isDescribed, isChosen: answer?.isChosen == true)
            return RegionVerdict(
                visible: gate.probability(logit, of: mention.type),
                drawn: answer.map { ($0.box, configuration.trust(isChosen: $0.isChosen).probability($0.trust)) })
        }
    }
}
