@testable import Kernels
@testable import Model
import Testing

@testable import Learning
@testable import Randomness

/// A function of some matrices and parameters, written as models are: against ``Computation``.
protocol NetworkUnderTest {
    var layout: ParameterLayout { get }
    /// Rows and columns of each matrix that goes in.
    var inputs: [(rows: Int, columns: Int)] { get }
    /// Rate of dropout on the tape; the reference drops the same.
    var dropout: Float { get }

    func results<C: Computation>(_ x: [C.Value], on computation: C) throws -> [C.Value]
}

extension NetworkUnderTest {
    var dropout: Float { 0 }
}

/// Compares what goes backward on the tape, in Float, with central differences of ``DoubleComputation``, for every input
/// and every parameter; and what goes forward, on the tape and on the evaluator, with the same reference.
///
/// The loss is a sum of all results' elements with fixed random weights. The error of a gradient `g` against differences
/// `d` is `‖g − d‖ / max(‖g‖, ‖d‖)`, for each input and parameter as a whole; and `|gᵢ − dᵢ|` against the larger of `|dᵢ|`
/// and the root mean square of `d`, for each element. Neither may be above 1e-4. A gradient of less than a thousandth of
/// all gradients together is measured against that thousandth: there are some that are nothing (of what is added to all
/// keys), and rounding in Float is not.
struct GradientCheck {
    static let tolerance = 1e-4
    /// Of what goes forward, by the same measure.
    static let forwardTolerance = 1e-5
    /// Of the differences: in Double it leaves about ten digits of them.
    private static let step = 1e-5

    let layout: ParameterLayout
    private let shapes: [(rows: Int, columns: Int)]
    private let numbers: [[Float]]
    private let parameters: TrainableParameters
    private let stream: SeededGenerator?

    init(_ layout: ParameterLayout, inputs: [(rows: Int, columns: Int)], seed: UInt64 = 5, drops: Bool = false) {
        self.layout = layout
        shapes = inputs
        parameters = TrainableParameters(layout: layout, seed: 3)
        var generator = SeededGenerator(seed: seed)
        for entry in layout.entries {
            let numbers = (0..<entry.parameter.count).map { _ in generator.normal() * 0.7 + 0.1 }
            parameters.write(entry.parameter, numbers.span)
        }
        numbers = inputs.map { shape in (0..<shape.rows * shape.columns).map { _ in generator.normal() } }
        stream = drops ? SeededGenerator(seed: 2) : nil
    }

    /// Checks a network on all three executors.
    static func check(_ network: some NetworkUnderTest, seed: UInt64 = 5) throws {
        let check = GradientCheck(network.layout, inputs: network.inputs, seed: seed, drops: network.dropout > 0)
        try check.backward {
            try network.results($1, on: $0)
        } reference: {
            try network.results($1, on: $0)
        }
        // Nothing is dropped where nothing is learned.
        if network.dropout == 0 { try check.evaluator(network) }
    }

    /// Checks a function that the tape alone has against a reference of its own.
    func backward(
        _ tape: (Tape, [Tape.Value]) throws -> [Tape.Value],
        reference: (DoubleComputation, [DoubleComputation.Matrix]) throws -> [DoubleComputation.Matrix]
    ) throws {
        let computation = try self.reference()
        let expected = try run(computation, numbers.map { $0.map(Double.init) }, reference)
        let weights = weights(expected)
        let (results, slopes) = try backward(tape, weights)
        for (place, (got, expected)) in zip(results, expected).enumerated() {
            let error = Deviation(got, expected.values)
            #expect(error.whole <= Self.forwardTolerance, "result \(place) on the tape: \(error)")
        }
        let differences = try differences(computation, weights, reference)
        let floor = 1e-3 * norm(differences.map(norm))
        try #require(slopes.count == differences.count)
        for (name, (slopes, differences)) in zip(names, zip(slopes, differences)) {
            let error = Deviation(slopes, differences, floor: floor)
            #expect(error.whole <= Self.tolerance && error.worst <= Self.tolerance, "\(name): \(error)")
        }
    }

    private func evaluator(_ network: some NetworkUnderTest) throws {
        let expected = try run(reference(), numbers.map { $0.map(Double.init) }) { try network.results($1, on: $0) }
        let values = try ParameterValues(layout) { entry, span in
            for (index, value) in parameters.read(entry.parameter).enumerated() { span[index] = value }
        }
        let evaluator = Evaluator(values, workspace: try Workspace(size: 1 << 20))
        let leaves = try zip(shapes, numbers).map {
            try evaluator.constant(rows: $0.rows, columns: $0.columns, $1.span)
        }
        let results = try network.results(leaves, on: evaluator).map { evaluator.array($0) }
        for (place, (got, expected)) in zip(results, expected).enumerated() {
            let error = Deviation(got, expected.values)
            #expect(error.whole <= Self.forwardTolerance, "result \(place) on the evaluator: \(error)")
        }
    }

