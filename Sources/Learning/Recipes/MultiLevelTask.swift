import Kernels
import Model
import Randomness
import Synchronization
import Weights

/// How to pre-train a text encoder against pictures on several levels: sentence and picture, noun phrase and object.
struct MultiLevelTask: TrainingTask {
    /// Pictures among which evaluation looks for a sentence's own.
    static let choices = 32

    private let words: WordReader
    private let teacher: NounTeacher?
    private let heads: MultiLevelHeads
    /// What the patch encoder made of the pictures.
    private let patches: PatchCache
    private let development: [PairExample]
    private let settings: MultiLevelSettings
    private let store: @Sendable (TrainableParameters, Evaluation) throws(TrainingError) -> Void

    /// - Parameter teacher: What names objects; `nil` where none are learned from.
    init(
        _ words: WordReader, _ heads: MultiLevelHeads, teacher: NounTeacher?,
        pictures: (patches: PatchCache, development: [PairExample]), settings: MultiLevelSettings,
        store: @escaping @Sendable (TrainableParameters, Evaluation) throws(TrainingError) -> Void
    ) {
        self.words = words
        self.heads = heads
        self.teacher = teacher
        (patches, development) = pictures
        self.settings = settings
        self.store = store
    }

    /// Pieces of its first sentence.
    func size(_ example: PairExample) -> Int { example.sentences[0].ids.count }

    var objectives: [WeightedObjective<MultiLevelForward>] {
        [
            WeightedObjective("contrast", weight: settings.objectives.contrast, PairContrast(scale: heads.scale)),
            WeightedObjective("matching", weight: settings.objectives.matching, PairMatching()),
            WeightedObjective("objects", weight: settings.objectives.objects, ObjectLabels()),
        ]
    }

    /// Draws a sentence of each picture. Of examples that show the same picture the first one counts: others would be told
    /// apart from what they are.
    func forward(
        _ examples: [PairExample], on tape: Tape, random: inout SeededGenerator
    ) throws(ShapeError) -> MultiLevelForward {
        var seen: Set<String> = []
        let examples = examples.filter { seen.insert($0.image).inserted }
        let chosen = examples.map { $0.sentences[Int(random.next() % UInt64($0.sentences.count))] }
        let shift = examples.count > 1 ? 1 + Int(random.next() % UInt64(examples.count - 1)) : 1
        return try forward(examples, chosen, shift: shift, dropout: settings.dropout, on: tape)
    }

    private func forward(
        _ examples: [PairExample], _ sentences: [PieceBatch], shift: Int, dropout: Float, on tape: Tape
    ) throws(ShapeError) -> MultiLevelForward {
        var batch = PieceBatch()
        for sentence in sentences { batch.append(sentence) }
        var pairs = ShownPairs(
            states: try words.pieceStates(batch, dropout: dropout, on: tape), lengths: batch.lengths,
            pictures: examples.flatMap(\.picture))
        let matches = settings.objectives.matching > 0
        if matches {
            pairs.tokens = examples.flatMap { example -> [Float] in
                guard let rows = patches[example.image] else { return [] }
                return rows.span.array
            }
        }
        if teacher != nil {
            pairs.objects = examples.flatMap(\.objects)
            pairs.objectCounts = examples.map(\.phrases.count)
        }
        let question = MultiLevelForward.Question(
            shift: matches ? shift : nil, teacher: (settings.objects.temperature, settings.objects.threshold),
            dropout: dropout)
        return try MultiLevelForward(heads, pairs, question, on: tape)
    }

    /// Keeps the temperature in its bounds, and the teacher in step.
    func settle(
        _ parameters: TrainableParameters, average: TrainableParameters?, step: Int, pool: WorkerPool
    ) throws(TrainingError) {
        let scale = parameters.read(heads.scale)[0]
        let range = MultiLevelHeads.scales
        let bounded = min(max(scale, range.lowerBound), range.upperBound)
        if bounded != scale { parameters.write(heads.scale, [bounded].span) }
        guard let teacher, let average, step % settings.objects.teacherInterval == 0 else { return }
        try teacher.copy(from: average, into: parameters, pool: pool)
    }

