import Foundation
@testable import Geometry
@testable import Kernels
@testable import Model
import Testing

@testable import Learning
@testable import Randomness

/// The fixture that `Fixtures/offset_policy.py` writes.
private struct Reference: Decodable {
    struct Numbers: Decodable { let visible, trust, boxes, deviations: [Double] }

    let visible, trust, boxes, deviations: [Double]
    let start, gradients: Numbers
    let isBox, advantages, probabilities, sampled: [[Double]]
    let numbers: [[[Double]]]
    let divergence: [Double]
    let loss: Double

    var lines: Tape.OffsetLines {
        Tape.OffsetLines(gate: Calibration(scale: 0.7, shift: 0.3), trust: Calibration(scale: 1.4, shift: -0.2))
    }

    var rule: PolicyOptimisation {
        var rule = PolicyOptimisation()
        rule.divergence = 0.05
        return rule
    }

    /// The policies that the run starts from.
    var starts: [BoxOffsets] {
        OffsetStart(
            visible: start.visible.map(Float.init), trust: start.trust.map(Float.init),
            boxes: start.boxes.map(Float.init)
        ).policies(lines, deviations: BoxOffsets.Numbers(start.deviations))
    }

    var actions: [Tape.OffsetAction] {
        isBox.indices.flatMap { row in
            isBox[row].indices.map { place in
                Tape.OffsetAction(
                    row: row, choice: isBox[row][place] > 0 ? BoxOffsets.Numbers(numbers[row][place]) : nil,
                    advantage: advantages[row][place], sampled: sampled[row][place], start: starts[row])
            }
        }
    }

    func sources(on tape: Tape) -> Tape.OffsetSources {
        func input(_ numbers: [Double], columns: Int) -> Tape.Value {
            tape.input(rows: numbers.count / columns, columns: columns, numbers.map(Float.init))
        }
        return Tape.OffsetSources(
            visible: input(visible, columns: 1), trust: input(trust, columns: 1), boxes: input(boxes, columns: 4),
            deviations: input(deviations, columns: 4))
    }
}

/// None, or a box beside the one that is drawn: answers that earned more than others become more probable.
@Suite struct OffsetPolicyTests {
    private func tape() -> Tape {
        let parameters = TrainableParameters(layout: ParameterLayout(), seed: 1)
        return Tape(parameters, gradients: GradientStore(parameters))
    }

    @Test func probabilitiesAndDivergenceAreThoseOfPyTorch() throws {
        let said: Reference = try fixture("offset_policy")
        let tape = tape()
        let policies = tape.offsetPolicies(said.sources(on: tape), said.lines)
        for action in said.actions.enumerated() {
            let (row, place) = (action.offset / 6, action.offset % 6)
            let got = policies[row].logProbability(of: action.element.choice).value
            #expect(abs(got - said.probabilities[row][place]) < 1e-4 * max(1, abs(got)))
        }
        for (row, expected) in said.divergence.enumerated() {
            #expect(abs(policies[row].divergence(from: said.starts[row]).value - expected) < 1e-4 * max(1, expected))
        }
    }

    @Test func lossAndGradientsAreThoseOfPyTorch() throws {
        let said: Reference = try fixture("offset_policy")
        let tape = tape()
        let sources = said.sources(on: tape)
        let loss = try tape.offsetPolicyLoss(sources, said.lines, said.actions, by: said.rule)
        #expect(abs(Double(tape.array(loss)[0]) - said.loss) < 1e-4 * max(1, abs(said.loss)))
        try tape.backward(loss)
        let expected = [
            said.gradients.visible, said.gradients.trust, said.gradients.boxes, said.gradients.deviations,
        ]
        for (source, expected) in zip(sources.all, expected) {
            expectClose(tape.readGradient(source), expected.map(Float.init), "gradient", within: 2e-4)
        }
    }

    /// Each slope of a log-probability and of a divergence, by central differences.
    @Test func slopesAreThoseOfCentralDifferences() {
        let start = BoxOffsets(decision: -0.4, mean: [0.4, 0.6, -1.2, -0.3], logDeviation: [-3, -2.8, -2, -1.5])
        let policy = BoxOffsets(decision: 0.7, mean: [0.42, 0.55, -1, -0.5], logDeviation: [-2.9, -3, -1.7, -1.6])
        let action: BoxOffsets.Numbers = [0.45, 0.5, -1.1, -0.2]
        for (got, function) in [
            (policy.logProbability(of: action), { $0.logProbability(of: action).value }),
            (policy.logProbability(of: nil), { $0.logProbability(of: nil).value }),
            (policy.divergence(from: start), { $0.divergence(from: start).value }),
        ] as [(BoxOffsets.Sloped, (BoxOffsets) -> Double)] {
            func slope(_ move: (inout BoxOffsets, Double) -> Void) -> Double {
                var (above, below) = (policy, policy)
                move(&above, 1e-5)
                move(&below, -1e-5)
                return (function(above) - function(below)) / 2e-5
            }
            func isClose(_ got: Double, _ expected: Double) -> Bool {
                abs(got - expected) < 1e-6 * max(1, abs(expected))
            }
            #expect(isClose(got.decision, slope { $0.decision += $1 }))
            for place in 0..<4 {
                #expect(isClose(got.mean[place], slope { $0.mean[place] += $1 }))
                #expect(isClose(got.logDeviation[place], slope { $0.logDeviation[place] += $1 }))
            }
        }
        #expect(policy.divergence(from: policy).value == 0 && policy.divergence(from: start).value > 0)
    }

