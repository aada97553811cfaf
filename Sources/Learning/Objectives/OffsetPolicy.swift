import Foundation
import Geometry
import Kernels
import Model
import Randomness

/// What gate and box head learn from their own answers (MAKAR, EMNLP 2025, section 3.3): for each entity some answers are drawn,
/// none, or a box a little beside the one that regression draws; those that are right earn 1, and become more probable than the
/// others. Right is what ``BoxPolicy`` calls so.
struct OffsetPolicy: Objective {
    let rule: PolicyOptimisation
    /// Answers drawn for each entity.
    let group: Int
    /// How answers follow from logits.
    let lines: Tape.OffsetLines
    /// Logarithms of the deviations that are learned, `1 × 4`; `nil` where they stay as the run starts.
    let deviations: Parameter?
    /// Standard deviations that the run starts with: of the centre, and of the logarithms of the sides.
    let start: BoxOffsets.Numbers

    func term(
        _ forward: EvidenceForward, on tape: Tape, random: inout SeededGenerator
    ) throws(ShapeError) -> Tape.Value? {
        guard let drawn = forward.drawn, let before = forward.start else { return nil }
        let first = start.logarithms
        let fixed = first.map(Float.init)
        var spread = try tape.constant(rows: 1, columns: 4, fixed.span)
        if let deviations { spread = try tape.gather(deviations, [0]) }
        let sources = Tape.OffsetSources(
            visible: try tape.gather(forward.result.visible, forward.result.pictured), trust: drawn.drawing.trust,
            boxes: drawn.drawing.boxes, deviations: spread)
        let policies = tape.offsetPolicies(sources, lines)
        let starts = before.policies(lines, deviations: BoxOffsets.Numbers(first))
        var actions: [Tape.OffsetAction] = []
        for (place, entity) in drawn.entities.enumerated() where entity.isVisible == false || !entity.boxes.isEmpty {
            let choices = (0..<group).map { _ in policies[place].draw(&random) }
            let rewards = choices.map { choice -> Float in
                guard let choice else { return entity.isVisible == false ? 1 : 0 }
                let box = RelativeBox(numbers: choice)
                return entity.boxes.contains { $0.overlap(box) >= 0.5 } ? 1 : 0
            }
            for (choice, advantage) in zip(choices, PolicyOptimisation.advantages(of: rewards)) {
                actions.append(
                    Tape.OffsetAction(
                        row: place, choice: choice, advantage: Double(advantage),
                        sampled: policies[place].logProbability(of: choice).value, start: starts[place]))
            }
        }
        return actions.isEmpty ? nil : try tape.offsetPolicyLoss(sources, lines, actions, by: rule)
    }
}

extension BoxOffsets {
    /// Draws an answer.
    func draw(_ random: inout SeededGenerator) -> Action {
        guard Double(random.uniform()) < share else { return nil }
        var noise = Numbers()
        for place in 0..<4 { noise[place] = Double(random.normal()) }
        return mean + Numbers.exp(logDeviation) * noise
    }
}

extension RelativeBox {
    /// The box of centre x and y and the logarithms of its sides, cut at the picture's edges.
    init(numbers: BoxOffsets.Numbers) {
        func edge(_ place: Double) -> Float { Float(min(max(place, 0), 1)) }
        let (width, height) = (exp(numbers[2]), exp(numbers[3]))
        self.init(
            x1: edge(numbers[0] - width / 2), y1: edge(numbers[1] - height / 2), x2: edge(numbers[0] + width / 2),
            y2: edge(numbers[1] + height / 2))
    }
}

extension SIMD4<Double> {
    /// The logarithm of each.
    var logarithms: [Double] { (0..<4).map { log(self[$0]) } }
}
