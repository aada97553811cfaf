@testable import Geometry
@testable import Kernels
@testable import Model
import Testing

@testable import Learning

/// The fixture that `Fixtures/heads_parity.py` writes: one reference for each head.
private struct Reference: Decodable {
    let inputs: [String: [Float]]
    let values: [String: [Float]]
    let results: [String: [Float]]
    let loss: Float
    let gradients: [String: [Float]]
    let losses: [Float]
    let norms: [Float]

    static func read(_ head: String) throws -> Reference {
        let all: [String: Reference] = try fixture("heads_parity")
        return try #require(all[head])
    }

    /// Numbers that go in, as a matrix that nothing is learned through.
    func matrix(_ name: String, columns: Int, on tape: Tape) throws -> Tape.Value {
        let numbers = try #require(inputs[name])
        return try tape.constant(rows: numbers.count / columns, columns: columns, numbers.span)
    }
}

/// A head with a loss on top: what it computes, by the fixture's names.
private protocol HeadUnderTest {
    static var name: String { get }
    init(in layout: inout ParameterLayout)
    func results(_ reference: Reference, on tape: Tape) throws -> [String: Tape.Value]
    func loss(_ results: [String: Tape.Value], _ reference: Reference, on tape: Tape) throws -> Tape.Value
}

private let width = 8
private let grid = 2

private struct ReaderUnderTest: HeadUnderTest {
    static let name = "reader"
    private let reader: EvidenceReader

    init(in layout: inout ParameterLayout) {
        reader = EvidenceReader(
            EvidenceConfiguration(width: width, heads: 2, layers: 2, pictureLayers: 1), queryWidth: 6, textWidth: 3,
            pictureWidth: 5, places: 5, typeCount: 3, in: &layout)
    }

    func results(_ reference: Reference, on tape: Tape) throws -> [String: Tape.Value] {
        let pictures = try reader.see(pictures: reference.matrix("tokens", columns: 5, on: tape), on: tape)
        let words = try reader.see(words: reference.matrix("alt", columns: 3, on: tape), on: tape)
        let evidence = try reader.gather(
            pictures: pictures, isPictured: [true, false, true, false], words: words, wordCounts: [0, 2, 1, 0],
            on: tape)
        return [
            "states": try reader.read(
                EvidenceReader.Rows(reference.matrix("queries", columns: 6, on: tape), lengths: [1, 2, 2, 1]),
                kinds: [0, 2, 1, 1, 0, 2], evidence: evidence, on: tape)
        ]
    }

    func loss(_ results: [String: Tape.Value], _ reference: Reference, on tape: Tape) throws -> Tape.Value {
        try tape.softCrossEntropy(#require(results["states"]), #require(reference.inputs["targets"]))
    }
}

private struct GateUnderTest: HeadUnderTest {
    static let name = "gate"
    private let gate: VisibilityGate

    init(in layout: inout ParameterLayout) {
        gate = VisibilityGate(width: width, patches: grid * grid, in: &layout)
    }

    func results(_ reference: Reference, on tape: Tape) throws -> [String: Tape.Value] {
        [
            "visible": try gate.logits(
                gate.known(
                    reference.matrix("states", columns: width, on: tape),
                    pictureMatch: reference.matrix("picture", columns: width, on: tape),
                    altMatch: reference.matrix("alt", columns: width, on: tape),
                    masks: reference.matrix("masks", columns: grid * grid, on: tape), on: tape), on: tape)
        ]
    }

    func loss(_ results: [String: Tape.Value], _ reference: Reference, on tape: Tape) throws -> Tape.Value {
        try tape.binaryCrossEntropy(
            #require(results["visible"]), #require(reference.inputs["targets"]), weights: reference.inputs["weights"])
    }
}

private struct PriorUnderTest: HeadUnderTest {
    static let name = "prior"
    private let prior: VisibilityPrior

    init(in layout: inout ParameterLayout) {
        prior = VisibilityPrior(queryWidth: 6, typeCount: 3, width: width, in: &layout)
    }

    func results(_ reference: Reference, on tape: Tape) throws -> [String: Tape.Value] {
        let queries = try reference.matrix("queries", columns: 6, on: tape)
        return ["visible": try prior.logits(queries, kinds: [0, 2, 1, 1, 0], on: tape)]
    }

