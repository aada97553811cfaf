package import Model
package import Kernels
package import Randomness

/// How to train what looks: evidence reader, visibility gate and box head, on frozen encoders.
///
/// Real posts teach the decision, with captions in place of pictures that are not at hand; photographs teach the seeing.
/// Picture and alternative text are dropped at random, so that one model answers with both, either and neither.
package struct EvidenceRecipe: TrainingTask {
    /// What training adds to the model.
    package struct Settings: Sendable, Equatable {
        /// Rate of dropout on encoder rows and inside the heads.
        package var dropout: Float = 0.1
        /// How often a picture is left out of a post that has other evidence.
        package var dropsPicture: Float = 0.1
        /// How often the alternative text is left out.
        package var dropsAlt: Float = 0.4
        /// How often a post is shown with a picture of one colour, in which nothing can be seen.
        package var blanks: Float = 0.04
        /// How often a post is shown with another picture, which shows nothing of it.
        package var swaps: Float = 0.12
        /// How often a picture is shown in part, or beside others, where such views of it are at hand.
        package var reframes: Float = 0.6
        /// Weight of the mask's cross-entropy, a mean over patches.
        package var mask: Float = 3
        /// Weight of L1 and GIoU of the answer.
        package var box: Float = 0.5
        /// Weight of the same of the patches' proposals, a mean over patches.
        package var proposals: Float = 0.5
        /// Weight of the trust's cross-entropy.
        package var trust: Float = 0.3
        /// Weight of the candidates' cross-entropy, a mean over an entity's candidates.
        package var choice: Float = 3
        /// Weight of the contrast between pictures and captions (InfoNCE).
        package var contrast: Float = 0.2

        /// The defaults.
        package init() {}
    }

    let heads: GroundingHeads
    let training: EvidenceSet
    let settings: Settings
    let contrastScale: Parameter
    private let development: EvidenceEvaluation
    private let store: @Sendable (TrainableParameters, Evaluation) throws(TrainingError) -> Void

    /// - Parameters:
    ///   - heads: what to train.
    ///   - training: posts to learn from; examples are positions in it.
    ///   - development: what decides which weights are kept.
    ///   - contrastScale: `1 × 1`: inverse temperature of the contrast.
    ///   - store: writes the model; called whenever the score is the best so far.
    package init(
        _ heads: GroundingHeads, training: EvidenceSet, development: EvidenceEvaluation, contrastScale: Parameter,
        settings: Settings = Settings(),
        store: @escaping @Sendable (TrainableParameters, Evaluation) throws(TrainingError) -> Void
    ) {
        self.heads = heads
        self.training = training
        self.development = development
        self.contrastScale = contrastScale
        self.settings = settings
        self.store = store
    }

    /// Rows of evidence, about.
    package func size(_ example: Int) -> Int {
        let isPictured = training.posts[example].image != nil
        return training.posts[example].words.count + (isPictured ? heads.reader.places : 0)
    }

    /// What gate, box head, and the space that words and patches share learn from.
    package var objectives: [WeightedObjective<EvidenceForward>] {
        [
            WeightedObjective("visibility", Visibility()),
            WeightedObjective("mask", weight: settings.mask, MaskCoverage(grid: heads.grid)),
            WeightedObjective("box", weight: settings.box, BoxRegression()),
            WeightedObjective("trust", weight: settings.trust, BoxTrust()),
            WeightedObjective("choice", weight: settings.choice, BoxChoice()),
            WeightedObjective(
                "proposals", weight: settings.proposals,
                PatchProposals(head: heads.box, grid: heads.grid, posts: training.posts)),
            WeightedObjective(
                "contrast", weight: settings.contrast,
                PictureContrast(
                    reader: heads.reader, training: training, scale: contrastScale, dropout: settings.dropout)),
        ]
    }

    /// Shows each post in one way of many, and lets the heads look.
    package func forward(
        _ examples: [Int], on tape: Tape, random: inout SeededGenerator
    ) throws(ShapeError) -> EvidenceForward {
        let shown = examples.map { draw($0, &random) }
        let batch = try training.batch(examples, shown, on: tape)
        let result = try heads.ground(batch, dropout: settings.dropout, on: tape)
        let entities = zip(examples, shown).flatMap { training.posts[$0].entities(in: $1) }
        return EvidenceForward(result, entities, examples, shown, on: tape)
    }

    /// Chooses what of an example is shown this time.
    private func draw(_ example: Int, _ random: inout SeededGenerator) -> EvidenceSet.Shown {
        let post = training.posts[example]
        var shown = EvidenceSet.Shown()
        if random.uniform() >= settings.dropsAlt, !post.captions.isEmpty {
            // One sentence, or all of them.
            let isWhole = random.uniform() < 0.4
            let one = post.captions[Int(random.next() % UInt64(post.captions.count))]
            shown.alt = isWhole ? post.captions : [one]
        }
        if post.image != nil, random.uniform() < settings.blanks {
            let name = PatchCache.plain[Int(random.next() % UInt64(PatchCache.plain.count))]
            return EvidenceSet.Shown(picture: name, showsNothing: true)
        }
        if !post.otherImages.isEmpty, random.uniform() < settings.swaps {
            let name = post.otherImages[Int(random.next() % UInt64(post.otherImages.count))]
            return EvidenceSet.Shown(picture: name, showsNothing: true)
        }
        if let image = post.image, shown.alt.isEmpty || random.uniform() >= settings.dropsPicture {
            shown.picture = image
            if !post.framings.isEmpty, random.uniform() < settings.reframes {
                shown.framing = post.framings[Int(random.next() % UInt64(post.framings.count))]
            }
            shown.isMirrored = random.uniform() < 0.5 && !post.tellsSides
        }
        return shown
    }

    /// Gate and boxes on the development posts.
    package func evaluate(_ parameters: TrainableParameters, pool: WorkerPool) throws(TrainingError) -> Evaluation {
        try development.evaluate(heads, parameters, pool: pool)
    }

    /// Whether the development posts can tell.
    package var notes: [String] { development.canTell ? [] : [Self.nothingToJudgeBy] }

    /// Hands the weights to `store`.
    package func save(_ parameters: TrainableParameters, evaluation: Evaluation) throws(TrainingError) {
        try store(parameters, evaluation)
    }
}
