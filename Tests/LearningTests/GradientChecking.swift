@testable import Model
@testable import Kernels
import Testing

@testable import Learning
@testable import Randomness

/// Compares what goes backward with central differences, for every input and every parameter of a small function.
struct GradientCheck {
    var layout = ParameterLayout()
    private var inputs: [(rows: Int, columns: Int)] = []

    mutating func input(_ rows: Int, _ columns: Int) -> Int {
        inputs.append((rows, columns))
        return inputs.count - 1
    }

    /// Builds the function on a tape, reduces it by a fixed random weighting, and checks every slope.
    func run(
        tolerance: Double = 2e-3, step: Float = 1e-2, dropout: SeededGenerator? = nil,
        sourceLocation: SourceLocation = #_sourceLocation,
        _ function: (Tape, [Tape.Value]) throws -> Tape.Value
    ) throws {
        let parameters = TrainableParameters(layout: layout, seed: 3)
        var generator = SeededGenerator(seed: 5)
        for entry in layout.entries {
            let numbers = (0..<entry.parameter.count).map { _ in generator.normal() * 0.7 + 0.1 }
            parameters.write(entry.parameter, numbers.span)
        }
        var numbers = inputs.map { shape in (0..<shape.rows * shape.columns).map { _ in generator.normal() } }
        let gradients = GradientStore(parameters)
        let tape = Tape(parameters, gradients: gradients)

        func forward() throws -> (loss: Double, value: Tape.Value, weights: [Float], leaves: [Tape.Value]) {
            tape.reset(dropout: dropout)
            let leaves = zip(inputs, numbers).map { tape.input(rows: $0.rows, columns: $0.columns, $1) }
            let result = try function(tape, leaves)
            var weighting = SeededGenerator(seed: 11)
            let weights = (0..<result.rows * result.columns).map { _ in weighting.normal() }
            let total = zip(tape.array(result), weights).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
            return (total, result, weights, leaves)
        }

        gradients.reset()
        let first = try forward()
        try tape.backward(first.value, seed: first.weights)
        let inputSlopes = first.leaves.map { tape.readGradient($0) }
        let parameterSlopes = layout.entries.map { gradients.read($0.parameter) }

        for (index, slopes) in inputSlopes.enumerated() {
            for place in slopes.indices {
                let old = numbers[index][place]
                numbers[index][place] = old + step
                let above = try forward().loss
                numbers[index][place] = old - step
                let below = try forward().loss
                numbers[index][place] = old
                expectClose(
                    slopes[place], (above - below) / Double(2 * step), tolerance, "input \(index)[\(place)]",
                    sourceLocation)
            }
        }
        for (entry, slopes) in zip(layout.entries, parameterSlopes) {
            var values = parameters.read(entry.parameter)
            for place in slopes.indices {
                let old = values[place]
                values[place] = old + step
                parameters.write(entry.parameter, values.span)
                let above = try forward().loss
                values[place] = old - step
                parameters.write(entry.parameter, values.span)
                let below = try forward().loss
                values[place] = old
                parameters.write(entry.parameter, values.span)
                expectClose(
                    slopes[place], (above - below) / Double(2 * step), tolerance, "\(entry.names[0])[\(place)]",
                    sourceLocation)
            }
        }
    }

    private func expectClose(
        _ slope: Float, _ difference: Double, _ tolerance: Double, _ name: String, _ location: SourceLocation
    ) {
        let error = abs(Double(slope) - difference)
        #expect(
            error <= tolerance * max(1, abs(difference)), "\(name): backward \(slope), differences \(difference)",
            sourceLocation: location)
    }
}
