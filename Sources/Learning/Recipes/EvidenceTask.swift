import Model
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
    /// `nil` for heads whose gate is one term.
    private let priors: CrossFittedPriors?
    private let learned: LearnedHeads
    private let deviations: Parameter?
    /// How choices are learned from what they earn, and the model that the run starts from.
    private let policy: (settings: PolicySettings, reference: TrainableParameters)?
    private let development: EvidenceEvaluation
    private let store: @Sendable (TrainableParameters, Evaluation) throws(TrainingError) -> Void

    /// - Parameters:
    ///   - model: what to train.
    ///   - training: posts to learn from; examples are positions in it.
    ///   - development: what decides which weights are kept.
    ///   - store: writes the model; called whenever the score is the best so far.
    init(
        _ model: EvidenceModel, training: EvidenceSet, development: EvidenceEvaluation, settings: EvidenceSettings,
        policy: (settings: PolicySettings, reference: TrainableParameters)? = nil,
        store: @escaping @Sendable (TrainableParameters, Evaluation) throws(TrainingError) -> Void
    ) {
        self.policy = policy
        heads = model.heads
        contrastScale = model.contrastScale
        priors = model.priors
        learned = model.learned
        deviations = model.deviations
        self.training = training
        self.development = development
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
        if let policy = policy?.settings {
            switch policy.actions {
            case .candidates:
                return [WeightedObjective("policy", BoxPolicy(rule: policy.rule, group: policy.group))]
            case .offsets:
                return [
                    WeightedObjective(
                        "policy",
                        OffsetPolicy(
                            rule: policy.rule, group: policy.group, lines: lines, deviations: deviations,
                            start: policy.deviations))
                ]
            }
        }
        let visibility = WeightedObjective("visibility", Visibility<EvidenceForward>())
        let text = WeightedObjective("text", TextVisibility(priors: priors, posts: training.posts))
        let contrast = WeightedObjective(
            "contrast", weight: settings.objectives.contrast,
            PictureContrast(
                reader: heads.reader, training: training, scale: contrastScale, dropout: settings.dropout))
        // Heat maps are of the gate, which is all that learns there.
        guard let box = heads.box else { return [visibility, text, contrast] }
        let choice = [
            visibility, WeightedObjective("choice", weight: settings.objectives.choice, BoxChoice()),
            WeightedObjective("hits", weight: settings.objectives.hits, CandidateHits()),
        ]
        guard learned == .all else { return choice }
        return choice + [
            text,
            WeightedObjective("mask", weight: settings.objectives.mask, MaskCoverage(grid: heads.grid)),
            WeightedObjective("box", weight: settings.objectives.box, BoxRegression()),
            WeightedObjective("trust", weight: settings.objectives.trust, BoxTrust()),
            WeightedObjective(
                "proposals", weight: settings.objectives.proposals,
                PatchProposals(head: box, grid: heads.grid, posts: training.posts)),
            contrast,
        ]
    }

    /// How boxes are answered where a picture is shown.
    private var lines: Tape.OffsetLines {
        let configuration = heads.reader.configuration
        return Tape.OffsetLines(
            gate: configuration.gate(isPictured: true, isDescribed: false), trust: configuration.trust)
    }

    /// Shows each post in one way of many, and lets the heads look.
    package func forward(
        _ examples: [Int], on tape: Tape, random: inout SeededGenerator
    ) throws(ShapeError) -> EvidenceForward {
        let shown = examples.map { draw($0, &random) }
        let batch = try training.batch(examples, shown, on: tape)
        let result = try heads.ground(
            batch, dropout: learned == .choice ? 0 : settings.dropout, choiceDropout: settings.dropout, on: tape)
        let scene = EvidenceForward.Scene(
            examples: examples, shown: shown, entities: zip(examples, shown).map { training.posts[$0].entities(in: $1) }
        )
        guard let priors, let terms = result.terms else {
            let said = result.terms.map { tape.array($0.prior) }
            let gating = Gating(passes: [result.visible], truth: scene.truth(offsets: said))
            var forward = EvidenceForward(result, scene, gating: gating, textLogits: [], on: tape)
            try addReference(to: &forward, examples, shown)
            return forward
        }
        let texts = try priors.logits(batch, dropout: settings.dropout, on: tape)
        let offsets = priors.offsets(texts, postOfEntity: scene.postOfEntity, on: tape)
        let said = try tape.constant(rows: offsets.count, columns: 1, offsets.span)
        let gating = Gating(
            passes: [try tape.add(said, terms.difference)], truth: scene.truth(offsets: offsets))
        return EvidenceForward(result, scene, gating: gating, textLogits: texts, on: tape)
    }

    /// What the model that the run starts from makes of the same posts, shown in the same way.
    private func addReference(
        to forward: inout EvidenceForward, _ examples: [Int], _ shown: [EvidenceSet.Shown]
    ) throws(ShapeError) {
        guard let policy else { return }
        let tape = Tape(policy.reference)
        let result = try heads.ground(training.batch(examples, shown, on: tape), on: tape)
        switch policy.settings.actions {
        case .candidates:
            guard let choice = result.choice, let nowhere = choice.nowhere else { return }
            forward.reference = tape.array(choice.scores) + tape.array(nowhere)
        case .offsets:
            guard let drawing = result.drawing else { return }
            let visible = tape.array(result.visible)
            forward.start = OffsetStart(
                visible: result.pictured.map { visible[Int($0)] }, trust: tape.array(drawing.trust),
                boxes: tape.array(drawing.boxes))
        }
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
            let name = BlankPicture.names[Int(random.next() % UInt64(BlankPicture.names.count))]
            return EvidenceSet.Shown(picture: name, showsNothing: true, leavesItToText: true)
        }
        if !post.otherImages.isEmpty, random.uniform() < settings.variation.swaps {
            let name = post.otherImages[Int(random.next() % UInt64(post.otherImages.count))]
            return EvidenceSet.Shown(picture: name, showsNothing: true, leavesItToText: post.origin != .made)
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
