import Foundation
@testable import Model
@testable import Kernels
import Testing

@testable import Learning
@testable import Geometry
@testable import Randomness

/// The fixture that `Fixtures/evidence_losses.py` writes.
private struct Reference: Decodable {
    let logits, targets, weights, boxGradient, gate, labels, gateGradient: [Float]
    let boxLoss, gateLoss: Float

    static func read() throws -> Reference { try fixture("evidence_losses") }
}

@Suite("Losses of box head and gate against PyTorch")
struct EvidenceLossTests {
    private func expectClose(_ got: [Float], _ expected: [Float]) {
        for (got, expected) in zip(got, expected) {
            #expect(abs(got - expected) <= 2e-4 * max(1, abs(expected)), "\(got) instead of \(expected)")
        }
    }

    @Test func boxes() throws {
        let reference = try Reference.read()
        let parameters = TrainableParameters(layout: ParameterLayout(), seed: 1)
        let tape = Tape(parameters, gradients: GradientStore(parameters))
        let logits = tape.input(rows: reference.weights.count, columns: 4, reference.logits)
        let targets = stride(from: 0, to: reference.targets.count, by: 4).map {
            RelativeBox(
                x1: reference.targets[$0], y1: reference.targets[$0 + 1], x2: reference.targets[$0 + 2],
                y2: reference.targets[$0 + 3])
        }
        let loss = try tape.boxLoss(logits, targets, weights: reference.weights)
        expectClose(tape.array(loss), [reference.boxLoss])
        try tape.backward(loss)
        expectClose(tape.readGradient(logits), reference.boxGradient)
    }

    @Test func gate() throws {
        let reference = try Reference.read()
        let parameters = TrainableParameters(layout: ParameterLayout(), seed: 1)
        let tape = Tape(parameters, gradients: GradientStore(parameters))
        let logits = tape.input(rows: reference.gate.count, columns: 1, reference.gate)
        let loss = try tape.binaryCrossEntropy(logits, reference.labels, weights: reference.weights)
        expectClose(tape.array(loss), [reference.gateLoss])
        try tape.backward(loss)
        expectClose(tape.readGradient(logits), reference.gateGradient)
    }
}

@Suite("What is measured of gate and box head")
struct EvidenceScoreTests {
    private func prediction(_ logit: Float, _ isVisible: Bool?) -> EvidencePrediction {
        EvidencePrediction(
            post: 0,
            entity: EvidencePost.Entity(words: 0..<1, typeIndex: 0, isVisible: isVisible, boxes: [], isPerson: false),
            logit: logit)
    }

    @Test func areaUnderTheCurveCountsPairs() {
        var generator = SeededGenerator(seed: 8)
        // Rounded, so that there are ties; entities that nobody looked for do not count.
        let predictions = (0..<60).map { _ in
            prediction((generator.normal() * 2).rounded(), generator.uniform() < 0.4)
        }
        var (won, pairs) = (0.0, 0.0)
        for seen in predictions where seen.entity.isVisible == true {
            for hidden in predictions where hidden.entity.isVisible == false {
                pairs += 1
                won += seen.logit > hidden.logit ? 1 : seen.logit == hidden.logit ? 0.5 : 0
            }
        }
        let score = VisibilityScore(predictions + [prediction(9, nil)], calibration: Calibration())
        #expect(score.count == 60)
        #expect(abs(score.auc - won / pairs) < 1e-9)
    }

    @Test func aLogitThatIsNoNumberIsScoredAllTheSame() {
        let predictions = [prediction(.nan, true), prediction(1, false), prediction(.infinity, true)]
        let score = VisibilityScore(predictions, calibration: Calibration())
        #expect(score.count == 3)
        #expect(score.auc == 0.5)
    }

    @Test func accuracyAndCalibrationOfAGateThatIsTooSure() {
        // Three of four right at probability .9526 in one bin, and one at one half in another: 0.5 is no yes.
        let predictions = [(3, true), (3, true), (3, true), (3, false), (0, true)].map {
            prediction(Float($0.0), $0.1)
        }
        let score = VisibilityScore(predictions, calibration: Calibration())
        #expect(score.accuracy == 0.6)
        #expect(abs(score.calibrationError - (4 * abs(0.952574 - 0.75) + 0.5) / 5) < 1e-4)
    }

    @Test func calibrationFindsTheLine() {
        var generator = SeededGenerator(seed: 2)
        let truth = Calibration(scale: 0.5, shift: -0.7)
        let predictions = (0..<20_000).map { _ in
            let logit = generator.normal() * 3
            return prediction(logit, generator.uniform() < truth.probability(logit))
        }
        let fitted = Calibration.gate(predictions, types: 2)
        #expect(abs(fitted.scale - truth.scale) < 0.03)
        #expect(abs(fitted.shift - truth.shift) < 0.06)
        #expect(VisibilityScore(predictions, calibration: fitted).calibrationError < 0.02)
    }

