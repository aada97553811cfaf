import Foundation
import Testing

@testable import Kernels
@testable import Learning
@testable import Model
@testable import Randomness

/// The fixture that `Fixtures/multi_level_losses.py` writes.
private struct Reference: Decodable {
    let lengths, counts: [Int]
    let shift: Int
    let temperature, threshold: Float
    let states, pictures, tokens, objects, labels, losses, stateGradients: [Float]
    let parameters, gradients: [String: [Float]]

    static func read() throws -> Reference { try fixture("multi_level_losses") }
}

@Suite("Losses of multi-level pre-training against PyTorch")
struct MultiLevelLossTests {
    private func expectClose(_ got: [Float], _ expected: [Float], _ what: String) {
        #expect(got.count == expected.count)
        for (got, expected) in zip(got, expected) {
            #expect(abs(got - expected) <= 1e-5 * max(1, abs(expected)), "\(what): \(got) instead of \(expected)")
        }
    }

    private let reference: Reference
    private let heads: MultiLevelHeads
    private let parameters: TrainableParameters

    init() throws {
        reference = try Reference.read()
        var layout = ParameterLayout()
        heads = MultiLevelHeads(
            MultiLevelHeads.Shape(
                textWidth: 6, pictureWidth: 5, width: 4, matching: (4, 2), hidden: 7, nouns: 3, pooling: .mean),
            in: &layout)
        parameters = TrainableParameters(layout: layout, seed: 1) { $0.names[0].hasPrefix("teacher.") }
        for entry in layout.entries {
            let numbers = entry.names.flatMap { reference.parameters[$0] ?? [] }
            try #require(numbers.count == entry.parameter.count, "\(entry.names)")
            parameters.write(entry.parameter, numbers.span)
        }
    }

    private func forward(on tape: Tape, states: Tape.Value) throws -> MultiLevelForward {
        let pairs = ShownPairs(
            states: states, lengths: reference.lengths, pictures: reference.pictures, tokens: reference.tokens,
            objects: reference.objects, objectCounts: reference.counts)
        let question = MultiLevelForward.Question(
            shift: reference.shift, teacher: (reference.temperature, reference.threshold), dropout: 0)
        return try MultiLevelForward(heads, pairs, question, on: tape)
    }

    @Test func lossesAndGradients() throws {
        let gradients = GradientStore(parameters)
        let tape = Tape(parameters, gradients: gradients)
        let states = tape.input(rows: reference.lengths.reduce(0, +), columns: 6, reference.states)
        let forward = try forward(on: tape, states: states)
        expectClose(try #require(forward.objects).labels, reference.labels, "labels")
        var random = SeededGenerator(seed: 1)
        let terms = [
            try PairContrast(scale: heads.scale).term(forward, on: tape, random: &random),
            try PairMatching().term(forward, on: tape, random: &random),
            try ObjectLabels().term(forward, on: tape, random: &random),
        ]
        let losses = try terms.map { try #require($0) }
        expectClose(losses.map { tape.array($0)[0] }, reference.losses, "losses")
        try tape.backward(tape.add(tape.add(losses[0], losses[1]), losses[2]))
        expectClose(tape.readGradient(states), reference.stateGradients, "states")
        for entry in parameters.layout.entries {
            let expected = entry.names.flatMap { reference.gradients[$0] ?? [] }
            let got = gradients.read(entry.parameter)
            // The teacher learns nothing.
            expectClose(got, expected.isEmpty ? got.map { _ in 0 } : expected, entry.names[0])
        }
    }

    @Test func whatTheTeacherIsNotSureOfTeachesNothing() throws {
        let tape = Tape(parameters)
        let states = try tape.constant(rows: 9, columns: 6, reference.states.span)
        let objects = try #require(try forward(on: tape, states: states).objects)
        for (row, weight) in objects.weights.enumerated() {
            let isSure = objects.labels[3 * row..<3 * row + 3].contains { $0 >= reference.threshold }
            #expect((weight > 0) == isSure)
        }
        #expect(objects.weights.contains(0) && objects.weights.contains { $0 > 0 })
    }
}
