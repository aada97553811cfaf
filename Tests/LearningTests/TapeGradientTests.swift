@testable import Model
@testable import Kernels
import Testing

@testable import Learning
@testable import Geometry
@testable import Randomness

@Suite("Backward passes against central differences")
struct TapeGradientTests {
    @Test("linear", arguments: [Activation.identity, .relu, .gelu, .tanh, .sigmoid])
    func linear(_ activation: Activation) throws {
        var check = GradientCheck()
        _ = check.input(5, 4)
        let layer = check.layout.linear("a", inputs: 4, outputs: 3)
        let bare = check.layout.linear("b", inputs: 3, outputs: 2, bias: false)
        try check.run(tolerance: 4e-3, step: activation == .relu ? 1e-3 : 1e-2) { tape, leaves in
            try tape.linear(tape.linear(leaves[0], layer, activation), bare, .identity)
        }
    }

    @Test("one layer used twice in a step")
    func sharedLayer() throws {
        var check = GradientCheck()
        _ = check.input(3, 4)
        let layer = check.layout.linear("a", inputs: 4, outputs: 4)
        try check.run { tape, leaves in
            try tape.linear(tape.linear(leaves[0], layer, .tanh), layer, .identity)
        }
    }

    @Test func normalize() throws {
        var check = GradientCheck()
        _ = check.input(4, 6)
        let norm = check.layout.layerNorm("n", width: 6, epsilon: 1e-5)
        try check.run(tolerance: 1e-2) { tape, leaves in try tape.normalize(leaves[0], norm) }
    }

    @Test func pointwise() throws {
        var check = GradientCheck()
        _ = check.input(3, 4)
        _ = check.input(3, 4)
        let scale = check.layout.parameter(["s"], rows: 1, columns: 4, .ones, .vector)
        try check.run { tape, leaves in
            let sum = try tape.add(leaves[0], leaves[1])
            let product = try tape.multiply(sum, tape.subtract(leaves[0], leaves[1]))
            let scaled = try tape.add(leaves[0], product, columnScale: scale)
            return try tape.scale(tape.apply(.tanh, tape.add(scaled, scaled)), by: 1.5)
        }
    }

    @Test func rows() throws {
        var check = GradientCheck()
        _ = check.input(5, 3)
        _ = check.input(5, 2)
        let table = check.layout.table("t", rows: 4, width: 5)
        try check.run { tape, leaves in
            let wide = try tape.concatenateColumns([leaves[0], leaves[1]])
            let means = try tape.mean(wide, over: [0..<2, 1..<5, 3..<3])
            let picked = try tape.gather(wide, [4, 0, 4])
            return try tape.concatenateRows([means, picked, tape.gather(table, [1, 3, 1])])
        }
    }

    @Test func dropoutKeepsItsMask() throws {
        var check = GradientCheck()
        _ = check.input(6, 6)
        try check.run(dropout: SeededGenerator(seed: 2)) { tape, leaves in
            let once = try tape.dropout(leaves[0], rate: 0.3)
            return try tape.add(tape.multiply(once, once), leaves[0])
        }
    }

    @Test("self-attention over sequences of different lengths", arguments: [false, true])
    func selfAttention(_ biased: Bool) throws {
        var check = GradientCheck()
        _ = check.input(6, 12)
        let distances = check.layout.table("d", rows: 3, width: 2)
        try check.run(tolerance: 4e-3) { tape, leaves in
            let bias = biased ? try tape.gather(distances, [0, 1, 2, 1, 0, 2, 1]) : nil
            return try tape.selfAttention(leaves[0], heads: 2, lengths: [2, 4], relativeBias: bias)
        }
    }

    @Test("cross-attention with a group that has no keys")
    func crossAttention() throws {
        var check = GradientCheck()
        _ = check.input(5, 4)
        _ = check.input(4, 8)
        try check.run(tolerance: 4e-3) { tape, leaves in
            try tape.crossAttention(
                leaves[0], leaves[1], heads: 2, queryLengths: [2, 1, 2], keyLengths: [3, 0, 1])
        }
    }

