import Foundation
@testable import Model
@testable import Kernels
import Testing

@testable import Learning
@testable import Text

/// The fixture that `Fixtures/tagger_parity.py` writes.
private struct Reference: Decodable {
    let width: Int
    let heads: Int
    let inner: Int
    let layers: Int
    let vocabulary: Int
    let positions: Int
    let shapeRows: Int
    let tagCount: Int
    let sequences: [[Int32]]
    let shapes: [[Int32]]
    let words: [[[Int]]]
    let matches: [[[Int]]]
    let tags: [[Int32]]
    let values: [String: [Float]]
    let loss: Float
    let gradients: [String: [Float]]
    let losses: [Float]
    let norms: [Float]

    static func read() throws -> Reference { try fixture("tagger_parity") }

    enum CodingKeys: String, CodingKey {
        case width, heads, inner, layers, vocabulary, positions, sequences, shapes, words, matches, tags, values, loss
        case gradients, losses, norms
        case shapeRows = "shape_rows"
        case tagCount = "tag_count"
    }

    var batch: PieceBatch {
        var batch = PieceBatch()
        for (index, sequence) in sequences.enumerated() {
            let start = batch.ids.count
            batch.ids += sequence
            batch.shapes += shapes[index]
            batch.lengths.append(sequence.count)
            batch.words += words[index].map { start + $0[0]..<start + $0[1] }
            batch.matches += matches[index].map { start + $0[0]..<start + $0[1] }
        }
        return batch
    }
}

@Suite("A tiny tagger in PyTorch")
struct TaggerParityTests {
    private let reference: Reference
    private let words: WordReader
    private let head: CRFHead
    private let parameters: TrainableParameters

    init() throws {
        reference = try Reference.read()
        var layout = ParameterLayout()
        let encoder = TextEncoderConfiguration(
            family: .bert, width: reference.width, layers: reference.layers, heads: reference.heads,
            innerWidth: reference.inner, vocabularySize: reference.vocabulary, positions: reference.positions,
            segments: 2, epsilon: 1e-6)
        words = WordReader(
            WordConfiguration(pooling: .mean, shapes: reference.shapeRows, knowledgeMatches: true), encoder: encoder,
            in: &layout)
        let types = try TypeInventory((0..<(reference.tagCount - 1) / 2).map { "T\($0)" })
        head = CRFHead(TagSet(types), width: reference.width, in: &layout)
        parameters = TrainableParameters(layout: layout, seed: 1)
        for entry in layout.entries {
            let numbers = try #require(reference.values[entry.names[0]], "\(entry.names)")
            try #require(numbers.count == entry.parameter.count, "\(entry.names)")
            parameters.write(entry.parameter, numbers.span)
        }
    }

    private func loss(on tape: Tape) throws -> Tape.Value {
        let scores = try head.score(
            words.states(reference.batch, on: tape), lengths: [reference.batch.words.count],
            evidence: .nothing(1), dropout: 0, on: tape
        ).rows
        return try tape.crfLoss(
            scores, tags: reference.tags.flatMap { $0 }, lengths: reference.tags.map(\.count),
            transitions: head.chain.transitions, start: head.chain.start, end: head.chain.end)
    }

    @Test("loss and every gradient")
    func gradients() throws {
        let gradients = GradientStore(parameters)
        let tape = Tape(parameters, gradients: gradients)
        let loss = try loss(on: tape)
        #expect(abs(tape.array(loss)[0] - reference.loss) < 1e-4)
        try tape.backward(loss)
        for entry in parameters.layout.entries {
            let expected = try #require(reference.gradients[entry.names[0]])
            let got = gradients.read(entry.parameter)
            let error = zip(got, expected).map { abs($0 - $1) }.max() ?? 0
            #expect(error < 1e-4, "\(entry.names[0]): largest difference \(error)")
        }
    }

    @Test("ten steps of AdamW with clipping, warm-up and decay")
    func lossCurve() throws {
        let groups = parameters.layout.entries.map { entry in
            ParameterGroup(rate: 0.02, decay: entry.kind == .vector ? 0 : 0.1)
        }
        let optimizer = AdamW(parameters, groups: groups)
        let schedule = LearningRateSchedule(steps: 10, warmup: 0.31)
        let gradients = GradientStore(parameters)
        let tape = Tape(parameters, gradients: gradients)
        let pool = WorkerPool(workers: 2)
        for step in 0..<10 {
            gradients.reset()
            tape.reset()
            let loss = try loss(on: tape)
            #expect(abs(tape.array(loss)[0] - reference.losses[step]) < 2e-4 * reference.losses[step], "step \(step)")
            try tape.backward(loss)
            let norm = try optimizer.sum([gradients], pool: pool)
            optimizer.update([gradients], norm: norm, step: step, rate: schedule.factor(step), pool: pool)
            #expect(abs(norm - reference.norms[step]) < 1e-3 * reference.norms[step], "step \(step)")
        }
    }
}
