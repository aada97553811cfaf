/// What training `crf-none` decides.
package struct CRFNoneSettings: RecipeSettings {
    /// How words are read.
    package var words = WordSettings()
    /// What is learned from beside the likelihood of the tags.
    package var objectives = Objectives()
    /// How often something of a post is hidden.
    package var variation = Variation()
    @Setting("Rate of dropout in the encoder and before the emissions.", .belowOne)
    package var dropout: Float = 0.1
    @Setting("Leave the encoder's table of pieces as it is.")
    package var freezePieces = false
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

    /// Weights of terms.
    package struct Objectives: Codable, Sendable, Equatable {
        @Setting(
            "Agreement of two passes with different dropout (R-Drop, Liang et al. 2021); 0 for one pass.", .notNegative)
        package var agreement: Float = 0
        @Setting("Of the tags that are wanted, the share that --teacher has a say in; the rest is gold.", .share)
        package var teacher: Float = Teaching.share
    }

    /// Shares of what is hidden.
    package struct Variation: Codable, Sendable, Equatable {
        @Setting("Share of words hidden behind [MASK], so that names are told by their surroundings too.", .share)
        package var wordDropout: Float = 0
        @Setting("Share of entities hidden in the same way.", .share)
        package var nameDropout: Float = 0
        @Setting("Share of posts whose words all take the shape of lower case, as many people write.", .share)
        package var caseDropout: Float = 0
    }
}
