import Foundation
@testable import Geometry
@testable import Kernels
@testable import Model

@testable import Learning

/// Everything that the tape has and models have not: losses, and what they are made of.
enum LossUnderTest: CaseIterable, Sendable {
    case crf, crfOfExpectations
    case crossEntropy, smoothedCrossEntropy, softCrossEntropy, softCrossEntropyOfRuns, binaryCrossEntropy
    case symmetricDivergence, divergenceFromItself, divergenceFromStandardNormal, divergenceOfNormals
    case similarities, scaleByNumber, scaleByParameter, contrast
    case box
}

/// A loss on the tape, and what it is.
struct LossNetwork {
    private typealias Matrix = DoubleComputation.Matrix

    private let loss: LossUnderTest
    private let transitions: Parameter
    private let start: Parameter
    private let end: Parameter
    private let factor: Parameter
    let layout: ParameterLayout
    let inputs: [(rows: Int, columns: Int)]

    init(_ loss: LossUnderTest) {
        self.loss = loss
        var layout = ParameterLayout()
        transitions = layout.parameter(["transitions"], rows: 3, columns: 3, .zeros, .vector)
        start = layout.parameter(["start"], rows: 1, columns: 3, .zeros, .vector)
        end = layout.parameter(["end"], rows: 1, columns: 3, .zeros, .vector)
        factor = layout.parameter(["factor"], rows: 1, columns: 1, .ones, .vector)
        self.layout = layout
        inputs =
            switch loss {
            case .crf, .crfOfExpectations: [(6, 3)]
            case .box: [(Self.boxes.count, 5)]
            case .similarities: [(3, 4), (2, 4)]
            default: [(3, 4), (3, 4)]
            }
    }

    private static let runs = [0..<1, 2..<6, 6..<12]
    private static let soft: [Float] = [0.2, 0.3, 0.5, 0, 0, 0, 0, 0, 0.1, 0.1, 0.1, 0.1]
    private static let binary = (0..<12).map { Float($0 % 3) / 2 }
    private static let binaryWeights = (0..<12).map { Float($0) / 6 }
    private static let rowWeights: [Float] = [1, 0.5, 2]
    private static let tags = [0, 2, 1, 1, 0, 2]
    private static let lengths = [2, 0, 4]
    /// Other tags of the same words, and how often they are right rather than ``tags``.
    private static let otherTags = [1, 1, 0, 2, 0, 0]
    private static let otherShare: Float = 0.3
    /// Boxes that overlap with what is drawn, lie apart from it, and lie one in the other.
    private static let boxes = [
        RelativeBox(x1: 0.1, y1: 0.2, x2: 0.6, y2: 0.7), RelativeBox(x1: 0, y1: 0, x2: 0.01, y2: 0.02),
        RelativeBox(x1: 0, y1: 0, x2: 1, y2: 1), RelativeBox(x1: 0.49, y1: 0.48, x2: 0.5, y2: 0.52),
        RelativeBox(x1: 0.9, y1: 0.1, x2: 1, y2: 0.3),
    ]
    private static let boxWeights: [Float] = [1, 2, 0.5, 1, 0]

    func check() throws {
        try GradientCheck(layout, inputs: inputs).backward {
            [try onTape($1, $0)]
        } reference: {
            [reference($1, $0)]
        }
    }

    private func onTape(_ x: [Tape.Value], _ tape: Tape) throws -> Tape.Value {
        switch loss {
        case .crf:
            try tape.crfLoss(
                x[0], tags: Self.tags.map(Int32.init), lengths: Self.lengths, transitions: transitions, start: start,
                end: end)
        case .crfOfExpectations:
            try tape.crfLoss(x[0], Self.expectations(), transitions: transitions, start: start, end: end)
        case .crossEntropy: try tape.crossEntropy(x[0], [3, 0, 1])
        case .smoothedCrossEntropy: try tape.crossEntropy(x[0], [3, 0, 1], smoothing: 0.1, weights: Self.rowWeights)
        case .softCrossEntropy: try tape.softCrossEntropy(x[0], Self.soft, weights: Self.rowWeights)
        case .softCrossEntropyOfRuns:
            try tape.softCrossEntropy(x[0], Self.soft, runs: Self.runs, weights: Self.rowWeights)
        case .binaryCrossEntropy: try tape.binaryCrossEntropy(x[0], Self.binary, weights: Self.binaryWeights)
        case .symmetricDivergence: try tape.symmetricDivergence(x[0], x[1])
        case .divergenceFromItself: try tape.symmetricDivergence(x[0], tape.add(x[0], x[1]))
        case .divergenceFromStandardNormal: try tape.divergenceFromStandardNormal(x[0], logVariance: x[1])
        case .divergenceOfNormals:
            try tape.divergence(of: (x[0], x[1]), from: (tape.apply(.tanh, x[1]), tape.apply(.tanh, x[0])))
        case .similarities: try tape.similarities(x[0], x[1])
        case .scaleByNumber: try tape.scale(x[0], by: 1.5)
        case .scaleByParameter: try tape.scale(x[0], by: factor)
        case .contrast: try tape.contrast(tape.unitRows(x[0]), tape.unitRows(x[1]), scale: factor)
        case .box: try tape.boxLoss(x[0], Self.boxes, weights: Self.boxWeights)
        }
    }

