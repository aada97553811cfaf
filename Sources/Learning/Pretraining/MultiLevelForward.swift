import Kernels
import Model

/// Pairs of a sentence and a picture, as pre-training is shown them.
struct ShownPairs {
    /// The encoder's rows, one a piece, sentence by sentence.
    var states: Tape.Value
    var lengths: [Int]
    /// Of each picture, its mean patch.
    var pictures: [Float]
    /// All tokens, picture by picture; empty where nothing looks at them.
    var tokens: [Float] = []
    /// Mean patches of objects, and how many there are in each picture.
    var objects: [Float] = []
    var objectCounts: [Int] = []
}

/// What the heads make of pairs.
struct MultiLevelForward {
    /// Sentences and pictures in the common space, unit rows, pair by pair.
    let sentences: Tape.Value
    let pictures: Tape.Value
    /// Pairs that belong together, and then each sentence beside the picture of another; `nil` for less than two.
    private(set) var matching: Matching?
    /// Objects that the teacher is sure about, and such as it is not; `nil` for none.
    private(set) var objects: Objects?

    /// Logits, no and yes, and which is right.
    struct Matching {
        let logits: Tape.Value
        let truth: [Int32]
    }

    /// Logits of noun phrases, a row an object, and what the teacher says.
    struct Objects {
        let logits: Tape.Value
        /// A distribution a row.
        let labels: [Float]
        /// How much each object counts: a picture's together as much as another's; 0 where the teacher is not sure.
        let weights: [Float]
    }

    /// What is asked of the heads.
    struct Question {
        /// Every sentence is shown with the picture this far behind its own; `nil`: nothing is matched.
        var shift: Int?
        /// Temperature of the teacher, and how sure it must be to be believed.
        var teacher: (temperature: Float, threshold: Float)
        var dropout: Float
    }

    init(
        _ heads: MultiLevelHeads, _ pairs: ShownPairs, _ question: Question, on tape: Tape
    ) throws(ShapeError) {
        let shape = heads.shape
        let pooled = try shape.pooling.pool(pairs.states, lengths: pairs.lengths, on: tape)
        sentences = try tape.unitRows(tape.linear(pooled, heads.sentence, .identity))
        let means = try tape.rows(pairs.pictures, columns: shape.pictureWidth)
        pictures = try tape.unitRows(tape.linear(means, heads.picture, .identity))
        if let shift = question.shift, !pairs.tokens.isEmpty {
            matching = try Self.match(heads, pairs, shift: shift, dropout: question.dropout, on: tape)
        }
        if !pairs.objects.isEmpty { objects = try Self.objects(heads, pairs, question, on: tape) }
    }

    private static func match(
        _ heads: MultiLevelHeads, _ pairs: ShownPairs, shift: Int, dropout: Float, on tape: Tape
    ) throws(ShapeError) -> Matching? {
        let count = pairs.lengths.count
        guard count > 1 else { return nil }
        let offered = try heads.matcher.offer(
            tape.rows(pairs.tokens, columns: heads.shape.pictureWidth), on: tape)
        let tokens = offered.rows / count
        let ranges = pairs.lengths.ranges
        let others = (0..<count).map { ($0 + shift) % count }
        let moved = try tape.gather(pairs.states, others.flatMap { ranges[$0].map(Int32.init) })
        let right = try heads.matcher.match(
            pairs.states, lengths: pairs.lengths, with: offered, tokens: tokens, dropout: dropout, on: tape)
        let wrong = try heads.matcher.match(
            moved, lengths: others.map { pairs.lengths[$0] }, with: offered, tokens: tokens, dropout: dropout, on: tape)
        return Matching(
            logits: try tape.concatenateRows([right, wrong]),
            truth: others.map { _ in 1 } + others.map { _ in 0 })
    }

    private static func objects(
        _ heads: MultiLevelHeads, _ pairs: ShownPairs, _ question: Question, on tape: Tape
    ) throws(ShapeError) -> Objects {
        let objects = try tape.rows(pairs.objects, columns: heads.shape.pictureWidth)
        let labels = try NounTeacher.labels(
            of: objects, heads, temperature: question.teacher.temperature, on: tape)
        let nouns = heads.shape.nouns
        let isSure = (0..<objects.rows).map { row in
            labels[row * nouns..<(row + 1) * nouns].contains { $0 >= question.teacher.threshold }
        }
        let weights = pairs.objectCounts.ranges.flatMap { range in
            let sure = range.count { isSure[$0] }
            return range.map { isSure[$0] ? 1 / Float(sure) : 0 }
        }
        return Objects(
            logits: try heads.classify(objects, dropout: question.dropout, on: tape), labels: labels, weights: weights)
    }
}

extension Tape {
    /// Rows that nothing is learned through.
    func rows(_ numbers: [Float], columns: Int) throws(ShapeError) -> Value {
        try constant(rows: numbers.count / columns, columns: columns, numbers.span)
    }
}
