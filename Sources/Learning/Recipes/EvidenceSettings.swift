package import Model

/// What training `evidence` decides.
package struct EvidenceSettings: RecipeSettings {
    /// Shape of the evidence reader.
    package var reader = Reader()
    /// What draws the box.
    package var boxes = Boxes()
    /// What is learned from beside the gate's cross-entropy.
    package var objectives = Objectives()
    /// How posts are shown.
    package var variation = Variation()
    /// Posts with their own pictures.
    package var pictured = Pictured()
    /// Posts made of photographs.
    package var photographs = Photographs()
    @Setting("Rate of dropout on encoder rows and inside the heads.", .belowOne)
    package var dropout: Float = 0.1
    @Setting("Learning rate; the encoders do not learn.", .notNegative)
    package var rate: Float = 2e-3
    /// What makes steps of gradients.
    package var optimizer = OptimizerSettings()
    /// How the run goes.
    package var loop = LoopSettings()
    @Setting("How the model's matrices are kept, and the encoders' numbers while they are read.")
    package var store = StoreSetting.f32

    /// The defaults.
    package init() {}

    /// Queries look for evidence by cross-attention.
    package struct Reader: Codable, Sendable, Equatable {
        @Setting("Columns of queries and evidence.", .between(2, 4096))
        package var width = 256
        @Setting("Attention heads.", .between(1, 4096))
        package var heads = 8
        @Setting("Layers of cross-attention.", .between(1, 64))
        package var layers = 2
        @Setting("Layers of attention among a picture's own patches before that.", .between(0, 64))
        package var pictureLayers = 0
        @Setting(
            "Units of the gate's term that knows the text alone, so that only the difference is learned from what is "
                + "shown; 0: the gate is one term.", .between(0, 4096))
        package var prior = 128
    }

    /// What has the last word on a box.
    package enum Draws: String, Codable, Sendable, CaseIterable {
        /// Regression.
        case regression
        /// A second stage, which chooses among candidates.
        case choice
        /// Heat maps of the attention that the gate's match comes from.
        case heat
    }

    /// The box head.
    package struct Boxes: Codable, Sendable, Equatable {
        @Setting(
            "What has the last word on a box; choice is a second stage that chooses among candidates; heat learns from no box "
                + "and takes the attention that makes the gate say yes (Grad-CAM, as GEM locates).")
        package var draws = Draws.regression
        @Setting(
            "Candidates that are the same in every picture, taken from the training posts; for choice.",
            .between(0, 1024))
        package var anchors = 64
        @Setting("Candidates that patches at peaks of the mask propose; for choice.", .between(0, 256))
        package var peaks = 8
        @Setting("Columns of what the second stage knows of entities and of candidates; for choice.", .between(1, 1024))
        package var units = 64
        @Setting("Whether what outside tools saw, the posts' “regions”, is among the candidates; for choice.")
        package var regions = true
        @Setting(
            "What tells whether an entity is there: the gate alone; the gate and all candidates; the gate and one more "
                + "candidate, for being nowhere (UnCo, H-Index); for choice.")
        package var presence = CandidatePresence.gate
        @Setting(
            "Layer of the reader whose attention is looked at, counted from 1; 0: the last; for heat.",
            .between(0, 64))
        package var layer = 0
        @Setting("Share of the hottest patch's heat from which a patch counts; for heat.", .between(0.01, 1))
        package var threshold: Float = 0.5
        @Setting(
            "How much of the heat of the hottest patches that hang together others must have to be part of the box; for heat.",
            .notNegative)
        package var merging: Float = 0.25
    }

    /// Weights of terms.
    package struct Objectives: Codable, Sendable, Equatable {
        @Setting("Which patches an entity covers: cross-entropy, a mean over patches.", .notNegative)
        package var mask: Float = 3
        @Setting("L1 and GIoU of the box that regression draws.", .notNegative)
        package var box: Float = 0.5
        @Setting("L1 and GIoU of what patches propose, a mean over patches.", .notNegative)
        package var proposals: Float = 0.5
        @Setting("Whether the box that regression draws hits: cross-entropy.", .notNegative)
        package var trust: Float = 0.3
        @Setting("Which candidates hit: cross-entropy, a mean over an entity's candidates; for choice.", .notNegative)
        package var hits: Float = 3
        @Setting(
            "Which candidate an entity is, or that it is nowhere: divergence from what is right; for presence=nowhere.",
            .notNegative)
        package var choice: Float = 3
        @Setting("Contrast between pictures and sentences about them (InfoNCE).", .notNegative)
        package var contrast: Float = 0.2
    }

    /// Picture and alternative text are dropped by chance, so that one model answers with both, either and neither.
    package struct Variation: Codable, Sendable, Equatable {
        @Setting("Share of times in which the alternative text is left out.", .share)
        package var altDropout: Float = 0.4
        @Setting("Share of times in which the picture of a post that has other evidence is left out.", .share)
        package var pictureDropout: Float = 0.1
        @Setting(
            "Share of times in which a post is shown with a picture of one colour or of noise, where nothing can be seen.",
            .share)
        package var blanks: Float = 0.04
        @Setting("Share of times in which a post is shown with another picture, which shows nothing of it.", .share)
        package var swaps: Float = 0.12
        @Setting(
            "Share of times in which a picture is shown in part or beside others, where there are such views.", .share)
        package var reframes: Float = 0.6
    }

    /// For --pictured.
    package struct Pictured: Codable, Sendable, Equatable {
        @Setting("How often an epoch shows each post: there are few of them.", .between(1, 1000))
        package var turns = 1
        @Setting("Parts of each picture that are shown besides the whole.", .between(0, 1000))
        package var parts = 0
    }

    /// For --photographs.
    package struct Photographs: Codable, Sendable, Equatable {
        @Setting("Posts made of each photograph.", .between(1, 1000))
        package var posts = 2
        @Setting("Parts of each photograph that are shown besides the whole.", .between(0, 1000))
        package var parts = 0
        @Setting(
            "Collages with each photograph, in which it is one of two or four, that are shown too.", .between(0, 1000))
        package var collages = 0
    }
}
