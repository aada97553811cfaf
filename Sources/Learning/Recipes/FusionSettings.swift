package import Model

/// What training a tagger that looks decides, for a fusion of some shape with objectives of its own.
package struct FusionSettings<Shape: FusionShape, Head: HeadSettings, Objectives: FusionObjectives>: RecipeSettings {
    /// How an encoder becomes a tagger; a tagger that is given keeps its own.
    package var words = WordSettings()
    /// Shape of the fusion.
    package var fusion = Shape()
    /// Shape of the head.
    package var head = Head()
    /// What is learned from beside the likelihood of the tags.
    package var objectives = Objectives()
    /// How posts are shown.
    package var variation = FusionVariation()
    @Setting(
        "Agreement of two passes with different dropout (R-Drop, Liang et al. 2021); 0 for one pass.", .notNegative)
    package var agreement: Float = 0
    @Setting(
        "What grounds mentions: evidence keeps the heads of the tagger, and with them its encoder as it is; none only tags."
    )
    package var grounding = GroundingSetting.none
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
}

/// The shape of a fusion, as settings.
package protocol FusionShape: Codable, Sendable, Equatable {
    /// The same, as a model has it.
    associatedtype Configuration: FusionConfiguration
    /// The defaults.
    init()
    /// The part's shape.
    var configuration: Configuration { get }
}

/// The shape of a head, as settings.
package protocol HeadSettings: Codable, Sendable, Equatable {
    /// The same, as a model has it.
    associatedtype Configuration: HeadConfiguration
    /// The defaults.
    init()
    /// The head's shape; `nil`: it has nothing to set.
    var configuration: Configuration? { get }
}

/// A head that has nothing to set.
package struct PlainHeadSettings: HeadSettings {
    package init() {}
    package var configuration: PlainHeadConfiguration? { nil }
}

/// Weights of what a fusion learns from beside the likelihood of the tags.
package protocol FusionObjectives: Codable, Sendable, Equatable {
    /// The defaults.
    init()
    /// Of the agreement of the tags that a post gets with what it shows, and from its text alone; 0: only the first are
    /// learned.
    var views: Float { get }
}

/// Picture and alternative text are dropped by chance, so that one model answers with both, either and neither.
package struct FusionVariation: Codable, Sendable, Equatable {
    @Setting("Share of times in which the alternative text is left out.", .share)
    package var altDropout: Float = 0.4
    @Setting("Share of times in which the picture is left out.", .share)
    package var pictureDropout: Float = 0.2
    @Setting("Share of entities hidden behind [MASK], so that they are told by what is around and shown.", .share)
    package var nameDropout: Float = 0

    /// The defaults.
    package init() {}
}

/// What grounds the mentions of a tagger that looks.
package enum GroundingSetting: String, Codable, Sendable, CaseIterable {
    /// Nothing.
    case none
    /// The evidence heads of the tagger that training starts from.
    case evidence
}
