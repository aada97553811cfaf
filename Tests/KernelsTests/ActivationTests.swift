import Foundation
import Testing

@testable import Kernels

@Suite struct ActivationTests {
    private static let all: [Activation] = [.identity, .relu, .relu6, .leakyRelu, .gelu, .tanh, .sigmoid]

    /// A dense walk over the bend and far into both tails.
    private let points: [Float] =
        stride(from: -12, through: 12, by: 0.0037).map { Float($0) } + [
            -1e30, -200, -88, 88, 200, 1e30, 0, 1e-20, -1e-8,
        ]

    /// What the definitions promise: the polynomial of the normal tail is off by 2.5e-7 at most, and rounding of its sixteenth
    /// power makes that 4.5e-7; the rest are two roundings of numbers up to 1.
    private static func bound(_ activation: Activation) -> Double {
        switch activation {
        case .identity, .relu, .relu6: 0
        case .leakyRelu: 0x1p-23
        case .gelu: 6e-7
        case .tanh, .sigmoid: 2 * 0x1p-23
        }
    }

    @Test(arguments: all) func agreesWithTheDefinition(activation: Activation) throws {
        let values = inPlace(points) { activate(&$0, activation) }
        for (x, value) in zip(points, values) {
            let expected = Reference.activation(activation, Double(x))
            #expect(
                abs(Double(value) - expected) <= Self.bound(activation) * max(1, abs(expected)), "\(activation)(\(x))")
        }
    }

    @Test(arguments: all, [1, 5, 16, 21, 40]) func backward(activation: Activation, count: Int) throws {
        var numbers = Numbers(count)
        let x = numbers(count, scale: 4), dy = numbers(count)
        let dx = try inPlace(dy) { try activateBackward(&$0, preactivation: x.span, activation) }
        expectGradient(dx, at: x, within: 2e-6, "\(activation)") { x in
            dot(x.map { Reference.activation(activation, $0) }, dy)
        }
    }

    @Test(arguments: all) func tailsOfTheGradient(activation: Activation) throws {
        let gradient = try inPlace([1, 1, 1, 1]) {
            try activateBackward(&$0, preactivation: ([-100, -20, 20, 100] as [Float]).span, activation)
        }
        let expected: [Float] =
            switch activation {
            case .identity: [1, 1, 1, 1]
            case .leakyRelu: [0.01, 0.01, 1, 1]
            case .relu, .gelu: [0, 0, 1, 1]
            case .relu6, .tanh, .sigmoid: [0, 0, 0, 0]
            }
        expectClose(gradient, wide(expected), within: 1e-7)
    }

    @Test(arguments: all) func keepsNaN(activation: Activation) throws {
        for nan in [Float.nan, -.nan, Float(nan: 0x1ff, signaling: false)] {
            #expect(inPlace([nan, 1]) { activate(&$0, activation) }[0].isNaN)
        }
    }

    @Test func exponentialOfEveryMagnitude() {
        for x in stride(from: -87.0, through: 88.0, by: 0.013) {
            let value = Lanes(repeating: Float(x)).exponential[3]
            let expected = exp(Double(Float(x)))
            #expect(abs(Double(value) - expected) <= 2.5e-7 * expected, "exp(\(x))")
        }
        #expect(Lanes(repeating: -200).exponential[0] == 0)
        #expect(Lanes(repeating: -.infinity).exponential[0] == 0)
        #expect(Lanes(repeating: 0).exponential[0] == 1)
    }

    @Test func refusesAnotherSize() {
        #expect(throws: ShapeError.self) {
            try inPlace([1, 2]) { try activateBackward(&$0, preactivation: ([1] as [Float]).span, .gelu) }
        }
    }
}