    private static func expectations() throws -> [TagExpectations] {
        try lengths.ranges.map { words in
            let gold = try TagExpectations(path: tags[words].map(Int32.init), tags: 3)
            return try TagExpectations(path: otherTags[words].map(Int32.init), tags: 3).mixed(otherShare, with: gold)
        }
    }

    private func crfLoss(_ emissions: Matrix, _ tags: [Int], _ on: DoubleComputation) -> Double {
        on.crfLoss(
            emissions, tags: tags, lengths: Self.lengths, transitions: on.matrix(transitions),
            start: on.matrix(start).values, end: on.matrix(end).values)
    }

    private func reference(_ x: [Matrix], _ on: DoubleComputation) -> Matrix {
        let ones = [Double](repeating: 1, count: 3)
        switch loss {
        case .crf: return number(crfLoss(x[0], Self.tags, on))
        case .crfOfExpectations:
            // Cross-entropy is the mean over what is expected.
            let share = Double(Self.otherShare)
            return number(share * crfLoss(x[0], Self.otherTags, on) + (1 - share) * crfLoss(x[0], Self.tags, on))
        case .crossEntropy: return number(on.crossEntropy(x[0], [3, 0, 1], smoothing: 0, weights: ones))
        case .smoothedCrossEntropy:
            return number(on.crossEntropy(x[0], [3, 0, 1], smoothing: 0.1, weights: wide(Self.rowWeights)))
        case .softCrossEntropy:
            return number(on.softCrossEntropy(x[0], wide(Self.soft), weights: wide(Self.rowWeights)))
        case .softCrossEntropyOfRuns:
            let parts = Self.runs.map { range in
                on.softCrossEntropy(
                    Matrix(rows: 1, columns: range.count, Array(x[0].values[range])),
                    Array(wide(Self.soft)[range]), weights: [1])
            }
            return number(zip(parts, wide(Self.rowWeights)).reduce(0) { $0 + $1.0 * $1.1 })
        case .binaryCrossEntropy:
            return number(on.binaryCrossEntropy(x[0], wide(Self.binary), weights: wide(Self.binaryWeights)))
        case .symmetricDivergence: return number(on.symmetricDivergence(x[0], x[1]))
        case .divergenceFromItself:
            let sum = Matrix(rows: 3, columns: 4, zip(x[0].values, x[1].values).map(+))
            return number(on.symmetricDivergence(x[0], sum))
        case .divergenceFromStandardNormal:
            return number(on.divergenceFromStandardNormal(x[0], logVariance: x[1]))
        case .divergenceOfNormals:
            let other = x.map { Matrix(rows: $0.rows, columns: $0.columns, $0.values.map { tanh($0) }) }
            return number(on.divergence(of: (x[0], x[1]), from: (other[1], other[0])))
        case .similarities: return on.similarities(x[0], x[1])
        case .scaleByNumber: return on.scale(x[0], by: 1.5)
        case .scaleByParameter: return on.scale(x[0], by: on.matrix(factor).values[0])
        case .contrast:
            return number(
                on.contrast(on.unitRows(x[0]), on.unitRows(x[1]), scale: on.matrix(factor).values[0]))
        case .box: return number(on.boxLoss(x[0], Self.boxes, weights: wide(Self.boxWeights)))
        }
    }

    private func number(_ value: Double) -> Matrix { Matrix(rows: 1, columns: 1, [value]) }
    private func wide(_ values: [Float]) -> [Double] { values.map(Double.init) }
}
