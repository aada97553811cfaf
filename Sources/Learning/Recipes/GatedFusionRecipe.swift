package import Model

/// Trains `gated-fusion`: a tagger whose words look at patches and alternative text before they are tagged.
package enum GatedFusionRecipe: FusionRecipe {
    package typealias Trained = GatedFusion
    package static let measured =
        "Twitter-GMNER, development posts: MNER F1 78.7 with captions, 78.7 without, three seeds (crf-none: 78.2)"

    /// Attention of words over what is shown.
    package struct Shape: FusionShape {
        @Setting("Columns of queries, keys and values.", .between(1, 4096))
        package var width = 128
        @Setting("Attention heads.", .between(1, 4096))
        package var heads = 4

        package init() {}

        package var configuration: AttentionWidths { AttentionWidths(width: width, heads: heads) }
    }

    /// Weights of terms.
    package struct Objectives: FusionObjectives {
        @Setting(
            "Agreement with the tags that the text alone gets (ITA, Wang et al. 2022); 0 for one view.", .notNegative)
        package var views: Float = 0

        package init() {}
    }

    package static func objectives(
        _ weights: Objectives, _ fusion: GatedSum, _ head: any TagHead
    ) -> [WeightedObjective<FusionForward>] { [] }
}