    @Test func crfLoss() throws {
        var check = GradientCheck()
        _ = check.input(6, 3)
        let transitions = check.layout.parameter(["t"], rows: 3, columns: 3, .zeros, .vector)
        let start = check.layout.parameter(["s"], rows: 1, columns: 3, .zeros, .vector)
        let end = check.layout.parameter(["e"], rows: 1, columns: 3, .zeros, .vector)
        try check.run { tape, leaves in
            try tape.crfLoss(
                leaves[0], tags: [0, 2, 1, 1, 0, 2], lengths: [2, 0, 4], transitions: transitions, start: start,
                end: end)
        }
    }

    @Test func crossEntropies() throws {
        var check = GradientCheck()
        _ = check.input(3, 4)
        try check.run { tape, leaves in
            let hard = try tape.crossEntropy(leaves[0], [3, 0, 1], smoothing: 0.1, weights: [1, 0.5, 2])
            let soft = try tape.softCrossEntropy(
                leaves[0], [0.2, 0.3, 0.5, 0, 0, 0, 0, 0, 0.1, 0.1, 0.1, 0.1])
            let binary = try tape.binaryCrossEntropy(
                leaves[0], (0..<12).map { Float($0 % 3) / 2 }, weights: (0..<12).map { Float($0) / 6 })
            return try tape.concatenateRows([hard, soft, binary])
        }
    }

    @Test func divergence() throws {
        var check = GradientCheck()
        _ = check.input(3, 4)
        _ = check.input(3, 4)
        try check.run { tape, leaves in try tape.symmetricDivergence(leaves[0], leaves[1]) }
    }

    @Test func contrast() throws {
        var check = GradientCheck()
        _ = check.input(3, 4)
        _ = check.input(3, 4)
        let scale = check.layout.parameter(["s"], rows: 1, columns: 1, .ones, .vector)
        try check.run(tolerance: 4e-3) { tape, leaves in
            try tape.contrast(tape.unitRows(leaves[0]), tape.unitRows(leaves[1]), scale: scale)
        }
    }

    @Test("boxes that overlap, lie apart, and lie one in the other")
    func boxLoss() throws {
        var check = GradientCheck()
        _ = check.input(4, 5)
        let targets = [
            RelativeBox(x1: 0.1, y1: 0.2, x2: 0.6, y2: 0.7), RelativeBox(x1: 0, y1: 0, x2: 0.01, y2: 0.02),
            RelativeBox(x1: 0, y1: 0, x2: 1, y2: 1), RelativeBox(x1: 0.49, y1: 0.48, x2: 0.5, y2: 0.52),
        ]
        try check.run(tolerance: 4e-3, step: 1e-3) { tape, leaves in
            try tape.boxLoss(leaves[0], targets, weights: [1, 2, 0.5, 1])
        }
    }

    @Test("a box in its place costs nothing, one far off costs more than one near")
    func boxLossValues() throws {
        let tape = Tape(TrainableParameters(layout: ParameterLayout(), seed: 1))
        func loss(_ x1: Float, _ x2: Float) throws -> Float {
            let logits = try tape.constant(rows: 1, columns: 4, [Float(0), 0, 0, 0].span)
            return try tape.array(tape.boxLoss(logits, [RelativeBox(x1: x1, y1: 0.25, x2: x2, y2: 0.75)]))[0]
        }
        #expect(abs(try loss(0.25, 0.75)) < 1e-5)
        #expect(try loss(0.3, 0.8) < loss(0.4, 0.9))
        // Side by side: L1 0.5, IoU 0, and the hull is all union.
        #expect(abs(try loss(0.75, 1.25) - (5 * 0.5 + 2)) < 1e-4)
    }

    @Test("a frozen parameter gets no gradient, and what only it feeds is not gone through backward")
    func frozen() throws {
        var layout = ParameterLayout()
        let below = layout.linear("below", inputs: 2, outputs: 2)
        let above = layout.linear("above", inputs: 2, outputs: 1)
        let parameters = TrainableParameters(layout: layout, seed: 1) { $0.names[0].hasPrefix("below") }
        let gradients = GradientStore(parameters)
        let tape = Tape(parameters, gradients: gradients)
        let x = try tape.constant(rows: 1, columns: 2, [Float(1), 2].span)
        let middle = try tape.linear(x, below, .tanh)
        #expect(!tape.needsGradient(middle))
        try tape.backward(tape.linear(middle, above, .identity))
        #expect(gradients.read(below.weight).allSatisfy { $0 == 0 })
        #expect(gradients.read(above.weight).contains { $0 != 0 })
    }
}
