import Model

/// Trains `makar`: goes on with a second stage that chooses among candidates and being nowhere, or with gate and box head, by what
/// their own answers earn.
package enum MAKARRecipe: Recipe {
    package static let name = "makar"
    package static let summary =
        "goes on with evg's second stage, or with gate and boxes, by what their own answers earn (GRPO)"
    package static let paper = "MAKAR (EMNLP 2025), the policy of its grounding agent; GRPO: Shao et al. 2024"
    package static let measured =
        "the default model, tweets with pictures: no gain; boxes of what is visible 64.3 % right, 63.7 after an epoch, 61.4 later"
    package static let command = "gmner train makar --tagger model --pictured posts --out out"
    package static let inputs: [TrainingInput: Bool] = [.tagger: true, .pictured: true, .knowledge: false]

    package static func prepare(
        _ settings: MAKARSettings, _ inputs: TrainingInputs, at place: RunPlace
    ) throws -> TrainingRun {
        let base = try inputs.require(.tagger)
        guard let grounding = try ModelDirectory(base).configuration().grounding else {
            throw TrainingError(.settings, "\(base): makar goes on with a model that grounds, and this one only tags")
        }
        let unused = PolicySettings()
        switch settings.policy.actions {
        case .candidates:
            guard grounding.candidates?.presence == .nowhere else {
                throw TrainingError(
                    .settings,
                    "\(base): makar goes on with a second stage in which one candidate stands for being nowhere; gmner train "
                        + "evg makes one")
            }
            guard
                (settings.policy.centreDeviation, settings.policy.sideDeviation, settings.policy.learnsDeviation)
                    == (unused.centreDeviation, unused.sideDeviation, unused.learnsDeviation)
            else {
                throw TrainingError(
                    .settings,
                    "policy.centreDeviation, .sideDeviation and .learnsDeviation are for policy.actions=offsets")
            }
        case .offsets:
            guard grounding.candidates == nil, grounding.heat == nil else {
                throw TrainingError(
                    .settings,
                    "\(base): policy.actions=offsets goes on with boxes that are drawn by regression, and here "
                        + (grounding.heat == nil ? "a second stage has the last word" : "they are told from heat maps"))
            }
        }
        return try EvidenceRun(
            settings: settings.evidence, learned: settings.policy.actions == .candidates ? .choice : .decision,
            policy: settings.policy
        ).prepare(Self.self, settings, inputs, at: place)
    }
}

/// What training `makar` decides.
package struct MAKARSettings: RecipeSettings {
    /// How choices are learned from.
    package var policy = PolicySettings()
    @Setting("Share of times in which a post is shown with another picture, which shows nothing of it.", .share)
    package var swaps: Float = 0.1
    @Setting("Rate of dropout inside what learns.", .belowOne)
    package var dropout: Float = 0
    @Setting("Learning rate.", .notNegative)
    package var rate: Float = 2e-5
    /// What makes steps of gradients.
    package var optimizer = OptimizerSettings()
    /// How the run goes.
    package var loop = LoopSettings()
    @Setting("How the model's matrices are kept.")
    package var store = StoreSetting.f32

    /// The defaults.
    package init() {
        loop.epochs = 10
        loop.batch = 32
        loop.averaging = 0.99
    }

    /// The same for all that looks.
    var evidence: EvidenceSettings {
        var all = EvidenceSettings()
        all.boxes.draws = .choice
        all.variation.swaps = swaps
        (all.variation.blanks, all.variation.altDropout, all.variation.pictureDropout) = (0, 0, 0)
        (all.dropout, all.rate, all.optimizer, all.loop, all.store) = (dropout, rate, optimizer, loop, store)
        return all
    }
}

/// How choices are learned from what they earn; the defaults are MAKAR's.
package struct PolicySettings: Codable, Sendable, Equatable {
    @Setting(
        "What is drawn: one of evg's candidates or nowhere; or, without a second stage, offsets: none, or a box with Gaussian "
            + "offsets round the one that regression draws.")
    package var actions = PolicyActions.candidates
    @Setting("Standard deviation of a box's centre, in sides of the picture; for offsets.", .between(0.0001, 1))
    package var centreDeviation: Float = 0.04
    @Setting("Standard deviation of the logarithms of a box's sides; for offsets.", .between(0.0001, 1))
    package var sideDeviation: Float = 0.15
    @Setting("Whether these deviations learn, too; for offsets.")
    package var learnsDeviation = false
    @Setting("Answers that are drawn for each entity.", .between(2, 1024))
    package var group = 5
    @Setting("How far below 1 a ratio of probabilities counts.", .share)
    package var clipBelow: Float = 0.2
    @Setting("How far above 1 a ratio of probabilities counts.", .notNegative)
    package var clipAbove: Float = 0.3
    @Setting("The largest ratio that a choice counts with which earned less than the mean.", .notNegative)
    package var dualClip: Float = 3
    @Setting("Weight of the divergence from the model that the run starts from.", .notNegative)
    package var divergence: Float = 0.01

    /// The defaults.
    package init() {}

    /// Deviations of centre x and y, and of the logarithms of the sides.
    var deviations: BoxOffsets.Numbers {
        let (centre, side) = (Double(centreDeviation), Double(sideDeviation))
        return BoxOffsets.Numbers(centre, centre, side, side)
    }

    var rule: PolicyOptimisation {
        var rule = PolicyOptimisation()
        (rule.clipBelow, rule.clipAbove, rule.dualClip, rule.divergence) = (clipBelow, clipAbove, dualClip, divergence)
        return rule
    }
}

/// What a policy draws.
package enum PolicyActions: String, Codable, Sendable, CaseIterable {
    /// One of a second stage's candidates, or being nowhere.
    case candidates
    /// None, or a box beside the one that regression draws.
    case offsets
}