    @Test func calibrationFindsTheShiftsOfTypes() {
        var generator = SeededGenerator(seed: 3)
        let truth = Calibration(scale: 0.8, shift: 0.2, types: [0.6, -0.9, 0])
        var predictions = (0..<30_000).map { number in
            let logit = generator.normal() * 2
            var said = prediction(logit, generator.uniform() < truth.probability(logit, of: number % 2))
            said.entity.typeIndex = number % 2
            return said
        }
        let fitted = Calibration.gate(predictions, types: 3)
        let types = fitted.types ?? []
        #expect(types.count == 3 && types[2] == 0)
        #expect(abs(fitted.scale - truth.scale) < 0.03)
        // The line's shift and those of the types are told apart by these being small; their sums count.
        for type in 0..<2 {
            #expect(abs(fitted.line(0, of: type) - truth.line(0, of: type)) < 0.06)
        }
        let plain = Calibration(scale: fitted.scale, shift: fitted.shift)
        #expect(VisibilityScore(predictions, calibration: fitted).calibrationError < 0.02)
        #expect(
            VisibilityScore(predictions, calibration: fitted).auc > VisibilityScore(predictions, calibration: plain).auc
        )
        // A type of few is held back.
        var other = prediction(0, true)
        other.entity.typeIndex = 2
        predictions += [EvidencePrediction](repeating: other, count: 4)
        let rare = Calibration.gate(predictions, types: 3).types ?? []
        #expect(rare[2] > 0 && rare[2] < 0.1)
    }

    @Test func calibrationOfFewThatAreToldApartIsNotSure() {
        let fitted = Calibration.gate([
            prediction(-1, false), prediction(-2, false), prediction(1, true), prediction(2, true),
        ])
        #expect(fitted.probability(2) > 0.7 && fitted.probability(2) < 0.9)
        #expect(fitted.probability(-2) > 0.1 && fitted.probability(-2) < 0.3)
    }

    /// The surer, the less often right: no line may fall, so that the share is all that can be said.
    @Test func calibrationOfWhatMisleadsIsFlat() {
        for logits: [Float] in [[2, 3], [9, 10], [-6, 4]] {
            let predictions = (0..<300).map { prediction(logits[$0 % 2], $0 % 2 == 0 && $0 % 3 == 0) }
            let fitted = Calibration.gate(predictions)
            let said = predictions.map { Double(fitted.probability($0.logit)) }.reduce(0, +) / 300
            #expect(fitted.scale > 0 && fitted.scale < 0.011, "\(fitted)")
            #expect(abs(said - 1.0 / 6) < 0.01, "\(fitted)")
        }
    }

    @Test func calibrationOfSharesGoesOnWhereItWas() {
        var generator = SeededGenerator(seed: 6)
        let truth = Calibration(scale: 0.6, shift: -0.4)
        let said = (0..<20_000).map { _ in logistic(generator.normal() * 3) }
        let shares = said.map { (said: Double($0), isRight: generator.uniform() < truth.probability(ofShare: $0)) }
        let fitted = Calibration.fit(shares: shares)
        #expect(abs(fitted.scale - truth.scale) < 0.03 && abs(fitted.shift - truth.shift) < 0.06)
        // What is said then needs no further line, and both lines together are one.
        let again = Calibration.fit(
            shares: shares.map { (Double(fitted.probability(ofShare: Float($0.said))), $0.isRight) })
        #expect(abs(again.scale - 1) < 0.02 && abs(again.shift) < 0.02)
        let both = fitted.then(truth)
        #expect(abs(both.line(1.5) - truth.line(fitted.line(1.5))) < 1e-5)
    }

    @Test func calibrationOfOneClassStaysFinite() {
        let fitted = Calibration.gate((0..<50).map { prediction(Float($0), true) }, types: 1)
        #expect(fitted.scale.isFinite && fitted.scale > 0 && fitted.shift.isFinite)
    }

    @Test func coverageOfPatches() {
        let box = RelativeBox(x1: 0.125, y1: 0.5, x2: 0.5, y2: 1)
        let expected: [Float] = [
            0, 0, 0, 0, 0, 0, 0, 0,
            0.5, 1, 0, 0,
            0.5, 1, 0, 0,
        ]
        #expect(box.coverage(grid: 4) == expected)
        #expect(box.mirrored.coverage(grid: 4).reversed().prefix(4) == [0.5, 1, 0, 0])
        #expect(RelativeBox(x1: 0, y1: 0, x2: 1, y2: 1).coverage(grid: 3) == [Float](repeating: 1, count: 9))
    }

    @Test func aBoxHitsAboveOneHalf() {
        var said = prediction(0, true)
        said.entity.boxes = [RelativeBox(x1: 0, y1: 0, x2: 0.5, y2: 1), RelativeBox(x1: 0.5, y1: 0, x2: 1, y2: 0.5)]
        #expect(!said.isHit)
        said.box = RelativeBox(x1: 0, y1: 0, x2: 1, y2: 1)
        #expect(!said.isHit)
        said.box = RelativeBox(x1: 0.5, y1: 0, x2: 1, y2: 0.9)
        #expect(said.isHit)
    }
}
