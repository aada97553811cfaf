package import Model

/// Trains `span`: every run of words is a mention of some type, or none.
package enum SpanRecipe: FusionRecipe {
    package typealias Trained = SpanMethod
    package static let measured =
        "Twitter-GMNER, development posts: MNER F1 78.4 with captions, 78.2 without, 78.3 with another post's (crf-none: 77.9); "
        + "agreement=1: 79.8"
    package static let command =
        "gmner train span --tagger head --patches vit --data twitter-gmner --set loop.epochs=3 --set loop.averaging=0.998 "
        + "--out model (head: span on a frozen encoder; examples/fusions)"

    /// Widths of the fusion.
    package typealias Shape = GatedFusionRecipe.Shape

    /// Shape of the head.
    package struct HeadShape: HeadSettings {
        @Setting("Columns of a span.", .between(1, 4096))
        package var width = 256
        @Setting("Words of the longest span that is looked at.", .between(1, 32))
        package var longest = 6
        @Setting("Whether a mention may lie in another one.")
        package var nested = false

        package init() {}

        package var configuration: SpanHead.Configuration? {
            SpanHead.Configuration(width: width, longest: longest, nested: nested)
        }
    }

    /// Weights of terms.
    package struct Objectives: FusionObjectives {
        @Setting(
            "Agreement with the scores that the text alone gets (ITA, Wang et al. 2022); 0 for one view.", .notNegative)
        package var views: Float = 0
        @Setting(
            "Weight of a span that is no mention, against 1 of those that are; published: 0.5, which finds more, right and wrong.",
            .notNegative)
        package var none: Float = 1
        @Setting("Matching of texts with their own evidence, against another post's.", .notNegative)
        package var matching: Float = 0.1
        @Setting("How far what is shown is from what is said.", .notNegative)
        package var divergence: Float = 0.001

        package init() {}
    }

    package static func likelihood(
        _ weights: Objectives, _ head: any LearnedHead, counts: [Int]
    ) -> WeightedObjective<FusionForward> {
        guard let head = head as? SpanHead else { return head.likelihood() }
        return head.likelihood(none: weights.none)
    }

    package static func objectives(
        _ weights: Objectives, _ fusion: LatentConsistency, _ head: any TagHead
    ) -> [WeightedObjective<FusionForward>] {
        [
            WeightedObjective("matching", weight: weights.matching, Matching(fusion: fusion)),
            WeightedObjective("divergence", weight: weights.divergence, LatentDivergence()),
        ]
    }
}
