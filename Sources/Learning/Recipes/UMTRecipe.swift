package import Model

/// Trains `umt`: words and evidence look at each other both ways, and spans without types help the tags.
package enum UMTRecipe: FusionRecipe {
    package typealias Trained = UMT
    package static let measured =
        "Twitter-GMNER, development posts: MNER F1 78.3 with captions, 78.1 without, 78.3 with another post's (crf-none: 77.9)"

    /// Widths of the fusion.
    package struct Shape: FusionShape {
        @Setting("Columns of queries, keys and values.", .between(1, 4096))
        package var width = 128
        @Setting("Attention heads.", .between(1, 4096))
        package var heads = 4

        package init() {}

        package var configuration: MultimodalInteraction.Configuration {
            MultimodalInteraction.Configuration(width: width, heads: heads)
        }
    }

    /// Weights of terms.
    package struct Objectives: FusionObjectives {
        @Setting(
            "Agreement with the tags that the text alone gets (ITA, Wang et al. 2022); 0 for one view.", .notNegative)
        package var views: Float = 0
        @Setting("Likelihood of spans without types, beside that of the tags.", .notNegative)
        package var spans: Float = 0.5

        package init() {}
    }

    package static func objectives(
        _ weights: Objectives, _ fusion: MultimodalInteraction, _ head: any TagHead
    ) -> [WeightedObjective<FusionForward>] {
        guard let head = head as? ConvertedHead else { return [] }
        return [WeightedObjective("spans", weight: weights.spans, SpanLikelihood(head: head))]
    }
}
