import Corpora
import Wire

/// A part of a triple that a model can be unsure of.
package enum TriplePart: String, Sendable, CaseIterable {
    /// Start and end: right where gold has an entity at the same words. Asked of all that was found.
    case span
    /// The type. Asked of what has the right words.
    case type
    /// The region. Asked of what has the right words and the right type, where somebody knows what is right.
    case region
}

/// How well what a model is unsure of foretells what it has wrong.
package struct UncertaintyScore: Sendable, Equatable {
    /// One decision: how unsure the model was, 0…1, and whether it was right.
    typealias Decision = (uncertainty: Float, isRight: Bool)

    /// What the decisions were about.
    package var part: TriplePart
    /// Number of decisions.
    package var count: Int
    /// How many of them are wrong.
    package var wrong: Int
    /// Probability that a wrong one is more unsure than a right one, ties counting half; `nil` where all are of one kind.
    package var auc: Double?
    /// Its 95 % confidence interval; `nil` where none was asked for.
    package var interval: ClosedRange<Double>?

    /// The score of decisions, post by post; `nil` where there are none.
    init?(_ part: TriplePart, _ posts: [[Decision]], _ bootstrap: Bootstrap) {
        let all = posts.flatMap(\.self)
        guard !all.isEmpty else { return nil }
        self.part = part
        count = all.count
        wrong = all.count { !$0.isRight }
        auc = Self.auc(all)
        guard auc != nil else { return }
        interval = bootstrap.interval(of: posts.count) { drawn in Self.auc(drawn.flatMap { posts[$0] }) }
    }

    private static func auc(_ decisions: [Decision]) -> Double? {
        areaUnderROC(decisions.map { (score: Double($0.uncertainty), isPositive: !$0.isRight) })
    }
}

extension PostScore {
    /// What a model decided of one part in a post, of the entities that say how unsure it was.
    static func decisions(
        on part: TriplePart, gold: [LabelledEntity], predicted: [LabelledEntity], _ rule: RegionRule
    ) -> [UncertaintyScore.Decision] {
        predicted.compactMap { said in
            guard let uncertainty = said.uncertainty else { return nil }
            let sameWords = gold.filter { $0.scalars == said.scalars }
            let sameType = sameWords.filter { isRight(said, $0, .mner, rule) }
            switch part {
            case .span: return (uncertainty.span, !sameWords.isEmpty)
            case .type: return sameWords.isEmpty ? nil : (uncertainty.type, !sameType.isEmpty)
            case .region:
                let known = sameType.filter { $0.isGrounded != nil }
                guard let region = uncertainty.region, !known.isEmpty else { return nil }
                return (region, known.contains { isRight(said, $0, .gmner, rule) })
            }
        }
    }
}
