package import Model
package import Kernels
package import Randomness

/// How to train what looks: evidence reader, visibility gate and box head, on frozen encoders.
///
/// Real posts teach the decision, with captions in place of pictures that are not at hand; photographs teach the seeing.
/// Picture and alternative text are dropped at random, so that one model answers with both, either and neither.
package struct EvidenceTask: TrainingTask {
    let heads: GroundingHeads
    let training: EvidenceSet
    let settings: EvidenceSettings
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
        settings: EvidenceSettings,
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
            WeightedObjective("mask", weight: settings.objectives.mask, MaskCoverage(grid: heads.grid)),
            WeightedObjective("box", weight: settings.objectives.box, BoxRegression()),
            WeightedObjective("trust", weight: settings.objectives.trust, BoxTrust()),
            WeightedObjective("choice", weight: settings.objectives.choice, BoxChoice()),
            WeightedObjective(
                "proposals", weight: settings.objectives.proposals,
                PatchProposals(head: heads.box, grid: heads.grid, posts: training.posts)),
            WeightedObjective(
                "contrast", weight: settings.objectives.contrast,
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
        if random.uniform() >= settings.variation.altDropout, !post.captions.isEmpty {
            // One sentence, or all of them.
            let isWhole = random.uniform() < 0.4
            let one = post.captions[Int(random.next() % UInt64(post.captions.count))]
            shown.alt = isWhole ? post.captions : [one]
        }
        if post.image != nil, random.uniform() < settings.variation.blanks {
            let name = PatchCache.plain[Int(random.next() % UInt64(PatchCache.plain.count))]
            return EvidenceSet.Shown(picture: name, showsNothing: true)
        }
        if !post.otherImages.isEmpty, random.uniform() < settings.variation.swaps {
            let name = post.otherImages[Int(random.next() % UInt64(post.otherImages.count))]
            return EvidenceSet.Shown(picture: name, showsNothing: true)
        }
        if let image = post.image, shown.alt.isEmpty || random.uniform() >= settings.variation.pictureDropout {
            shown.picture = image
            if !post.framings.isEmpty, random.uniform() < settings.variation.reframes {
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
    package var notes: [String] { development.canTell ? [] : [TagJudge.nothingToJudgeBy] }

    /// Hands the weights to `store`.
    package func save(_ parameters: TrainableParameters, evaluation: Evaluation) throws(TrainingError) {
        try store(parameters, evaluation)
    }
}
