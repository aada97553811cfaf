package import Model

/// Trains `fine`: coarse types by a CRF, and fine ones among those of each mention's type.
package enum FineRecipe: FusionRecipe {
    package typealias Trained = Fine
    package static let measured =
        "Twitter-FMNERG, development posts: fine MNER F1 65.2 with captions, 64.3 without; macro 48.9"
    package static let command =
        "gmner train fine --encoder minilm --data twitter-fmnerg --set loop.epochs=4 --set loop.averaging=0.998 "
        + "--set variation.nameDropout=0.2 --set agreement=1 --out model (captions as in examples/fusions)"

    /// Widths of the fusion.
    package typealias Shape = GatedFusionRecipe.Shape

    /// Weights of terms.
    package struct Objectives: FusionObjectives {
        @Setting(
            "Agreement with the tags that the text alone gets (ITA, Wang et al. 2022); 0 for one view.", .notNegative)
        package var views: Float = 0
        @Setting("How rare fine types are learned: plain as others, weighted by 1/√n, or adjusted by log n.")
        package var tail = LongTail.plain

        package init() {}
    }

    package static func likelihood(
        _ weights: Objectives, _ head: any LearnedHead, counts: [Int]
    ) -> WeightedObjective<FusionForward> {
        guard let head = head as? ParentMaskedHead else { return head.likelihood() }
        return head.likelihood(weights.tail, counts: counts)
    }

    package static func objectives(
        _ weights: Objectives, _ fusion: GatedSum, _ head: any TagHead
    ) -> [WeightedObjective<FusionForward>] { [] }
}
