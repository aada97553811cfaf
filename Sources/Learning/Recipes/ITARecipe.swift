package import Model

/// Trains `ita`: text and evidence are aligned by contrast and matching, whose score scales what words find.
package enum ITARecipe: FusionRecipe {
    package typealias Trained = ITA
    package static let measured =
        "Twitter-GMNER, development posts: MNER F1 78.5 with captions, 78.5 without, 78.4 with another post's (crf-none: 77.9)"

    /// Widths of the fusion.
    package struct Shape: FusionShape {
        @Setting("Columns of queries, keys and values.", .between(1, 4096))
        package var width = 128
        @Setting("Attention heads.", .between(1, 4096))
        package var heads = 4
        @Setting("Columns of the space in which text and evidence are compared.", .between(1, 4096))
        package var space = 128

        package init() {}

        package var configuration: ContrastiveAlignment.Configuration {
            ContrastiveAlignment.Configuration(width: width, heads: heads, space: space)
        }
    }

    /// Weights of terms.
    package struct Objectives: FusionObjectives {
        @Setting(
            "Agreement with the tags that the text alone gets (ITA, Wang et al. 2022); 0 for one view.", .notNegative)
        package var views: Float = 1
        @Setting("Contrast of texts and what their posts show, within the batch.", .notNegative)
        package var contrast: Float = 0.1
        @Setting("Temperature of the contrast.", .between(0.001, 0.5))
        package var temperature: Float = 0.07
        @Setting("Matching of texts with their own evidence, against another post's.", .notNegative)
        package var matching: Float = 0.5

        package init() {}
    }

    package static func objectives(
        _ weights: Objectives, _ fusion: ContrastiveAlignment, _ head: any TagHead
    ) -> [WeightedObjective<FusionForward>] {
        [
            WeightedObjective(
                "contrast", weight: weights.contrast, SummaryContrast(temperature: weights.temperature)),
            WeightedObjective("matching", weight: weights.matching, Matching(fusion: fusion)),
        ]
    }
}