    // MARK: Evaluation

    /// What was counted of some development pairs.
    private struct Found {
        var pairs = 0
        var recalled = 0
        var matched = 0
        var objects = 0
        var sure = 0
        var known = 0
        var named = 0

        static func + (one: Found, other: Found) -> Found {
            Found(
                pairs: one.pairs + other.pairs, recalled: one.recalled + other.recalled,
                matched: one.matched + other.matched, objects: one.objects + other.objects, sure: one.sure + other.sure,
                known: one.known + other.known, named: one.named + other.named)
        }
    }

    /// How often a sentence finds its own picture among others, pairs are told from no pairs, and objects by their phrases.
    func evaluate(_ parameters: TrainableParameters, pool: WorkerPool) throws(TrainingError) -> Evaluation {
        let groups = groups
        let found = Mutex([Found](repeating: Found(), count: groups.count))
        do throws(ShapeError) {
            try pool.run(groups.count) { (index) throws(ShapeError) in
                let group = try look(at: groups[index], parameters)
                found.withLock { $0[index] = group }
            }
        } catch {
            throw TrainingError(error)
        }
        let all = found.withLock { $0.reduce(Found(), +) }
        func share(_ name: String, _ part: Int, of whole: Int, if isAsked: Bool) -> Evaluation.Scalar? {
            isAsked && whole > 0 ? Evaluation.Scalar(name, Double(part) / Double(whole)) : nil
        }
        let weights = settings.objectives
        let scalars = [
            share("recall_at_1", all.recalled, of: all.pairs, if: weights.contrast > 0),
            share("matching_accuracy", all.matched, of: 2 * all.pairs, if: weights.matching > 0),
            share("objects_sure", all.sure, of: all.objects, if: teacher != nil),
            share("objects_named", all.named, of: all.known, if: teacher != nil),
        ]
        return Evaluation(score: (scalars[0] ?? scalars[1])?.value, scalars: scalars.compactMap(\.self))
    }

    /// The development pairs, so many together as a sentence has pictures to choose from; what is left over at the end is
    /// not asked, as its choice would be easier.
    private var groups: [[PairExample]] {
        let size = min(Self.choices, development.count)
        guard size > 1 else { return [] }
        return (0..<development.count / size).map { Array(development[$0 * size..<($0 + 1) * size]) }
    }

    private func look(at group: [PairExample], _ parameters: TrainableParameters) throws(ShapeError) -> Found {
        let tape = Tape(parameters)
        let forward = try forward(group, group.map { $0.sentences[0] }, shift: 1, dropout: 0, on: tape)
        var found = Found(pairs: group.count)
        let products = tape.array(try tape.similarities(forward.sentences, forward.pictures))
        for row in group.indices {
            let products = products[row * group.count..<(row + 1) * group.count]
            let own = products[products.startIndex + row]
            found.recalled += products.count { $0 >= own } == 1 ? 1 : 0
        }
        if let matching = forward.matching {
            let logits = tape.array(matching.logits)
            found.matched = matching.truth.indices.count {
                (logits[2 * $0 + 1] > logits[2 * $0]) == (matching.truth[$0] == 1)
            }
        }
        if let objects = forward.objects {
            found.objects = objects.weights.count
            found.sure = objects.weights.count { $0 > 0 }
            let logits = tape.array(objects.logits)
            for (row, phrase) in group.flatMap(\.phrases).enumerated() {
                guard let phrase else { continue }
                let range = row * heads.shape.nouns..<(row + 1) * heads.shape.nouns
                found.known += 1
                found.named += range.allSatisfy { logits[$0] <= logits[range.lowerBound + phrase] } ? 1 : 0
            }
        }
        return found
    }

    /// Whether there are development pairs to tell by.
    var notes: [String] {
        let canTell = development.count > 1 && settings.objectives.contrast + settings.objectives.matching > 0
        return canTell
            ? [] : ["there are no pairs to judge by: the last weights are kept, as no better ones can be told"]
    }

    func save(_ parameters: TrainableParameters, evaluation: Evaluation) throws(TrainingError) {
        try store(parameters, evaluation)
    }
}
