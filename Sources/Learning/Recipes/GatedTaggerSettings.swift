/// What training a tagger beside a gate decides.
package struct GatedTaggerSettings: RecipeSettings {
    /// How an encoder becomes a tagger; a tagger that is given keeps its own.
    package var words = WordSettings()
    /// Shape of the gate, which is thrown away in the end.
    package var gate = Gate()
    /// What is learned from beside the likelihood of the tags.
    package var objectives = Objectives()
    /// How posts are varied.
    package var variation = Variation()
    @Setting("Rate of dropout in encoder and gate, and before the emissions.", .belowOne)
    package var dropout: Float = 0.1
    /// How fast parameters learn.
    package var rates = TaggerRates()
    /// What makes steps of gradients.
    package var optimizer = OptimizerSettings()
    /// How the run goes.
    package var loop = LoopSettings()
    @Setting("How the model's matrices are kept.")
    package var store = StoreSetting.f32

    /// The defaults.
    package init() {}

    /// Shape of the gate's evidence reader.
    package struct Gate: Codable, Sendable, Equatable {
        @Setting("Columns of queries and evidence.", .between(2, 4096))
        package var width = 256
        @Setting("Attention heads.", .between(1, 4096))
        package var heads = 8
        @Setting("Layers of the evidence reader.", .between(1, 64))
        package var layers = 2
    }

    /// Weights of terms.
    package struct Objectives: Codable, Sendable, Equatable {
        @Setting("The gate's cross-entropy, beside the tagger's likelihood.", .notNegative)
        package var visibility: Float = 1
        @Setting(
            "Agreement of two passes with different dropout (R-Drop, Liang et al. 2021); 0 for one pass.", .notNegative)
        package var agreement: Float = 0
        @Setting("Of the tags that are wanted, the share that --teacher has a say in; the rest is gold.", .share)
        package var teacher: Float = Teaching.share
    }

    /// Shares of what is hidden and shown.
    package struct Variation: Codable, Sendable, Equatable {
        @Setting(
            "Share of entities hidden behind [MASK], so that neither tag nor visibility is learned by name.", .share)
        package var nameDropout: Float = 0
        @Setting("Share of posts that are shown with a sentence about their picture, where there is one.", .share)
        package var captions: Float = 0.6
    }
}
