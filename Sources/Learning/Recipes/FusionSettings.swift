/// What training `gated-fusion` decides.
package struct FusionSettings: RecipeSettings {
    /// How an encoder becomes a tagger; a tagger that is given keeps its own.
    package var words = WordSettings()
    /// Shape of the fusion.
    package var fusion = Shape()
    /// How posts are shown.
    package var variation = Variation()
    @Setting("Rate of dropout in encoder and fusion, and before the emissions.", .belowOne)
    package var dropout: Float = 0.1
    /// How fast parameters learn.
    package var rates = TaggerRates()
    /// What makes steps of gradients.
    package var optimizer = OptimizerSettings()
    /// How the run goes.
    package var loop = LoopSettings()
    @Setting("How the model's matrices are kept, and the patch encoder's numbers while it sees.")
    package var store = StoreSetting.f32

    /// The defaults.
    package init() {}

    /// Attention of words over what is shown.
    package struct Shape: Codable, Sendable, Equatable {
        @Setting("Columns of queries, keys and values.", .between(1, 4096))
        package var width = 128
        @Setting("Attention heads.", .between(1, 4096))
        package var heads = 4
    }

    /// Picture and alternative text are dropped by chance, so that one model answers with both, either and neither.
    package struct Variation: Codable, Sendable, Equatable {
        @Setting("Share of times in which the alternative text is left out.", .share)
        package var altDropout: Float = 0.4
        @Setting("Share of times in which the picture is left out.", .share)
        package var pictureDropout: Float = 0.2
        @Setting("Share of entities hidden behind [MASK], so that they are told by what is around and shown.", .share)
        package var nameDropout: Float = 0
    }
}
