import Foundation
@testable import Kernels
@testable import Model
import Testing

@testable import Learning
@testable import Randomness

/// The fixture that `Fixtures/policy_optimisation.py` writes.
private struct Reference: Decodable {
    let logits, gradient: [Float]
    let runs, choices: [[Int]]
    let rewards, advantages, sampled, reference: [[Float]]
    let loss: Float
}

/// Actions that earned more than others of their group become more probable.
@Suite struct PolicyOptimisationTests {
    private func tape() -> Tape {
        let parameters = TrainableParameters(layout: ParameterLayout(), seed: 1)
        return Tape(parameters, gradients: GradientStore(parameters))
    }

    private func actions(_ said: Reference) -> [PolicyOptimisation.Action] {
        said.rewards.enumerated().flatMap { group, rewards in
            PolicyOptimisation.advantages(of: rewards).enumerated().map { place, advantage in
                PolicyOptimisation.Action(
                    policy: group, choice: said.choices[group][place], advantage: advantage,
                    sampled: said.sampled[group][place], reference: said.reference[group][place])
            }
        }
    }

    @Test func lossAndGradientAreThoseOfPyTorch() throws {
        let said: Reference = try fixture("policy_optimisation")
        let actions = actions(said)
        for (got, expected) in zip(actions.map(\.advantage), said.advantages.flatMap(\.self)) {
            #expect(abs(got - expected) < 1e-4)
        }
        let tape = tape()
        let logits = tape.input(rows: 1, columns: said.logits.count, said.logits)
        let loss = try tape.policyLoss(
            logits, runs: said.runs.map { $0[0]..<$0[1] }, actions, by: PolicyOptimisation())
        #expect(abs(tape.array(loss)[0] - said.loss) < 1e-5)
        try tape.backward(loss)
        for (got, expected) in zip(tape.readGradient(logits), said.gradient) { #expect(abs(got - expected) < 1e-5) }
    }

    @Test func theGradientIsThatOfCentralDifferences() throws {
        let said: Reference = try fixture("policy_optimisation")
        let (actions, runs) = (actions(said), said.runs.map { $0[0]..<$0[1] })
        let rule = PolicyOptimisation()
        func loss(_ logits: [Double]) -> Double {
            let policies = runs.map { run in
                let sum = logits[run].reduce(0) { $0 + exp($1) }
                return logits[run].map { $0 - log(sum) }
            }
            return actions.reduce(0) { sum, action in
                let now = policies[action.policy][action.choice]
                let (ratio, advantage) = (exp(now - Double(action.sampled)), Double(action.advantage))
                var gain = min(ratio * advantage, min(max(ratio, 0.8), 1.3) * advantage)
                if advantage < 0 { gain = max(gain, 3 * advantage) }
                let apart = Double(action.reference) - now
                return sum + (-gain + 0.01 * (exp(apart) - apart - 1)) / Double(actions.count)
            }
        }
        let tape = tape()
        let logits = tape.input(rows: 1, columns: said.logits.count, said.logits)
        try tape.backward(tape.policyLoss(logits, runs: runs, actions, by: rule))
        let slopes = tape.readGradient(logits)
        for place in said.logits.indices {
            var numbers = said.logits.map(Double.init)
            numbers[place] += 1e-5
            let above = loss(numbers)
            numbers[place] -= 2e-5
            #expect(abs((above - loss(numbers)) / 2e-5 - Double(slopes[place])) < 1e-5)
        }
    }

    @Test func everyBranchIsAmongTheActions() throws {
        let rule = PolicyOptimisation()
        // Free, too improbable and too probable to matter, of what earned more and less; and far too probable.
        let slopes = [(1, 1.0), (0.5, 1), (2, 1), (1, -1), (0.5, -1), (2, -1), (4, -1)].map {
            rule.loss(ratio: $0.0, advantage: $0.1).slope
        }
        #expect(slopes == [-1, -0.5, 0, 1, 0, 2, 0])
        let values = [(2, 1.0), (0.5, -1), (4, -1)].map { rule.loss(ratio: $0.0, advantage: $0.1).value }
        #expect(values.map { abs($0) }.elementsEqual([1.3, 0.8, 3]) { abs($0 - $1) < 1e-6 })
    }

    @Test func groupsThatEarnTheSameTeachNothing() throws {
        #expect(PolicyOptimisation.advantages(of: [1, 1, 1]) == [0, 0, 0])
        #expect(PolicyOptimisation.advantages(of: [1]) == [0])
        #expect(PolicyOptimisation.advantages(of: []) == [])
        let tape = tape()
        let logits = tape.input(rows: 1, columns: 3, [1, 2, 3])
        let nothing = try tape.policyLoss(logits, runs: [0..<3], [], by: PolicyOptimisation())
        #expect(tape.array(nothing) == [0])
        let other = PolicyOptimisation.Action(policy: 0, choice: 3, advantage: 1, sampled: 0, reference: 0)
        #expect(throws: ShapeError.self) {
            try tape.policyLoss(logits, runs: [0..<3], [other], by: PolicyOptimisation())
        }
    }

    /// Steps against the gradient make the rewarded action the most probable one.
    @Test func whatEarnsBecomesProbable() throws {
        var numbers: [Float] = [0.5, 0, 0, 1]
        var random = SeededGenerator(seed: 3, stream: 1)
        for _ in 0..<150 {
            let shares = numbers[...].softmax
            let group = (0..<5).map { _ in
                var left = random.uniform()
                return shares.indices.first { (place) in
                    left -= shares[place]
                    return left < 0
                } ?? 0
            }
            let advantages = PolicyOptimisation.advantages(of: group.map { $0 == 2 ? 1 : 0 })
            let actions = zip(group, advantages).map { choice, advantage in
                PolicyOptimisation.Action(
                    policy: 0, choice: choice, advantage: advantage, sampled: log(shares[choice]), reference: log(0.25))
            }
            let tape = tape()
            let logits = tape.input(rows: 1, columns: 4, numbers)
            try tape.backward(tape.policyLoss(logits, runs: [0..<4], actions, by: PolicyOptimisation()))
            numbers = zip(numbers, tape.readGradient(logits)).map { $0 - 0.3 * $1 }
        }
        #expect(numbers[...].softmax[2] > 0.9)
    }
}
