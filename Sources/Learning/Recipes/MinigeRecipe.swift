package import Model

/// Trains `minige`: words and evidence pass bottlenecks, and the text bounds what is added.
package enum MinigeRecipe: FusionRecipe {
    package typealias Trained = Minige
    package static let measured =
        "Twitter-GMNER, development posts: MNER F1 77.9 with captions, 77.9 without, 77.9 with another post's (crf-none: 77.9)"

    /// Shape of the fusion.
    package struct Shape: FusionShape {
        @Setting("Columns of evidence and of queries.", .between(1, 4096))
        package var width = 128
        @Setting("Attention heads before the bottlenecks.", .between(1, 4096))
        package var heads = 4
        @Setting("How sharply words choose among the evidence: 1/√width as published, or learned.")
        package var sharpness = VariationalBottleneck.Sharpness.learned
        @Setting("How long what is added may be, as a share of what it is added to.", .between(0, 1000))
        package var limit: Float = 0.1

        package init() {}

        package var configuration: VariationalBottleneck.Configuration {
            VariationalBottleneck.Configuration(width: width, heads: heads, sharpness: sharpness, limit: limit)
        }
    }

    /// Weights of terms.
    package struct Objectives: FusionObjectives {
        @Setting(
            "Agreement with the tags that the text alone gets (ITA, Wang et al. 2022); 0 for one view.", .notNegative)
        package var views: Float = 0
        @Setting("Matching of texts with their own evidence, against another post's.", .notNegative)
        package var matching: Float = 0.9
        @Setting("What the bottlenecks let through.", .notNegative)
        package var divergence: Float = 0.1

        package init() {}
    }

    package static func objectives(
        _ weights: Objectives, _ fusion: VariationalBottleneck, _ head: any TagHead
    ) -> [WeightedObjective<FusionForward>] {
        [
            WeightedObjective("matching", weight: weights.matching, Matching(fusion: fusion)),
            WeightedObjective("divergence", weight: weights.divergence, BottleneckDivergence()),
        ]
    }
}