    func loss(_ results: [String: Tape.Value], _ reference: Reference, on tape: Tape) throws -> Tape.Value {
        try tape.binaryCrossEntropy(#require(results["visible"]), #require(reference.inputs["targets"]))
    }
}

private struct BoxUnderTest: HeadUnderTest {
    static let name = "box"
    private let head: BoxHead

    init(in layout: inout ParameterLayout) {
        head = BoxHead(width: width, grid: grid, in: &layout)
    }

    func results(_ reference: Reference, on tape: Tape) throws -> [String: Tape.Value] {
        let patches = try reference.matrix("patches", columns: width, on: tape)
        let drawing = try head.draw(
            reference.matrix("states", columns: width, on: tape), patches: patches,
            extents: head.extents(patches, on: tape), entities: [2, 1], on: tape)
        return ["masks": drawing.masks, "boxes": drawing.boxes, "trust": drawing.trust]
    }

    func loss(_ results: [String: Tape.Value], _ reference: Reference, on tape: Tape) throws -> Tape.Value {
        let corners = try #require(reference.inputs["boxes"])
        let targets = stride(from: 0, to: corners.count, by: 4).map {
            RelativeBox(x1: corners[$0], y1: corners[$0 + 1], x2: corners[$0 + 2], y2: corners[$0 + 3])
        }
        let masks = try tape.binaryCrossEntropy(
            #require(results["masks"]), #require(reference.inputs["coverage"]))
        let trust = try tape.binaryCrossEntropy(#require(results["trust"]), #require(reference.inputs["targets"]))
        return try tape.add(tape.boxLoss(#require(results["boxes"]), targets), tape.add(masks, trust))
    }
}

/// The second stage, which is told by a term of the gate's logit whether an entity is there.
private struct ChoiceBesideAGate: HeadUnderTest {
    static let name = "seen"
    private let choice: CandidateChoice

    init(in layout: inout ParameterLayout) { choice = .underTest(.seen, in: &layout) }

    func results(_ reference: Reference, on tape: Tape) throws -> [String: Tape.Value] {
        let chosen = try choice.chosen(reference, on: tape)
        return ["scores": chosen.scores, "presence": try #require(chosen.presence)]
    }

    func loss(_ results: [String: Tape.Value], _ reference: Reference, on tape: Tape) throws -> Tape.Value {
        let wanted = try #require(reference.inputs["scoreTargets"])
        return try tape.add(
            tape.binaryCrossEntropy(
                #require(results["presence"]), #require(reference.inputs["presenceTargets"])),
            tape.binaryCrossEntropy(#require(results["scores"]), wanted.map { $0 > 0 ? 1 : 0 }))
    }
}

/// The same with one candidate for being nowhere.
private struct ChoiceWithNowhere: HeadUnderTest {
    static let name = "nowhere"
    private let choice: CandidateChoice

    init(in layout: inout ParameterLayout) { choice = .underTest(.nowhere, in: &layout) }

    func results(_ reference: Reference, on tape: Tape) throws -> [String: Tape.Value] {
        let chosen = try choice.chosen(reference, on: tape)
        return ["scores": chosen.scores, "nowhere": try #require(chosen.nowhere)]
    }

    func loss(_ results: [String: Tape.Value], _ reference: Reference, on tape: Tape) throws -> Tape.Value {
        let (scores, nowhere) = (try #require(results["scores"]), try #require(results["nowhere"]))
        let wanted = try #require(reference.inputs["scoreTargets"])
        var rows: [Int32] = []
        var targets: [Float] = []
        var runs: [Range<Int>] = []
        for (entity, range) in [0..<4, 4..<8, 8..<10].enumerated() {
            runs.append(rows.count..<rows.count + range.count + 1)
            rows += range.map(Int32.init) + [Int32(10 + entity)]
            targets += wanted[range] + [0.25]
        }
        let logits = try tape.gather(tape.concatenateRows([scores, nowhere]), rows)
        return try tape.softCrossEntropy(logits, targets, runs: runs)
    }
}

extension CandidateChoice {
    fileprivate static func underTest(
        _ presence: CandidatePresence, in layout: inout ParameterLayout
    ) -> CandidateChoice {
        CandidateChoice(
            CandidateConfiguration(
                anchors: [RelativeBox(x1: 0.2, y1: 0.3, x2: 1, y2: 0.9)], units: 3, regions: true, presence: presence),
            width: width, textWidth: 3, grid: 2, in: &layout)
    }

    fileprivate func chosen(_ reference: Reference, on tape: Tape) throws -> Choice<Tape.Value> {
        let seen = [
            SeenRegion(box: RelativeBox(x1: 0.1, y1: 0, x2: 0.4, y2: 1), label: "a", score: 0.5),
            SeenRegion(box: RelativeBox(x1: 0.1, y1: 0.2, x2: 0.3, y2: 0.3), label: "b", text: "c"),
        ]
        let drawing = BoxHead.Drawing(
            masks: try reference.matrix("masks", columns: 4, on: tape),
            boxes: try reference.matrix("boxes", columns: 4, on: tape),
            trust: try reference.matrix("trust", columns: 1, on: tape))
        let sources = Sources(
            states: try reference.matrix("states", columns: width, on: tape), drawing: drawing,
            extents: try reference.matrix("extents", columns: width, on: tape), pictureOfEntity: [0, 0, 1],
            regions: RegionBatch(
                regions: [seen, []], labels: try reference.matrix("labels", columns: 3, on: tape),
                matches: [[0.5, 0], [0, 1], []]))
        return try #require(
            try choose(sources, propose: { (rows) throws(ShapeError) in try tape.columns(rows, 0..<4) }, on: tape))
    }
}

@Suite("Evidence reader, gate, box head and second stage in PyTorch")
struct HeadsParityTests {
    @Test func evidenceReader() throws { try check(ReaderUnderTest.self) }
    @Test func visibilityGate() throws { try check(GateUnderTest.self) }
    @Test func visibilityPrior() throws { try check(PriorUnderTest.self) }
    @Test func boxHead() throws { try check(BoxUnderTest.self) }
    @Test func secondStage() throws { try check(ChoiceBesideAGate.self) }
    @Test func secondStageWithNowhere() throws { try check(ChoiceWithNowhere.self) }

    /// Results, loss, every gradient, then ten steps of AdamW with clipping, warm-up and decay.
    private func check<Head: HeadUnderTest>(_ kind: Head.Type) throws {
        let reference = try Reference.read(Head.name)
        var layout = ParameterLayout()
        let head = Head(in: &layout)
        let parameters = TrainableParameters(layout: layout, seed: 1)
        #expect(Set(layout.entries.map { $0.names[0] }) == Set(reference.values.keys))
        for entry in layout.entries {
            let numbers = try #require(reference.values[entry.names[0]], "\(entry.names)")
            try #require(numbers.count == entry.parameter.count, "\(entry.names)")
            parameters.write(entry.parameter, numbers.span)
        }

        let gradients = GradientStore(parameters)
        let tape = Tape(parameters, gradients: gradients)
        let results = try head.results(reference, on: tape)
        #expect(results.count == reference.results.count)
        for (name, result) in results {
            expectClose(tape.array(result), try #require(reference.results[name]), name)
        }
        let loss = try head.loss(results, reference, on: tape)
        expectClose(tape.array(loss), [reference.loss], "loss")
        try tape.backward(loss)
        for entry in layout.entries {
            let name = entry.names[0]
            expectClose(gradients.read(entry.parameter), try #require(reference.gradients[name]), "gradient of \(name)")
        }
        try train(head, reference, parameters, gradients, tape)
    }

    private func train(
        _ head: some HeadUnderTest, _ reference: Reference, _ parameters: TrainableParameters,
        _ gradients: GradientStore, _ tape: Tape
    ) throws {
        let groups = parameters.layout.entries.map { entry in
            ParameterGroup(rate: 0.02, decay: entry.kind == .vector ? 0 : 0.1)
        }
        let optimizer = AdamW(parameters, groups: groups)
        let schedule = LearningRateSchedule(steps: 10, warmup: 0.31)
        let pool = WorkerPool(workers: 2)
        try #require(reference.losses.count == 10 && reference.losses[9] < 0.9 * reference.losses[0])
        for step in 0..<10 {
            gradients.reset()
            tape.reset()
            let loss = try head.loss(head.results(reference, on: tape), reference, on: tape)
            #expect(abs(tape.array(loss)[0] - reference.losses[step]) < 2e-4 * reference.losses[step], "step \(step)")
            try tape.backward(loss)
            let norm = try optimizer.sum([gradients], pool: pool)
            optimizer.update([gradients], norm: norm, step: step, rate: schedule.factor(step), pool: pool)
            #expect(abs(norm - reference.norms[step]) < 1e-3 * reference.norms[step], "step \(step)")
        }
    }
}
