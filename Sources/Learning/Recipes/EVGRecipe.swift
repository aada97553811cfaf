package import Model

/// Trains `evg`: a second stage that chooses among what was drawn and what outside tools saw, on top of a model that grounds
/// and stays as it is.
package enum EVGRecipe: Recipe {
    package static let name = "evg"
    package static let summary = "a second stage that chooses boxes, on top of a model that grounds"
    package static let paper =
        "entity-visual grounding in two stages, as Yu et al. 2023 compare with; presence=nowhere: UnCo"
    package static let measured =
        "the default model, tweets with pictures: boxes 62.0 to 67.6 % right by a detector, EEG F1 +0.8"
    package static let command = "gmner train evg --tagger model --pictured posts --out out (examples/regions)"
    package static let inputs: [TrainingInput: Bool] = [
        .tagger: true, .pictured: true, .detector: false, .knowledge: false,
    ]

    package static func prepare(
        _ settings: EVGSettings, _ inputs: TrainingInputs, at place: RunPlace
    ) throws -> TrainingRun {
        try EvidenceRecipe.requireUse(ofChoice: settings.objectives.choice, presence: settings.candidates.presence)
        return try EvidenceRun(settings: settings.evidence, learned: .choice)
            .prepare(Self.self, settings, inputs, at: place)
    }
}

/// What training `evg` decides.
package struct EVGSettings: RecipeSettings {
    /// What is chosen from.
    package var candidates = Candidates()
    /// What is learned.
    package var objectives = Objectives()
    /// How posts are shown.
    package var variation = Variation()
    @Setting("Rate of dropout inside the second stage.", .belowOne)
    package var dropout: Float = 0.3
    @Setting("Learning rate.", .notNegative)
    package var rate: Float = 2e-3
    /// What makes steps of gradients.
    package var optimizer = OptimizerSettings()
    /// How the run goes.
    package var loop = LoopSettings()
    @Setting("How the model's matrices are kept.")
    package var store = StoreSetting.f32

    /// The defaults.
    package init() {
        loop.epochs = 8
        loop.batch = 32
        loop.averaging = 0.99
        optimizer.weightDecay = 0.05
    }

    /// Beside the box that regression drew.
    package struct Candidates: Codable, Sendable, Equatable {
        @Setting("Boxes that are the same in every picture, taken from the training posts.", .between(0, 1024))
        package var anchors = 0
        @Setting("Boxes that patches at peaks of the mask propose.", .between(0, 256))
        package var peaks = 0
        @Setting("Whether what outside tools saw is among them, the posts' “regions”.")
        package var regions = true
        @Setting(
            "What tells whether an entity is there: the gate alone; the gate and all that is seen; the gate and one more "
                + "candidate, for being nowhere (UnCo, H-Index).")
        package var presence = CandidatePresence.nowhere
        @Setting("Columns of what is known of entities and of candidates.", .between(1, 1024))
        package var units = 32
    }

    /// Weights of what is learned.
    package struct Objectives: Codable, Sendable, Equatable {
        @Setting("Which candidates hit: cross-entropy, a mean over an entity's candidates.", .notNegative)
        package var hits: Float = 12
        @Setting(
            "Which candidate an entity is, or that it is nowhere: divergence from what is right; for presence=nowhere.",
            .notNegative)
        package var choice = EvidenceSettings.Objectives().choice
    }

    /// How posts are shown.
    package struct Variation: Codable, Sendable, Equatable {
        @Setting("Share of times in which a post is shown with another picture, which shows nothing of it.", .share)
        package var swaps: Float = 0.1
        @Setting(
            "Share of times in which a post is shown with a picture of one colour or of noise, where nothing can be seen.",
            .share)
        package var blanks: Float = 0.1
    }

    /// The same for all that looks.
    var evidence: EvidenceSettings {
        var all = EvidenceSettings()
        all.boxes.draws = .choice
        (all.boxes.anchors, all.boxes.peaks, all.boxes.units) = (candidates.anchors, candidates.peaks, candidates.units)
        (all.boxes.regions, all.boxes.presence) = (candidates.regions, candidates.presence)
        (all.objectives.hits, all.objectives.choice) = (objectives.hits, objectives.choice)
        (all.variation.swaps, all.variation.blanks) = (variation.swaps, variation.blanks)
        (all.variation.altDropout, all.variation.pictureDropout) = (0, 0)
        (all.dropout, all.rate, all.optimizer, all.loop, all.store) = (dropout, rate, optimizer, loop, store)
        return all
    }
}
