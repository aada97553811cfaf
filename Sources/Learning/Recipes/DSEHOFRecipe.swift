package import Model

/// Trains `dse-hof`: words take of the evidence what is similar to them, and of that what is new.
package enum DSEHOFRecipe: FusionRecipe {
    package typealias Trained = DSEHOF
    package static let measured =
        "Twitter-GMNER, development posts: MNER F1 78.1 with captions, 78.1 without, 78.1 with another post's (crf-none: 77.9)"

    /// Shape of the fusion.
    package struct Shape: FusionShape {
        @Setting("Columns in which words and evidence are compared.", .between(1, 4096))
        package var width = 128
        @Setting("Temperature of a word's shares of the evidence.", .between(0.001, 1000))
        package var temperature: Float = 0.1

        package init() {}

        package var configuration: DualSimilarity.Configuration {
            DualSimilarity.Configuration(width: width, temperature: temperature)
        }
    }

    /// Weights of terms.
    package struct Objectives: FusionObjectives {
        @Setting(
            "Agreement with the tags that the text alone gets (ITA, Wang et al. 2022); 0 for one view.", .notNegative)
        package var views: Float = 0
        @Setting("What the evidence adds shall not say again what words say: squared cosines.", .notNegative)
        package var redundancy: Float = 0.1

        package init() {}
    }

    package static func objectives(
        _ weights: Objectives, _ fusion: DualSimilarity, _ head: any TagHead
    ) -> [WeightedObjective<FusionForward>] {
        [WeightedObjective("redundancy", weight: weights.redundancy, Redundancy())]
    }
}
