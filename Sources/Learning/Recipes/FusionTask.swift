package import Kernels
import Model
package import Randomness
import Text
import Weights

/// A post as a tagger that looks learns from it.
package struct FusionExample: Sendable {
    /// The post, and sentences about its picture.
    var post: GatedTaggerExample
    /// Name of the picture; `nil` where it is not at hand.
    var image: String?
}

/// What a tagger that looks made of a batch.
package struct FusionForward: TaggingForward {
    /// Scores and gold: of fused words, then, where the two views are tied, of the same posts from their text alone.
    package fileprivate(set) var tagging: Tagging
    /// Rows of fused words.
    let fused: Tape.Value
    /// What the fusion noted of the first view.
    let notes: [FusionNote: Tape.Value]
    /// Whether each post was shown with anything.
    let isShown: [Bool]
    /// Rate of dropout.
    let dropout: Float
}

/// How to train a tagger that looks before it tags: text encoder, fusion and head, on a patch encoder that stays as it is.
package struct FusionTask: TrainingTask {
    /// What of the settings the task itself obeys.
    struct Plan: Sendable {
        var dropout: Float
        var variation: FusionVariation
        /// Whether posts are scored a second time, from their text alone.
        var tiesViews: Bool
        /// Whether posts are read a second time, with other dropout.
        var readsTwice: Bool
    }

    /// Likelihood of the tags, and what the method learns from beside it.
    package let objectives: [WeightedObjective<FusionForward>]
    private let words: WordReader
    private let fusion: any Fusion
    private let tags: TagJudge
    private let mask: Int32
    /// What the patch encoder made of the pictures; `nil` where there are none.
    private let patches: PatchCache?
    private let development: [FusionExample]
    private let plan: Plan
    private let store: @Sendable (TrainableParameters, Evaluation) throws(TrainingError) -> Void

    /// - Parameters:
    ///   - network: a network whose tagger looks.
    ///   - objectives: what is learned from.
    init(
        _ network: Network, _ plan: Plan, objectives: [WeightedObjective<FusionForward>],
        examples: (patches: PatchCache?, mask: Int32, development: [FusionExample]),
        store: @escaping @Sendable (TrainableParameters, Evaluation) throws(TrainingError) -> Void
    ) throws(TrainingError) {
        guard let fusion = network.parts.fusion else {
            throw TrainingError(.settings, "'\(network.configuration.method.name)' does not look before it tags")
        }
        words = network.parts.words
        self.fusion = fusion
        tags = try TagJudge(network)
        self.objectives = objectives
        (patches, mask, development) = examples
        self.plan = plan
        self.store = store
    }

    /// Rows of post and captions, about.
    package func size(_ example: FusionExample) -> Int {
        example.post.tagger.pieces.ids.count + (example.post.captions.first?.ids.count ?? 0)
    }

    /// Shows each post in one way of several, and scores its tags.
    package func forward(
        _ examples: [FusionExample], on tape: Tape, random: inout SeededGenerator
    ) throws(ShapeError) -> FusionForward {
        let shown = examples.map { show($0, &random) }
        // Dropout is another in each pass; what is noted of the first is learned from.
        var first = try look(at: shown, examples, on: tape)
        if plan.readsTwice {
            let second = try look(at: shown, examples, on: tape)
            first.tagging = Tagging(first.tagging.passes + second.tagging.passes, of: examples.map(\.post.tagger))
        }
        return first
    }

    private func look(
        at shown: [Shown], _ examples: [FusionExample], on tape: Tape
    ) throws(ShapeError) -> FusionForward {
        var (words, evidence) = try read(shown, dropout: plan.dropout, on: tape)
        var notes: [FusionNote: Tape.Value] = [:]
        let fused = try fusion.fuse(words, evidence: evidence, dropout: plan.dropout, on: tape) { notes[$0] = $1 }
        var passes = try tags.head.passes(
            fused, lengths: words.lengths, evidence: evidence, dropout: plan.dropout, on: tape)
        let isShown = evidence.isShown
        if plan.tiesViews {
            evidence = .nothing(shown.count)
            let alone = try fusion.fuse(words, evidence: evidence, dropout: plan.dropout, on: tape)
            passes += try tags.head.passes(
                alone, lengths: words.lengths, evidence: evidence, dropout: plan.dropout, on: tape)
        }
        return FusionForward(
            tagging: Tagging(passes, of: examples.map(\.post.tagger)),
            fused: fused, notes: notes, isShown: isShown, dropout: plan.dropout)
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
            example.post.entities.map(\.words), probability: plan.variation.nameDropout, behind: mask, &random)
        var shown = Shown(pieces: pieces)
        let captions = example.post.captions
        if !captions.isEmpty, random.uniform() >= plan.variation.altDropout {
            shown.alt = captions[Int(random.next() % UInt64(captions.count))]
        }
        if random.uniform() >= plan.variation.pictureDropout { shown.image = example.image }
        return shown
    }

    /// Rows of the posts' words, and what the posts show.
    private func read(
        _ shown: [Shown], dropout: Float, on tape: Tape
    ) throws(ShapeError) -> (WordsToFuse<Tape>, ShownEvidence<Tape.Value>) {
        var pieces = PieceBatch()
        for post in shown { pieces.append(post.pieces) }
        let posts = pieces
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
        let words = WordsToFuse<Tape>(try rows(0..<count), lengths: shown.map(\.pieces.words.count)) {
            [words] (prefix) throws(ShapeError) in
            try words.states(posts, prefix: prefix, dropout: dropout, on: tape)
        }
        return (words, evidence)
    }

    /// Precision, recall and F1 on the development posts: with all that they show, which decides; and F1 with nothing shown,
    /// and with what another post shows.
    package func evaluate(_ parameters: TrainableParameters, pool: WorkerPool) throws(TrainingError) -> Evaluation {
        var evaluation = try evaluate(parameters, pool: pool) { development[$0] }
        guard development.contains(where: { $0.post.alt != nil || $0.image != nil }) else { return evaluation }
        for (name, giver) in [("text_f1", nil), ("strange_f1", development.count / 2)] as [(String, Int?)] {
            let other = try evaluate(parameters, pool: pool) { index in
                giver.map { development[(index + $0) % development.count] }
            }
            evaluation.scalars += other.scalars.filter { $0.name == "mner_f1" }.map {
                Evaluation.Scalar(name, $0.value)
            }
        }
        return evaluation
    }

    /// The same with what other posts show: `giver` names the post whose evidence a post gets.
    private func evaluate(
        _ parameters: TrainableParameters, pool: WorkerPool, giver: @Sendable (Int) -> FusionExample?
    ) throws(TrainingError) -> Evaluation {
        do throws(ShapeError) {
            let decoder = try tags.head.decoder(parameters.read)
            let found = try pool.map(development.count, batches: 32) { (range) throws(ShapeError) in
                let shown = range.map {
                    let other = giver($0)
                    return Shown(
                        pieces: development[$0].post.tagger.pieces, alt: other?.post.alt, image: other?.image)
                }
                let tape = Tape(parameters)
                let (words, evidence) = try read(shown, dropout: 0, on: tape)
                let fused = try fusion.fuse(words, evidence: evidence, on: tape)
                let scores = tape.array(
                    try tags.head.score(fused, lengths: words.lengths, evidence: evidence, dropout: 0, on: tape))
                return try decoder.spans(of: scores, lengths: words.lengths)
            }
            return tags.evaluation(of: found, on: development.map(\.post.tagger))
        } catch {
            throw TrainingError(error)
        }
    }

    /// Whether the development posts can tell, and whether they were read whole.
    package var notes: [String] { tags.notes(development.map(\.post.tagger)) }

    /// Hands the weights to `store`.
    package func save(_ parameters: TrainableParameters, evaluation: Evaluation) throws(TrainingError) {
        try store(parameters, evaluation)
    }
}
