@testable import Kernels
@testable import Model
import Testing
@testable import Text

@testable import Learning

/// The fixture that `Fixtures/fusion_parity.py` writes: one reference for each fusion.
private struct Reference: Decodable {
    let inputs: [String: [Float]]
    let targets: [String: [Float]]
    let values: [String: [Float]]
    let results: [String: [Float]]
    let loss: Float
    let gradients: [String: [Float]]

    static func read(_ method: String) throws -> Reference {
        let all: [String: Reference] = try fixture("fusion_parity")
        return try #require(all[method])
    }

    func matrix(_ name: String, columns: Int, on tape: Tape) throws -> Tape.Value {
        let numbers = try #require(inputs[name])
        return try tape.constant(rows: numbers.count / columns, columns: columns, numbers.span)
    }
}

private let texts = TextEncoderConfiguration(
    family: .bert, width: 8, layers: 2, heads: 2, innerWidth: 16, vocabularySize: 7, positions: 8, segments: 2,
    epsilon: 1e-6)
private let pictures = PatchEncoderConfiguration(
    family: .dinov2, width: 5, layers: 1, heads: 1, innerRatio: 2, imageSize: 4, patchSize: 2)

/// A method's fusion and head over words of four posts: with a picture, with an alternative text, with both, with neither.
private struct FusionUnderTest<M: FusionMethod> {
    private(set) var layout = ParameterLayout()
    private let words: WordReader
    private let fusion: M.Part
    private let head: any TagHead

    init(_ configuration: M.Part.Configuration, _ head: M.Head.Configuration = .init(), types: TypeInventory = .coarse)
    {
        let shapes = ModelShapes(text: texts, picture: pictures, tags: TagSet(types))
        words = WordReader(WordConfiguration(shapes: 0), encoder: texts, in: &layout)
        self.head = M.Head(head, shapes, in: &layout)
        fusion = M.Part(configuration, shapes, in: &layout)
    }

    func results(_ reference: Reference, on tape: Tape) throws -> [String: Tape.Value] {
        var batch = PieceBatch()
        batch.ids = [2, 5, 6, 1, 4, 3, 2]
        batch.lengths = [2, 1, 3, 1]
        batch.words = (0..<7).map { $0..<$0 + 1 }
        let toFuse = WordsToFuse<Tape>(try reference.matrix("words", columns: 8, on: tape), lengths: batch.lengths) {
            (prefix) throws(ShapeError) in
            try words.states(batch, prefix: prefix, on: tape)
        }
        let evidence = ShownEvidence(
            tokens: try reference.matrix("tokens", columns: 5, on: tape), tokenCounts: [3, 0, 2, 0],
            alt: try reference.matrix("alt", columns: 8, on: tape), altCounts: [0, 2, 1, 0])
        var results: [String: Tape.Value] = [:]
        let fused = try fusion.fuse(toFuse, evidence: evidence, dropout: 0, on: tape) { results["\($0)"] = $1 }
        results["fused"] = fused
        let scores = try head.score(fused, lengths: batch.lengths, evidence: evidence, dropout: 0, on: tape)
        for (index, sheet) in scores.sheets.enumerated() {
            results[index == 0 ? "scores" : "scores\(index)"] = sheet.rows
        }
        return results
    }
}

@Suite("Fusions in PyTorch")
struct FusionParityTests {
    @Test func gatedFusion() throws { try check(FusionUnderTest<GatedFusion>(.init(width: 6, heads: 2))) }
    @Test func umt() throws { try check(FusionUnderTest<UMT>(.init(width: 6, heads: 2))) }
    @Test func ita() throws { try check(FusionUnderTest<ITA>(.init(width: 6, heads: 2, space: 3))) }
    @Test func prefix() throws {
        try check(FusionUnderTest<Prefix>(.init(width: 6, heads: 2, tokens: 2, layers: 1)))
    }

    @Test func dseHof() throws {
        try check(FusionUnderTest<DSEHOF>(.init(width: 6, temperature: 0.3)))
    }
    @Test func minige() throws {
        try check(FusionUnderTest<Minige>(.init(width: 6, heads: 2, sharpness: .learned, limit: 0.4)))
    }

    /// Spans of at most two words.
    @Test func span() throws {
        try check(FusionUnderTest<SpanMethod>(.init(width: 6, heads: 2), .init(width: 5, longest: 2, nested: false)))
    }

    @Test func mqspn() throws {
        try check(FusionUnderTest<MQSPN>(.init(), .init(width: 6, heads: 2, layers: 2, queries: 3)))
    }

    /// Two coarse types, of two and three fine ones.
    private static let fine = [("place", ["city", "road"]), ("person", ["actor", "author", "coach"])]

    @Test func fine() throws {
        let types = try TypeInventory(children: Self.fine.map { (parent: $0.0, names: $0.1) })
        try check(FusionUnderTest<Fine>(.init(width: 6, heads: 2), types: types))
    }

    @Test func gem() throws {
        let types = try TypeInventory(children: Self.fine.map { (parent: $0.0, names: $0.1) })
        try check(FusionUnderTest<GEM>(.init(width: 6, heads: 2), .init(strength: 0.7), types: types))
    }

    /// Results, a loss over all that is scored and noted, and the gradient of every parameter that takes part.
    private func check<M: FusionMethod>(_ fusion: FusionUnderTest<M>) throws {
        let reference = try Reference.read(M.name)
        let parameters = TrainableParameters(layout: fusion.layout, seed: 1)
        let known = fusion.layout.entries.filter { reference.values[$0.names[0]] != nil }
        #expect(known.count == reference.values.count)
        for entry in known {
            let numbers = try #require(reference.values[entry.names[0]])
            try #require(numbers.count == entry.parameter.count, "\(entry.names)")
            parameters.write(entry.parameter, numbers.span)
        }
        let gradients = GradientStore(parameters)
        let tape = Tape(parameters, gradients: gradients)
        let results = try fusion.results(reference, on: tape)
        #expect(Set(results.keys) == Set(reference.results.keys))
        for (name, result) in results {
            expectClose(tape.array(result), try #require(reference.results[name]), name)
        }
        var loss: Tape.Value?
        for (name, targets) in reference.targets.sorted(by: { $0.key < $1.key }) {
            let term = try tape.binaryCrossEntropy(#require(results[name]), targets)
            loss = try loss.map { try tape.add($0, term) } ?? term
        }
        let total = try #require(loss)
        expectClose(tape.array(total), [reference.loss], "loss")
        try tape.backward(total)
        for entry in fusion.layout.entries {
            let name = entry.names[0]
            let got = gradients.read(entry.parameter)
            // What the reference does not have takes no part: tables of words that are given, chains.
            let expected = reference.gradients[name] ?? [Float](repeating: 0, count: got.count)
            expectClose(got, expected, "gradient of \(name)")
        }
    }
}
