@testable import Kernels
@testable import Model
import Testing

@testable import Learning
@testable import Randomness

/// The fixture that `Fixtures/fusion_operations.py` writes: one reference for each function.
private struct Reference: Decodable {
    let inputs: [String: [Float]]
    let weights: [Float]
    let result: [Float]
    let gradients: [String: [Float]]

    static func read(_ name: String) throws -> Reference {
        let all: [String: Reference] = try fixture("fusion_operations")
        return try #require(all[name])
    }
}

@Suite("What fusions are made of against PyTorch")
struct FusionOperationTests {
    private static let queries = [2, 1, 0, 3]
    private static let keys = [3, 0, 2, 18]
    private static var groups: PairGroups {
        get throws { try PairGroups(queryLengths: queries, keyLengths: keys) }
    }

    /// Attention to what is similar enough, its threshold held below one half.
    @Test func filteredAttention() throws {
        try check("filtered", columns: ["queries": 4, "keys": 4, "values": 3, "threshold": 1]) { x, tape in
            let groups = try Self.groups
            let cosines = try tape.pairProducts(
                tape.unitRows(x("queries")), tape.unitRows(x("keys")), groups, scale: 1)
            let threshold = try tape.scale(tape.apply(.sigmoid, x("threshold")), by: 0.5)
            let shares = try tape.filterPairs(cosines, groups, threshold: threshold, temperature: 0.2, epsilon: 0.1)
            return try tape.pairSums(shares, x("values"), groups)
        }
    }

    /// Attention that the text guides.
    @Test func guidedAttention() throws {
        let columns = ["queries": 4, "keys": 4, "values": 4, "importance": 1, "sharpness": 1]
        try check("guided", columns: columns) { x, tape in
            let groups = try Self.groups
            // A group's scores are divided by the root of its words, and so its queries.
            let roots = Self.queries.flatMap { [Float](repeating: 1 / Float($0).squareRoot(), count: $0) }
            let asked = try tape.scaleRows(
                x("queries"), by: tape.constant(rows: roots.count, columns: 1, roots.span))
            let scores = try tape.pairProducts(asked, x("keys"), groups, scale: 1)
            let level = try tape.levelPairs(
                tape.pairSoftmax(scores, groups, over: .queries), groups, by: x("importance"))
            let sharpness = try tape.gather(x("sharpness"), [Int32](repeating: 0, count: groups.pairCount))
            let shares = try tape.pairSoftmax(tape.multiply(level, sharpness), groups, over: .keys)
            return try tape.add(tape.pairSums(shares, x("values"), groups), x("queries"))
        }
    }

    @Test func boundedSums() throws {
        for (name, limit) in [("bounded", Float(0.5)), ("loose", 30)] {
            try check(name, columns: ["x": 4, "y": 4]) { x, tape in
                try tape.boundedSum(x("x"), x("y"), limit: limit, lengths: Self.queries)
            }
        }
    }

    @Test func parallelAndOrthogonalParts() throws {
        try check("parts", columns: ["x": 4, "y": 4]) { x, tape in
            let unit = try tape.unitRows(x("x"))
            let parallel = try tape.scaleRows(unit, by: tape.rowProducts(unit, x("y")))
            return try tape.concatenateColumns([parallel, tape.subtract(x("y"), parallel)])
        }
    }

    @Test func leakyRelu() throws {
        try check("leaky", columns: ["x": 4]) { x, tape in try tape.apply(.leakyRelu, x("x")) }
    }

    @Test func divergenceFromTheStandardNormal() throws {
        try check("divergence", columns: ["mean": 4, "spread": 4]) { x, tape in
            try tape.divergenceFromStandardNormal(x("mean"), logVariance: x("spread"))
        }
    }

    @Test func divergenceOfTwoNormalDistributions() throws {
        try check("between", columns: ["mean": 4, "spread": 4, "otherMean": 4, "otherSpread": 4]) { x, tape in
            try tape.divergence(of: (x("mean"), x("spread")), from: (x("otherMean"), x("otherSpread")))
        }
    }