    /// What is checked, in the order of the gradients.
    private var names: [String] {
        shapes.indices.map { "input \($0)" } + layout.entries.map { $0.names[0] }
    }

    private func reference() throws -> DoubleComputation {
        let computation = DoubleComputation(layout.entries.map { parameters.read($0.parameter).map(Double.init) })
        if let stream {
            let tape = Tape(parameters)
            tape.reset(dropout: stream)
            computation.dropoutMask = { count, rate in
                let ones = [Float](repeating: 1, count: count)
                return tape.array(try tape.dropout(tape.constant(rows: 1, columns: count, ones.span), rate: rate))
            }
            computation.noise = { count in
                let zeros = [Float](repeating: 0, count: count)
                let standard = try tape.constant(rows: 1, columns: count, zeros.span)
                return tape.array(try tape.sample(standard, logVariance: standard))
            }
        }
        return computation
    }

    private func run(
        _ computation: DoubleComputation, _ numbers: [[Double]],
        _ function: (DoubleComputation, [DoubleComputation.Matrix]) throws -> [DoubleComputation.Matrix]
    ) throws -> [DoubleComputation.Matrix] {
        computation.restart()
        let leaves = zip(shapes, numbers).map {
            DoubleComputation.Matrix(rows: $0.rows, columns: $0.columns, $1)
        }
        return try function(computation, leaves)
    }

    private func weights(_ results: [DoubleComputation.Matrix]) -> [[Float]] {
        var generator = SeededGenerator(seed: 11)
        return results.map { $0.values.map { _ in generator.normal() } }
    }

    /// Results, and the gradient of each input and parameter. Gradients of several results add up, as those of several
    /// batches do.
    private func backward(
        _ function: (Tape, [Tape.Value]) throws -> [Tape.Value], _ weights: [[Float]]
    ) throws -> (results: [[Float]], slopes: [[Float]]) {
        let gradients = GradientStore(parameters)
        let tape = Tape(parameters, gradients: gradients)
        gradients.reset()
        var results: [[Float]] = []
        var inputSlopes = numbers.map { $0.map { _ in Float(0) } }
        for (place, weights) in weights.enumerated() {
            tape.reset(dropout: stream)
            let leaves = zip(shapes, numbers).map { tape.input(rows: $0.rows, columns: $0.columns, $1) }
            let result = try function(tape, leaves)[place]
            results.append(tape.array(result))
            try tape.backward(result, seed: weights)
            for (index, leaf) in leaves.enumerated() {
                inputSlopes[index] = zip(inputSlopes[index], tape.readGradient(leaf)).map(+)
            }
        }
        return (results, inputSlopes + layout.entries.map { gradients.read($0.parameter) })
    }

    private func differences(
        _ computation: DoubleComputation, _ weights: [[Float]],
        _ function: (DoubleComputation, [DoubleComputation.Matrix]) throws -> [DoubleComputation.Matrix]
    ) throws -> [[Double]] {
        var numbers = numbers.map { $0.map(Double.init) }
        func loss() throws -> Double {
            zip(try run(computation, numbers, function), weights).reduce(0) { sum, pair in
                sum + dot(pair.0.values, pair.1.map(Double.init))
            }
        }
        func slope(_ move: (Double) -> Void) throws -> Double {
            move(Self.step)
            let above = try loss()
            move(-2 * Self.step)
            let below = try loss()
            move(Self.step)
            return (above - below) / (2 * Self.step)
        }
        var slopes: [[Double]] = []
        for index in numbers.indices {
            slopes.append(try numbers[index].indices.map { place in try slope { numbers[index][place] += $0 } })
        }
        for index in computation.parameters.indices {
            slopes.append(
                try computation.parameters[index].indices.map { place in
                    try slope { computation.parameters[index][place] += $0 }
                })
        }
        return slopes
    }
}

/// How far numbers are from what they should be.
private struct Deviation: CustomStringConvertible {
    /// `‖got − expected‖ / max(‖got‖, ‖expected‖, floor)`.
    let whole: Double
    /// The largest `|gotᵢ − expectedᵢ| / max(|expectedᵢ|, root mean square)`.
    let worst: Double

    init(_ got: [Float], _ expected: [Double], floor: Double = 0) {
        let apart = zip(got, expected).map { Double($0) - $1 }
        let scale = max(norm(got.map(Double.init)), norm(expected), floor)
        guard got.count == expected.count, apart.allSatisfy(\.isFinite) else {
            (whole, worst) = (.infinity, .infinity)
            return
        }
        whole = scale > 0 ? norm(apart) / scale : 0
        let typical = scale / Double(max(expected.count, 1)).squareRoot()
        worst = zip(apart, expected).map { scale > 0 ? abs($0) / max(abs($1), typical) : 0 }.max() ?? 0
    }

    var description: String { "off by \(whole) in all, by \(worst) in one place" }
}

private func norm(_ x: [Double]) -> Double { dot(x, x).squareRoot() }
