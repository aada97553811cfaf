@testable import Geometry
@testable import Kernels
@testable import Model
import Testing

@testable import Learning

@Suite("Forward and backward against double precision")
struct GradientTests {
    @Test("operations", arguments: OperationUnderTest.allCases)
    func operation(_ operation: OperationUnderTest) throws {
        try GradientCheck.check(operation.network)
    }

    @Test("parts", arguments: PartUnderTest.allCases)
    func part(_ part: PartUnderTest) throws {
        try GradientCheck.check(part.network)
    }

    @Test("losses", arguments: LossUnderTest.allCases)
    func loss(_ loss: LossUnderTest) throws {
        try LossNetwork(loss).check()
    }
}

@Suite("The tape")
struct TapeTests {
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

    @Test func productsThatDoNotFitAreRefused() throws {
        let tape = Tape(TrainableParameters(layout: ParameterLayout(), seed: 1))
        let queries = try tape.constant(rows: 1, columns: 2, [1, 2].span)
        let keys = try tape.constant(rows: 2, columns: 2, [1, 2, 3, 4].span)
        #expect(throws: ShapeError.self) {
            try tape.products(queries, keys, queryLengths: [1], keysPerGroup: 3, scale: 1)
        }
        #expect(throws: ShapeError.self) {
            try tape.products(queries, keys, queryLengths: [2], keysPerGroup: 2, scale: 1)
        }
    }
}
