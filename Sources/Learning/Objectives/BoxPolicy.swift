import Foundation
import Geometry
import Kernels
import Model
import Randomness

/// What the second stage learns from its own choices (MAKAR, EMNLP 2025, section 3.3, in the size of this model): for each entity
/// some candidates, or its being nowhere, are drawn as probably as the stage has them; those that are right earn 1, and become
/// more probable than the others.
///
/// Right is a box that overlaps one of the entity's by half, or being nowhere where the entity cannot be seen. Where all that were
/// drawn earn the same, there is nothing to learn: posts that are easy, or hopeless, leave by themselves.
struct BoxPolicy: Objective {
    let rule: PolicyOptimisation
    /// Draws for each entity.
    let group: Int

    func term(
        _ forward: EvidenceForward, on tape: Tape, random: inout SeededGenerator
    ) throws(ShapeError) -> Tape.Value? {
        guard let drawn = forward.drawn, let choice = drawn.choice, let nowhere = choice.nowhere,
            let reference = forward.reference
        else { return nil }
        let policies = choice.candidates.policies
        let logits = try tape.gather(tape.concatenateRows([choice.scores, nowhere]), policies.rows)
        let now = tape.array(logits)
        let before = policies.rows.map { reference[Int($0)] }
        var actions: [PolicyOptimisation.Action] = []
        for (place, (run, entity)) in zip(policies.runs, drawn.entities).enumerated()
        where run.count > 2 && (entity.isVisible == false || !entity.boxes.isEmpty) {
            let candidates = Array(choice.candidates.all[choice.candidates.ranges[place]])
            let (power, start) = (Self.logSoftmax(now[run]), Self.logSoftmax(before[run]))
            let choices = (0..<group).map { _ in Self.draw(power, &random) }
            let rewards = choices.map { choice -> Float in
                guard choice < candidates.count else { return entity.isVisible == false ? 1 : 0 }
                return entity.boxes.contains { $0.overlap(candidates[choice].box) >= 0.5 } ? 1 : 0
            }
            for (choice, advantage) in zip(choices, PolicyOptimisation.advantages(of: rewards)) {
                actions.append(
                    PolicyOptimisation.Action(
                        policy: place, choice: choice, advantage: advantage, sampled: power[choice],
                        reference: start[choice]))
            }
        }
        return actions.isEmpty ? nil : try tape.policyLoss(logits, runs: policies.runs, actions, by: rule)
    }

    private static func logSoftmax(_ logits: ArraySlice<Float>) -> [Float] {
        let top = logits.max() ?? 0
        let sum = log(logits.reduce(Float(0)) { $0 + exp($1 - top) })
        return logits.map { $0 - top - sum }
    }

    private static func draw(_ logarithms: [Float], _ random: inout SeededGenerator) -> Int {
        var left = random.uniform()
        for (place, logarithm) in logarithms.enumerated() {
            left -= exp(logarithm)
            if left < 0 { return place }
        }
        return logarithms.count - 1
    }
}
