package import Model
package import Kernels
package import Text
package import Randomness

/// How to train `crf-none`: text encoder, word shapes and a CRF, from tagged posts alone.
package struct TaggerTask: TrainingTask {
    private let words: WordReader
    private let tags: TagJudge
    private let mask: Int32
    private let development: [TaggerExample]
    private let settings: CRFNoneSettings
    private let store: @Sendable (TrainableParameters, Evaluation) throws(TrainingError) -> Void

    /// - Parameters:
    ///   - network: the declared model.
    ///   - wordPiece: the pieces that the posts were cut into.
    ///   - development: posts that decide which weights are kept.
    ///   - store: writes the model; called whenever the score is the best so far.
    package init(
        _ network: Network, wordPiece: WordPiece, development: [TaggerExample],
        settings: CRFNoneSettings = CRFNoneSettings(),
        store: @escaping @Sendable (TrainableParameters, Evaluation) throws(TrainingError) -> Void
    ) throws(TrainingError) {
        words = network.parts.words
        tags = try TagJudge(network)
        mask = wordPiece.mask
        self.development = development
        self.settings = settings
        self.store = store
    }

    /// Pieces of the sequence.
    package func size(_ example: TaggerExample) -> Int { example.pieces.ids.count }

    /// Tags that were scored once or twice.
    package struct Forward: TaggingForward {
        /// Scores and gold.
        package let tagging: Tagging
    }

    /// Likelihood of the tags, and agreement of two passes.
    package var objectives: [WeightedObjective<Forward>] {
        [
            tags.head.likelihood(),
            WeightedObjective("agreement", weight: settings.objectives.agreement, Agreement()),
        ]
    }

    /// Scores the tags: twice, with different dropout, where the passes are to agree.
    package func forward(
        _ examples: [TaggerExample], on tape: Tape, random: inout SeededGenerator
    ) throws(ShapeError) -> Forward {
        let batch = vary(examples, &random)
        let passes = try (0..<(settings.objectives.agreement > 0 ? 2 : 1)).map { _ throws(ShapeError) in
            try scores(batch, examples.map(\.tags.count), on: tape)
        }
        return Forward(
            tagging: Tagging(passes, of: examples))
    }

    private func scores(
        _ batch: PieceBatch, _ lengths: [Int], on tape: Tape
    ) throws(ShapeError) -> TagScores<Tape.Value> {
        let states = try words.states(batch, dropout: settings.dropout, on: tape)
        return try tags.head.score(
            states, lengths: lengths, evidence: .nothing(lengths.count), dropout: settings.dropout, on: tape)
    }

    /// Precision, recall and F1 of spans with their types on the development posts.
    package func evaluate(_ parameters: TrainableParameters, pool: WorkerPool) throws(TrainingError) -> Evaluation {
        tags.evaluation(of: try predict(development, parameters, pool: pool), on: development)
    }

    /// Whether the development posts can tell, and whether they were read whole.
    package var notes: [String] { tags.notes(development) }

    /// Hands the weights to `store`.
    package func save(_ parameters: TrainableParameters, evaluation: Evaluation) throws(TrainingError) {
        try store(parameters, evaluation)
    }

    /// What the head finds in each post.
    package func predict(
        _ examples: [TaggerExample], _ parameters: TrainableParameters, pool: WorkerPool
    ) throws(TrainingError) -> [[TagSet.Span]] {
        do throws(ShapeError) {
            let decoder = try tags.head.decoder(parameters.read)
            return try pool.map(examples.count, batches: 32) { (range) throws(ShapeError) in
                try decode(Array(examples[range]), decoder, parameters)
            }
        } catch {
            throw TrainingError(error)
        }
    }

    private func decode(
        _ examples: [TaggerExample], _ decoder: any MentionDecoder, _ parameters: TrainableParameters
    ) throws(ShapeError) -> [[TagSet.Span]] {
        let tape = Tape(parameters)
        let lengths = examples.map(\.tags.count)
        return try decoder.spans(of: tape.array(scores(Self.join(examples), lengths, on: tape)), lengths: lengths)
    }

    /// The batch with words hidden and cases lost as the settings say.
    private func vary(_ examples: [TaggerExample], _ random: inout SeededGenerator) -> PieceBatch {
        var batch = PieceBatch()
        for example in examples {
            var pieces = example.pieces
            if settings.variation.wordDropout > 0 {
                for word in pieces.words where random.uniform() < settings.variation.wordDropout {
                    for piece in word { pieces.ids[piece] = mask }
                }
            }
            pieces.hide(
                example.spans.map(\.words),
                probability: settings.variation.nameDropout, behind: mask, &random)
            if settings.variation.caseDropout > 0, random.uniform() < settings.variation.caseDropout {
                pieces.shapes = pieces.shapes.map { Self.cased.contains($0) ? Self.lower : $0 }
            }
            batch.append(pieces)
        }
        return batch
    }

    /// Rows of the shape table: 0 is no word.
    private static let lower = Int32(WordShape.lower.rawValue) + 1
    private static let cased = [WordShape.capitalised, .upper, .mixed, .initial].map { Int32($0.rawValue) + 1 }

    private static func join(_ examples: [TaggerExample]) -> PieceBatch {
        var batch = PieceBatch()
        for example in examples { batch.append(example.pieces) }
        return batch
    }
}
