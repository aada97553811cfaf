package import Kernels
package import Model
package import Text

/// Trains `gem`: coarse and fine types, of which the first tell the second.
package enum GEMRecipe: FusionRecipe {
    package typealias Trained = GEM
    package static let measured =
        "Twitter-FMNERG, development posts: fine MNER F1 64.8 with captions, 64.5 without; macro 47.7"
    package static let command =
        "gmner train gem --encoder minilm --data twitter-fmnerg --set loop.epochs=3 --set loop.averaging=0.998 "
        + "--set variation.nameDropout=0.2 --set agreement=1 --out model"

    /// Widths of the fusion.
    package typealias Shape = GatedFusionRecipe.Shape

    /// Shape of the head.
    package struct HeadShape: HeadSettings {
        @Setting("How much coarse tags say of fine ones.", .between(0, 1000))
        package var strength: Float = 0.1

        package init() {}

        package var configuration: TransferHead.Configuration? { TransferHead.Configuration(strength: strength) }
    }

    /// Weights of terms.
    package struct Objectives: FusionObjectives {
        @Setting(
            "Agreement with the tags that the text alone gets (ITA, Wang et al. 2022); 0 for one view.", .notNegative)
        package var views: Float = 0
        @Setting("Likelihood of coarse tags, beside that of the fine ones.", .notNegative)
        package var coarse: Float = 1

        package init() {}
    }

    package static func objectives(
        _ weights: Objectives, _ fusion: GatedSum, _ head: any TagHead
    ) -> [WeightedObjective<FusionForward>] {
        guard let head = head as? TransferHead else { return [] }
        return [WeightedObjective("coarse", weight: weights.coarse, CoarseLikelihood(head))]
    }

    /// What coarse tags say begins as what the types' hierarchy says.
    package static func begin(
        _ parameters: TrainableParameters, _ network: Network, _ wordPiece: WordPiece
    ) throws(ShapeError) {
        guard let head = network.parts.head as? TransferHead else { return }
        parameters.write(head.transfer, head.firstTransfer.span)
    }
}
