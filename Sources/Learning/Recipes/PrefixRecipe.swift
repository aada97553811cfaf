package import Model

/// Trains `prefix`: the upper layers of the text encoder see evidence before the words.
package enum PrefixRecipe: FusionRecipe {
    package typealias Trained = Prefix
    package static let measured =
        "Twitter-GMNER, development posts: MNER F1 78.4 with captions, 78.6 without, 78.4 with another post's (crf-none: 77.9)"

    /// Widths of the fusion.
    package struct Shape: FusionShape {
        @Setting("Columns of queries, keys and values.", .between(1, 4096))
        package var width = 128
        @Setting("Attention heads.", .between(1, 4096))
        package var heads = 4
        @Setting("Rows of the prefix, in each layer.", .between(1, 256))
        package var tokens = 4
        @Setting("Upper layers of the text encoder that see a prefix.", .between(1, 512))
        package var layers = 3

        package init() {}

        package var configuration: VisualPrefix.Configuration {
            VisualPrefix.Configuration(width: width, heads: heads, tokens: tokens, layers: layers)
        }
    }

    /// Weights of terms.
    package struct Objectives: FusionObjectives {
        @Setting(
            "Agreement with the tags that the text alone gets (ITA, Wang et al. 2022); 0 for one view.", .notNegative)
        package var views: Float = 0

        package init() {}
    }

    package static func objectives(
        _ weights: Objectives, _ fusion: VisualPrefix, _ head: any TagHead
    ) -> [WeightedObjective<FusionForward>] {
        []
    }
}
