import Model
package import Kernels
import Text
package import Randomness

/// A post as tagger and gate learn from it together.
package struct GatedTaggerExample: Sendable {
    /// The post.
    var tagger: TaggerExample
    /// Its entities, as far as the post was read.
    var entities: [EvidencePost.Entity]
    /// Sentences about its picture, one sequence each.
    var captions: [PieceBatch]
    /// What stands for the alternative text in evaluation.
    var alt: PieceBatch?

    init(
        _ post: EvidencePost, tags: TagSet, wordPiece: WordPiece, limit: Int
    ) {
        let spans = post.entities.map { TagSet.Span(words: $0.words, type: $0.typeIndex) }
        tagger = TaggerExample(
            words: post.words, spans: spans, tags: tags,
            knowledge: post.knowledge, wordPiece: wordPiece, limit: limit)
        let end = tagger.tags.count
        entities = post.entities.filter { $0.words.upperBound <= end }
        captions = post.captions.map { PieceBatch($0, wordPiece, limit: limit) }
        alt = post.alt.map { PieceBatch($0, wordPiece, limit: limit) }
    }

    /// A post of which nobody knows what it shows.
    init(_ tagger: TaggerExample) {
        self.tagger = tagger
        (entities, captions) = ([], [])
    }
}

/// Trains a tagger on with a gate beside it, so that the encoder keeps in its rows what the gate needs: an encoder that
/// was tuned for tags alone forgets what tells visible entities from others.
///
/// What is learned of the gate is thrown away; ``EvidenceTask`` learns it anew, with pictures.
package struct GatedTaggerTask: TrainingTask {
    private let words: WordReader
    private let head: any LearnedHead
    private let heads: GroundingHeads
    private let tagger: TaggerTask
    private let development: [GatedTaggerExample]
    private let settings: GatedTaggerSettings
    private let mask: Int32
    private let store: @Sendable (TrainableParameters, Evaluation) throws(TrainingError) -> Void

    /// - Parameter network: a network that grounds.
    init(
        _ network: Network, heads: GroundingHeads, wordPiece: WordPiece, development: [GatedTaggerExample],
        settings: GatedTaggerSettings,
        store: @escaping @Sendable (TrainableParameters, Evaluation) throws(TrainingError) -> Void
    ) throws(TrainingError) {
        words = network.parts.words
        head = try TagJudge(network).head
        self.heads = heads
        self.development = development
        self.settings = settings
        mask = wordPiece.mask
        self.store = store
        tagger = try TaggerTask(network, wordPiece: wordPiece, development: development.map(\.tagger), store: store)
    }

    /// Pieces of post and captions.
    package func size(_ example: GatedTaggerExample) -> Int {
        example.tagger.pieces.ids.count + (example.captions.first?.ids.count ?? 0)
    }

    /// Tags and a gate over the same rows.
    package struct Forward: TaggingForward, GatingForward {
        /// Scores and gold tags.
        package let tagging: Tagging
        /// What the gate decided about.
        package let gating: Gating?
    }

    /// Likelihood of the tags, agreement of two passes, and the gate beside them.
    package var objectives: [WeightedObjective<Forward>] {
        [
            head.likelihood(),
            WeightedObjective("agreement", weight: settings.objectives.agreement, Agreement()),
            WeightedObjective("visibility", weight: settings.objectives.visibility, Visibility()),
        ]
    }

    /// Reads posts and captions in one go: twice, with different dropout, where the passes are to agree.
    package func forward(
        _ examples: [GatedTaggerExample], on tape: Tape, random: inout SeededGenerator
    ) throws(ShapeError) -> Forward {
        let alts: [PieceBatch?] = examples.map { example in
            guard !example.captions.isEmpty, random.uniform() < settings.variation.captions else { return nil }
            return example.captions[Int(random.next() % UInt64(example.captions.count))]
        }
        let shown = examples.map { example in
            var example = example
            example.tagger.pieces.hide(
                example.entities.map(\.words), probability: settings.variation.nameDropout, behind: mask, &random)
            return example
        }
        let lengths = examples.map(\.tagger.tags.count)
        let words = (0..<lengths.reduce(0, +)).map(Int32.init)
        var scores: [TagScores<Tape.Value>] = []
        var gates: [Tape.Value] = []
        for _ in 0..<(settings.objectives.agreement > 0 ? 2 : 1) {
            let (states, gate) = try run(shown, alts, on: tape)
            let posts = try tape.gather(states, words)
            scores.append(
                try head.score(
                    posts, lengths: lengths, evidence: .nothing(lengths.count), dropout: settings.dropout, on: tape))
            if let gate { gates.append(gate) }
        }
        return Forward(
            tagging: Tagging(scores, of: examples.map(\.tagger)),
            gating: gates.isEmpty
                ? nil : Gating(passes: gates, truth: examples.flatMap(\.entities).map(\.isVisible.truth)))
    }

    /// Rows of all words, posts first, and the gate's logits; `nil` where there is no entity.
    private func run(
        _ examples: [GatedTaggerExample], _ alts: [PieceBatch?], on tape: Tape
    ) throws(ShapeError) -> (states: Tape.Value, gate: Tape.Value?) {
        var pieces = PieceBatch()
        for example in examples { pieces.append(example.tagger.pieces) }
        let postWords = pieces.words.count
        for alt in alts { if let alt { pieces.append(alt) } }
        let states = try self.words.states(pieces, dropout: gates(tape), on: tape)
        var ranges: [Range<Int>] = []
        var posts: [Int32] = []
        var texts: [Range<Int>] = []
        var first = 0
        for (index, example) in examples.enumerated() {
            for entity in example.entities {
                ranges.append(entity.words.lowerBound + first..<entity.words.upperBound + first)
                posts.append(Int32(index))
            }
            texts.append(first..<first + example.tagger.tags.count)
            first += example.tagger.tags.count
        }
        guard !ranges.isEmpty else { return (states, nil) }
        let textMeans = try tape.mean(states, over: texts)
        let queries = try tape.concatenateColumns([tape.mean(states, over: ranges), tape.gather(textMeans, posts)])
        let altRows = pieces.words.count - postWords
        let alt =
            altRows > 0 ? try tape.gather(states, (postWords..<postWords + altRows).map(Int32.init)) : nil
        let batch = EvidenceBatch(
            queries: queries, kinds: examples.flatMap { $0.entities.map { Int32($0.typeIndex) } },
            entities: examples.map(\.entities.count), texts: textMeans, tokens: nil,
            isPictured: examples.map { _ in false }, alt: alt, altCounts: alts.map { $0?.words.count ?? 0 })
        return (states, try heads.ground(batch, dropout: gates(tape), on: tape).visible)
    }

    private func gates(_ tape: Tape) -> Float { tape.gradients == nil ? 0 : settings.dropout }

    /// F1 of the tags, and the gate's AUC with captions and from text alone.
    package func evaluate(_ parameters: TrainableParameters, pool: WorkerPool) throws(TrainingError) -> Evaluation {
        var evaluation = try tagger.evaluate(parameters, pool: pool)
        for (name, hasAlt) in [("text", false), ("captions", true)] {
            let score = VisibilityScore(
                try predict(parameters, pool: pool, hasAlt: hasAlt), calibration: Calibration())
            guard score.count > 0 else { continue }
            evaluation.scalars.append(Evaluation.Scalar("\(name)_accuracy", score.accuracy))
            evaluation.scalars.append(Evaluation.Scalar("\(name)_auc", score.auc))
            evaluation.score = evaluation.score.map { $0 + score.auc / 2 }
        }
        return evaluation
    }

    private func predict(
        _ parameters: TrainableParameters, pool: WorkerPool, hasAlt: Bool
    ) throws(TrainingError) -> [EvidencePrediction] {
        let size = 32
        do throws(ShapeError) {
            return try pool.map(development.count, batches: size) { (range) throws(ShapeError) in
                let part = Array(development[range])
                let tape = Tape(parameters)
                let gate = try run(part, part.map { hasAlt ? $0.alt : nil }, on: tape).gate
                let logits = gate.map(tape.array) ?? []
                return zip(part.flatMap(\.entities), logits).map {
                    EvidencePrediction(post: range.lowerBound / size, entity: $0, logit: $1)
                }
            }
        } catch {
            throw TrainingError(error)
        }
    }

    /// Whether the development posts can tell.
    package var notes: [String] { tagger.notes }

    /// Hands the weights to `store`.
    package func save(_ parameters: TrainableParameters, evaluation: Evaluation) throws(TrainingError) {
        try store(parameters, evaluation)
    }
}
