package import Kernels
import Model
package import Randomness
import Synchronization
import Text
import Weights

/// A post as a tagger that looks learns from it.
package struct FusionExample: Sendable {
    /// The post, and sentences about its picture.
    var post: GatedTaggerExample
    /// Name of the picture; `nil` where it is not at hand.
    var image: String?
}

/// How to train a tagger that looks before it tags: text encoder, fusion and CRF, on a patch encoder that stays as it is.
package struct FusionTask: TrainingTask {
    private let words: WordReader
    private let fusion: any Fusion
    private let tags: TagJudge
    private let mask: Int32
    /// What the patch encoder made of the pictures; `nil` where there are none.
    private let patches: PatchCache?
    private let development: [FusionExample]
    private let settings: FusionSettings
    private let store: @Sendable (TrainableParameters, Evaluation) throws(TrainingError) -> Void

    /// - Parameter network: a network whose tagger looks.
    init(
        _ network: Network, mask: Int32, patches: PatchCache?, development: [FusionExample], settings: FusionSettings,
        store: @escaping @Sendable (TrainableParameters, Evaluation) throws(TrainingError) -> Void
    ) throws(TrainingError) {
        guard let fusion = network.parts.fusion else {
            throw TrainingError(.settings, "'\(network.configuration.method.name)' does not look before it tags")
        }
        words = network.parts.words
        self.fusion = fusion
        tags = try TagJudge(network)
        self.mask = mask
        self.patches = patches
        self.development = development
        self.settings = settings
        self.store = store
    }

    /// Rows of post, captions and picture, about.
    package func size(_ example: FusionExample) -> Int {
        example.post.tagger.pieces.ids.count + (example.post.captions.first?.ids.count ?? 0)
    }

    /// Tags that were scored after a look.
    package struct Forward: TaggingForward {
        /// Scores and gold.
        package let tagging: Tagging
    }

    /// Likelihood of the tags.
    package var objectives: [WeightedObjective<Forward>] { [WeightedObjective("crf", CRFLikelihood(tags.head))] }

    /// Shows each post in one way of several, and scores its tags.
    package func forward(
        _ examples: [FusionExample], on tape: Tape, random: inout SeededGenerator
    ) throws(ShapeError) -> Forward {
        let shown = examples.map { show($0, &random) }
        let scores = try scores(shown, dropout: settings.dropout, on: tape)
        return Forward(
            tagging: Tagging(
                passes: [scores], tags: examples.flatMap(\.post.tagger.tags),
                lengths: examples.map(\.post.tagger.tags.count)))
    }

    /// What is shown of a post.
    private struct Shown {
        var pieces: PieceBatch
        var alt: PieceBatch?
        var image: String?
    }

    private func show(_ example: FusionExample, _ random: inout SeededGenerator) -> Shown {
        var pieces = example.post.tagger.pieces
        pieces.hide(
            example.post.entities.map(\.words), probability: settings.variation.nameDropout, behind: mask, &random)
        var shown = Shown(pieces: pieces)
        let captions = example.post.captions
        if !captions.isEmpty, random.uniform() >= settings.variation.altDropout {
            shown.alt = captions[Int(random.next() % UInt64(captions.count))]
        }
        if random.uniform() >= settings.variation.pictureDropout { shown.image = example.image }
        return shown
    }

    private func scores(_ shown: [Shown], dropout: Float, on tape: Tape) throws(ShapeError) -> Tape.Value {
        var pieces = PieceBatch()
        for post in shown { pieces.append(post.pieces) }
        let count = pieces.words.count
        for post in shown { if let alt = post.alt { pieces.append(alt) } }
        let states = try words.states(pieces, dropout: dropout, on: tape)
        func rows(_ range: Range<Int>) throws(ShapeError) -> Tape.Value {
            try tape.gather(states, range.map(Int32.init))
        }
        var evidence = ShownEvidence<Tape.Value>.nothing(shown.count)
        let tokens = shown.map { post -> [Float] in
            guard let image = post.image, let rows = patches?[image] else { return [] }
            return rows.span.array
        }
        if let patches, tokens.contains(where: { !$0.isEmpty }) {
            let all = tokens.flatMap(\.self)
            evidence.tokenCounts = tokens.map { $0.count / patches.width }
            evidence.tokens = try tape.constant(rows: all.count / patches.width, columns: patches.width, all.span)
        }
        if pieces.words.count > count {
            evidence.altCounts = shown.map { $0.alt?.words.count ?? 0 }
            evidence.alt = try rows(count..<pieces.words.count)
        }
        let lengths = shown.map(\.pieces.words.count)
        let fused = try fusion.fuse(
            rows(0..<count), lengths: lengths, evidence: evidence, dropout: dropout, on: tape)
        return try tags.head.score(fused, lengths: lengths, dropout: dropout, on: tape).rows
    }

    /// Precision, recall and F1 on the development posts, with all that they show.
    package func evaluate(_ parameters: TrainableParameters, pool: WorkerPool) throws(TrainingError) -> Evaluation {
        let piece = 32
        let paths = Mutex([[Int32]](repeating: [], count: development.count))
        do throws(ShapeError) {
            let crf = try tags.crf(parameters)
            try pool.run((development.count + piece - 1) / piece) { (index) throws(ShapeError) in
                let range = index * piece..<min((index + 1) * piece, development.count)
                let shown = development[range].map {
                    Shown(pieces: $0.post.tagger.pieces, alt: $0.post.alt, image: $0.image)
                }
                let tape = Tape(parameters)
                let scores = tape.array(try scores(shown, dropout: 0, on: tape))
                let decoded = try crf.paths(scores, lengths: development[range].map(\.post.tagger.tags.count))
                paths.withLock { $0.replaceSubrange(range, with: decoded) }
            }
        } catch {
            throw TrainingError(error)
        }
        return tags.evaluation(of: paths.withLock { $0 }, on: development.map(\.post.tagger))
    }

    /// Whether the development posts can tell, and whether they were read whole.
    package var notes: [String] { tags.notes(development.map(\.post.tagger)) }

    /// Hands the weights to `store`.
    package func save(_ parameters: TrainableParameters, evaluation: Evaluation) throws(TrainingError) {
        try store(parameters, evaluation)
    }
}