    /// With the noise of the fixture: below the tape, which draws its own.
    @Test func sample() throws {
        let reference = try Reference.read("sample")
        let (mean, spread) = (try #require(reference.inputs["mean"]), try #require(reference.inputs["spread"]))
        let noise = try #require(reference.inputs["noise"])
        var result = mean
        var span = result.mutableSpan
        try normalSample(&span, mean.span, logVariance: spread.span, noise: noise.span)
        expectClose(result, reference.result, "result")
        var slope = [Float](repeating: 0, count: mean.count)
        var slopeSpan = slope.mutableSpan
        try normalSampleBackward(
            logVariance: &slopeSpan, reference.weights.span, logVariance: spread.span, noise: noise.span)
        expectClose(slope, try #require(reference.gradients["spread"]), "gradient of spread")
        #expect(reference.gradients["mean"] == reference.weights)
    }

    /// Without a random stream, and in answers, the mean itself.
    @Test func nothingIsDrawnWhereNothingIsLearned() throws {
        let tape = Tape(TrainableParameters(layout: ParameterLayout(), seed: 1))
        let mean = try tape.constant(rows: 1, columns: 2, [Float(1), 2].span)
        #expect(try tape.array(tape.sample(mean, logVariance: mean)) == [1, 2])
        tape.reset(dropout: SeededGenerator(seed: 2))
        let again = try tape.constant(rows: 1, columns: 2, [Float(1), 2].span)
        #expect(try tape.array(tape.sample(again, logVariance: again)) != [1, 2])
    }

    @Test func whatDoesNotFitIsRefused() throws {
        let tape = Tape(TrainableParameters(layout: ParameterLayout(), seed: 1))
        let groups = try PairGroups(queryLengths: [2], keyLengths: [3])
        let two = try tape.constant(rows: 2, columns: 1, [Float(1), 2].span)
        let six = try tape.constant(rows: 6, columns: 1, [Float](repeating: 1, count: 6).span)
        #expect(throws: ShapeError.self) { try tape.pairProducts(two, two, groups, scale: 1) }
        #expect(throws: ShapeError.self) { try tape.pairSums(six, two, groups) }
        #expect(throws: ShapeError.self) { try tape.pairSoftmax(two, groups, over: .keys) }
        #expect(throws: ShapeError.self) {
            try tape.filterPairs(six, groups, threshold: two, temperature: 1, epsilon: 1)
        }
        #expect(throws: ShapeError.self) { try tape.levelPairs(six, groups, by: two) }
        #expect(throws: ShapeError.self) { try tape.sample(six, logVariance: two) }
        #expect(throws: ShapeError.self) { try tape.boundedSum(six, two, limit: 1, lengths: [6]) }
        #expect(throws: ShapeError.self) { try tape.boundedSum(six, six, limit: 1, lengths: [5]) }
        #expect(throws: ShapeError.self) { try tape.divergenceFromStandardNormal(six, logVariance: two) }
        #expect(throws: ShapeError.self) { try tape.divergence(of: (six, six), from: (six, two)) }
    }

    /// The result of a function of the fixture's inputs, and the gradient of each.
    private func check(
        _ name: String, columns: [String: Int],
        _ function: (_ inputs: (String) throws -> Tape.Value, _ tape: Tape) throws -> Tape.Value
    ) throws {
        let reference = try Reference.read(name)
        let parameters = TrainableParameters(layout: ParameterLayout(), seed: 1)
        let tape = Tape(parameters, gradients: GradientStore(parameters))
        #expect(Set(columns.keys) == Set(reference.inputs.keys))
        var leaves: [String: Tape.Value] = [:]
        for (input, numbers) in reference.inputs {
            let columns = try #require(columns[input])
            leaves[input] = tape.input(rows: numbers.count / columns, columns: columns, numbers)
        }
        let result = try function({ try #require(leaves[$0]) }, tape)
        expectClose(tape.array(result), reference.result, "\(name): result", within: 1e-5)
        try tape.backward(result, seed: reference.weights)
        for (input, leaf) in leaves {
            expectClose(
                tape.readGradient(leaf), try #require(reference.gradients[input]), "\(name): gradient of \(input)",
                within: 1e-5)
        }
    }
}