    /// The mode of a policy is what the filter answers.
    @Test(arguments: [(2, 0.5), (0.2, 3), (0.4, -1), (-1, 2), (0.05, 4)] as [(Float, Float)])
    func aBoxIsProbableWhereItPays(visible: Float, trust: Float) {
        let lines = Tape.OffsetLines(gate: Calibration(scale: 0.9, shift: 0.1), trust: Calibration(shift: -0.3))
        let pays = BoxHead.pays(
            visible: lines.gate.probability(visible), trust: lines.trust.probability(trust))
        #expect((lines.decision(visible: visible, trust: trust).value > 0) == pays)
    }

    @Test func answersAreDrawnAsProbablyAsThePolicyHasThem() {
        let policy = BoxOffsets(decision: 0.8, mean: [0.4, 0.6, -1, -0.5], logDeviation: [-3, -2.5, -2, -1.5])
        var random = SeededGenerator(seed: 4, stream: 2)
        let drawn = (0..<20_000).map { _ in policy.draw(&random) }
        let boxes = drawn.compactMap(\.self)
        #expect(abs(Double(boxes.count) / 20_000 - 1 / (1 + exp(-0.8))) < 0.01)
        let mean = boxes.reduce(BoxOffsets.Numbers(), +) / Double(boxes.count)
        let spread = boxes.reduce(BoxOffsets.Numbers()) { $0 + ($1 - mean) * ($1 - mean) } / Double(boxes.count)
        for place in 0..<4 {
            let deviation = exp(policy.logDeviation[place])
            #expect(abs(mean[place] - policy.mean[place]) < 0.05 * deviation)
            #expect(abs(spread[place].squareRoot() - deviation) < 0.03 * deviation)
        }
        // The same stream gives the same answers.
        var again = SeededGenerator(seed: 4, stream: 2)
        #expect((0..<50).map { _ in policy.draw(&again) } == Array(drawn[..<50]))
    }

    @Test func boxesAreCutAtTheEdges() {
        let box = RelativeBox(numbers: [0.1, 0.5, log(0.4), log(2)])
        #expect(box.x1 == 0 && abs(box.x2 - 0.3) < 1e-6 && box.y1 == 0 && box.y2 == 1)
        let outside = RelativeBox(numbers: [3, -2, log(0.1), log(0.1)])
        #expect(outside.area == 0 && outside.overlap(.whole) == 0)
    }

    @Test func answersOfNobodyAreRefused() throws {
        let said: Reference = try fixture("offset_policy")
        let tape = tape()
        let sources = said.sources(on: tape)
        #expect(tape.array(try tape.offsetPolicyLoss(sources, said.lines, [], by: said.rule)) == [0])
        var action = said.actions[0]
        action.row = 3
        #expect(throws: ShapeError.self) {
            try tape.offsetPolicyLoss(sources, said.lines, [action], by: said.rule)
        }
        let swapped = Tape.OffsetSources(
            visible: sources.boxes, trust: sources.trust, boxes: sources.boxes, deviations: sources.deviations)
        #expect(throws: ShapeError.self) {
            try tape.offsetPolicyLoss(swapped, said.lines, said.actions, by: said.rule)
        }
    }

    /// Steps against the gradient move box and decision to what is rewarded, and deviations that learn get smaller there.
    @Test func whatEarnsBecomesProbable() throws {
        let wanted = RelativeBox(x1: 0.3, y1: 0.3, x2: 0.7, y2: 0.7)
        var numbers: [[Float]] = [[-0.5], [0], [0.9, -0.4, -0.9, 0.2], [-2.5, -2.5, -1.5, -1.5]]
        var random = SeededGenerator(seed: 3, stream: 1)
        let lines = Tape.OffsetLines()
        var first: BoxOffsets?
        func policy() -> BoxOffsets {
            OffsetStart(visible: numbers[0], trust: numbers[1], boxes: numbers[2])
                .policies(lines, deviations: BoxOffsets.Numbers(numbers[3].map(Double.init)))[0]
        }
        func earns(_ choice: BoxOffsets.Action) -> Float {
            choice.map { RelativeBox(numbers: $0).overlap(wanted) >= 0.5 ? 1 : 0 } ?? 0
        }
        func mean() -> Float { earns(policy().mean) }
        #expect(mean() == 0)
        for _ in 0..<400 {
            let now = policy()
            let start = first ?? now
            first = start
            let choices = (0..<8).map { _ in now.draw(&random) }
            let advantages = PolicyOptimisation.advantages(of: choices.map(earns))
            let actions = zip(choices, advantages).map {
                Tape.OffsetAction(
                    row: 0, choice: $0, advantage: Double($1), sampled: now.logProbability(of: $0).value, start: start)
            }
            let tape = tape()
            let sources = Tape.OffsetSources(
                visible: tape.input(rows: 1, columns: 1, numbers[0]),
                trust: tape.input(rows: 1, columns: 1, numbers[1]),
                boxes: tape.input(rows: 1, columns: 4, numbers[2]),
                deviations: tape.input(rows: 1, columns: 4, numbers[3]))
            var rule = PolicyOptimisation()
            rule.divergence = 0
            try tape.backward(tape.offsetPolicyLoss(sources, lines, actions, by: rule))
            for (place, source) in sources.all.enumerated() {
                numbers[place] = zip(numbers[place], tape.readGradient(source)).map { $0 - 0.03 * $1 }
            }
        }
        #expect(mean() == 1 && policy().decision > 0)
    }
}
