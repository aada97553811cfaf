@testable import Geometry
@testable import Kernels
@testable import Model
import Testing

@testable import Learning
@testable import Randomness

/// The fixture that `Fixtures/heat_maps.py` writes.
private struct Reference: Decodable {
    let queries, texts, tokens, alt, logits: [Float]
    let kinds, entities, words: [Int]
    let pictured: [Bool]
    let values: [String: [Float]]
    /// Of each layer, for each entity whose post has a picture.
    let maps: [[[Float]]]
    let located: [Located]

    struct Located: Decodable {
        let map, box: [Float]
        let threshold, merging, share: Float
        let components: Int
    }

    /// The posts, as a computation has them.
    func batch<C: Computation>(on computation: C) throws -> EvidenceBatch<C.Value> {
        func matrix(_ numbers: [Float], _ columns: Int) throws -> C.Value {
            try computation.constant(rows: numbers.count / columns, columns: columns, numbers.span)
        }
        return EvidenceBatch(
            queries: try matrix(queries, 6), kinds: kinds.map(Int32.init), entities: entities,
            texts: try matrix(texts, 3), tokens: try matrix(tokens, 5), isPictured: pictured, alt: try matrix(alt, 3),
            altCounts: words)
    }
}

private let grid = 4

/// Boxes are told from where the match of the gate comes from.
@Suite("Heat maps")
struct HeatMapTests {
    /// The heads of the fixture, with its numbers.
    private func heads(_ reference: Reference, layer: Int?) throws -> (GroundingHeads, TrainableParameters) {
        var layout = ParameterLayout()
        let heads = GroundingHeads(
            EvidenceConfiguration(width: 8, heads: 2, layers: 2, heat: HeatMapConfiguration(layer: layer)),
            textWidth: 3,
            picture: PatchEncoderConfiguration(
                family: .dinov2, width: 5, layers: 1, heads: 1, innerRatio: 2, imageSize: 8, patchSize: 2),
            typeCount: 3, in: &layout)
        let parameters = TrainableParameters(layout: layout, seed: 1)
        #expect(Set(layout.entries.map { $0.names[0] }) == Set(reference.values.keys))
        for entry in layout.entries {
            let numbers = try #require(reference.values[entry.names[0]], "\(entry.names)")
            try #require(numbers.count == entry.parameter.count, "\(entry.names)")
            parameters.write(entry.parameter, numbers.span)
        }
        return (heads, parameters)
    }

    private func maps<C: Computation>(
        _ heads: GroundingHeads, _ reference: Reference, on computation: C
    ) throws -> (logits: [Float], maps: [[Float]]) {
        let result = try heads.ground(reference.batch(on: computation), on: computation)
        #expect(result.drawing == nil && result.pictured == [0, 1, 3])
        let located = try #require(result.located)
        return (computation.array(result.visible), try located.by.maps(located.pass, on: computation))
    }

    /// In either layer, and in the last by default, on the executor that trains and on the one that serves.
    @Test(arguments: [1, 2, nil]) func heatIsThatOfPyTorch(layer: Int?) throws {
        let reference: Reference = try fixture("heat_maps")
        let (heads, parameters) = try heads(reference, layer: layer)
        let expected = reference.maps[(layer ?? 2) - 1]
        #expect(expected.count == 3 && expected[0] != reference.maps[layer == 1 ? 1 : 0][0])
        let values = try ParameterValues(parameters.layout) { entry, span in
            for (index, value) in parameters.read(entry.parameter).enumerated() { span[index] = value }
        }
        let tape = try maps(heads, reference, on: Tape(parameters, gradients: GradientStore(parameters)))
        let served = try maps(
            heads, reference, on: Evaluator(values, workspace: Workspace(size: 1 << 20)))
        for got in [tape, served] {
            expectClose(got.logits, reference.logits, "logits")
            for (map, expected) in zip(got.maps, expected) { expectClose(map, expected, "map", within: 5e-5) }
            #expect(got.maps.count == 3)
        }
    }

    /// What goes backward in closed form is what the tape lets back.
    @Test(arguments: [0, 1]) func slopesAreThoseOfTheTape(layer: Int) throws {
        let reference: Reference = try fixture("heat_maps")
        let (heads, parameters) = try heads(reference, layer: layer + 1)
        let gradients = GradientStore(parameters)
        gradients.reset()
        let tape = Tape(parameters, gradients: gradients)
        let result = try heads.ground(reference.batch(on: tape), on: tape)
        let pass = try #require(result.located?.pass)
        let states = try heads.gate.backward(pass.known, states: 0..<8, on: tape)
        let attention = try heads.reader.backward(
            states, through: pass.steps, to: layer, queries: pass.entities, evidence: pass.evidence, on: tape)
        let slopes = attention.querySlopes()
        // What is added to all queries has the sum of their slopes.
        let sums = (0..<8).map { column in (0..<4).reduce(Float(0)) { $0 + slopes[8 * $1 + column] } }
        try tape.backward(result.visible, seed: [1, 1, 1, 1])
        let bias = try #require(heads.reader.layers[layer].query.bias)
        expectClose(sums, gradients.read(bias), "slopes by the queries")
        #expect(sums.contains { abs($0) > 1e-4 })
    }

    /// Through gate, last norm and feed-forward block: what is added to the rows after attention is moved, and the logits in
    /// double precision say how they change.
    @Test func slopesAreThoseOfCentralDifferences() throws {
        let reference: Reference = try fixture("heat_maps")
        let (heads, parameters) = try heads(reference, layer: 2)
        let numbers = parameters.layout.entries.map { parameters.read($0.parameter).map(Double.init) }
        let computation = DoubleComputation(numbers)
        let result = try heads.ground(reference.batch(on: computation), on: computation)
        let pass = try #require(result.located?.pass)
        let states = try heads.gate.backward(pass.known, states: 0..<8, on: computation)
        let bias = try #require(heads.reader.layers[1].attended.bias)
        // What is added after attention has the slope of all rows together, and is a parameter: so it can be moved.
        let step = pass.steps[1]
        let slope = try heads.reader.layers[1].feedForward.backward(
            computation.normalizeBackward(states, step.output, heads.reader.norm), step.attended, on: computation)
        for column in 0..<8 {
            func logits(_ move: Double) throws -> Double {
                var moved = numbers
                moved[bias.index][column] += move
                let computation = DoubleComputation(moved)
                return try heads.ground(reference.batch(on: computation), on: computation).visible.values.reduce(0, +)
            }
            let expected = (try logits(1e-5) - logits(-1e-5)) / 2e-5
            let got = (0..<slope.rows).reduce(0) { $0 + slope[$1, column] }
            #expect(abs(got - expected) < 1e-6 * max(1, abs(expected)), "column \(column)")
        }
    }

    /// One picture a post, of noise; in that of an entity that can be seen, two by two patches are alike, somewhere. Whether is
    /// what is learned, where is what is found, in pictures that were not learned from.
    @Test func whatWasOnlySaidToBeThereIsFound() throws {
        var layout = ParameterLayout()
        let heads = GroundingHeads(
            EvidenceConfiguration(width: 16, heads: 2, layers: 1, heat: HeatMapConfiguration()), textWidth: 2,
            picture: PatchEncoderConfiguration(
                family: .dinov2, width: 6, layers: 1, heads: 1, innerRatio: 2, imageSize: 8, patchSize: 2),
            typeCount: 1, in: &layout)
        let parameters = TrainableParameters(layout: layout, seed: 4)
        let gradients = GradientStore(parameters)
        let optimizer = AdamW(parameters, groups: layout.entries.map { _ in ParameterGroup(rate: 5e-3, decay: 0.01) })
        let (tape, pool) = (Tape(parameters, gradients: gradients), WorkerPool(workers: 1))
        var random = SeededGenerator(seed: 9)
        let posts = 32
        /// Every other entity is there: its square's first row and column.
        func batch(on tape: Tape) throws -> (EvidenceBatch<Tape.Value>, corners: [(row: Int, column: Int)]) {
            var (tokens, corners) = ([Float](), [(row: Int, column: Int)]())
            for post in 0..<posts {
                let corner = (row: Int(random.next() % 3), column: Int(random.next() % 3))
                corners.append(corner)
                tokens += (0..<6).map { _ in random.normal() * 0.5 }
                for place in 0..<grid * grid {
                    let isInside = 0...1 ~= place / grid - corner.row && 0...1 ~= place % grid - corner.column
                    for column in 0..<6 {
                        let mark: Float = post % 2 == 0 && isInside && column == 2 ? 3 : 0
                        tokens.append(mark + random.normal() * 0.5)
                    }
                }
            }
            let ones = [Float](repeating: 1, count: 4 * posts)
            return (
                EvidenceBatch(
                    queries: try tape.constant(rows: posts, columns: 4, ones.span),
                    kinds: [Int32](repeating: 0, count: posts), entities: [Int](repeating: 1, count: posts),
                    texts: try tape.constant(rows: posts, columns: 2, ones.span.extracting(0..<2 * posts)),
                    tokens: try tape.constant(rows: tokens.count / 6, columns: 6, tokens.span),
                    isPictured: [Bool](repeating: true, count: posts), alt: nil,
                    altCounts: [Int](repeating: 0, count: posts)), corners
            )
        }
        let truth = (0..<posts).map { Float(1 - $0 % 2) }
        for step in 0..<60 {
            gradients.reset()
            tape.reset()
            let visible = try heads.ground(batch(on: tape).0, on: tape).visible
            try tape.backward(tape.binaryCrossEntropy(visible, truth))
            let norm = try optimizer.sum([gradients], pool: pool)
            optimizer.update([gradients], norm: norm, step: step, rate: 1, pool: pool)
        }
        tape.reset()
        let (unseen, corners) = try batch(on: tape)
        let result = try heads.ground(unseen, on: tape)
        let (visible, answers) = (tape.array(result.visible), try result.answers(on: tape))
        #expect(visible.enumerated().allSatisfy { ($1 > 0) == ($0 % 2 == 0) })
        // Attention takes the plainest of the four patches, so boxes may be too small; they should not reach beyond.
        let inside = stride(from: 0, to: posts, by: 2).count { post in
            guard let box = answers[post]?.box else { return false }
            let (column, row) = (Float(corners[post].column), Float(corners[post].row))
            return 4 * box.x1 >= column && 4 * box.y1 >= row && 4 * box.x2 <= column + 2 && 4 * box.y2 <= row + 2
        }
        // A patch at random lies there one time in four.
        #expect(inside >= 9)
    }

    @Test func boxesAreThoseOfOpenCV() throws {
        let reference: Reference = try fixture("heat_maps")
        #expect(reference.located.contains { $0.components > 3 } && reference.located.contains { $0.components == 1 })
        for located in reference.located {
            let side = Int(Double(located.map.count).squareRoot())
            let locator = try locator(
                HeatMapConfiguration(threshold: located.threshold, merging: located.merging), grid: side)
            let found = try #require(locator.locate(located.map))
            expectClose([found.box.x1, found.box.y1, found.box.x2, found.box.y2], located.box, "box")
            #expect(abs(found.share - located.share) < 1e-5)
        }
    }

    private func locator(_ configuration: HeatMapConfiguration, grid: Int) throws -> GradCAM {
        let reference: Reference = try fixture("heat_maps")
        let (heads, _) = try heads(reference, layer: nil)
        return GradCAM(configuration, reader: heads.reader, gate: heads.gate, grid: grid)
    }

    @Test func mapsThatSayNothing() throws {
        let locator = try locator(HeatMapConfiguration(), grid: 2)
        #expect(locator.locate([0, 0, 0, 0]) == nil)
        #expect(locator.locate([.nan, .nan, .nan, .nan]) == nil)
        #expect(locator.locate([.infinity, 0, 0, 0]) == nil)
        // Everywhere the same: everywhere.
        #expect(locator.locate([1, 1, 1, 1]) == GradCAM.Location(box: .whole, share: 1))
        let all = try #require(locator.locate([1, 1, 1, 1]))
        #expect(all.trust.isFinite && all.trust > 9)
        let corner = try #require(locator.locate([0, 0, 0, 2]))
        #expect(corner.box == RelativeBox(x1: 0.5, y1: 0.5, x2: 1, y2: 1))
        // What only touches at a corner does not hang together; it counts if it is hot enough.
        #expect(locator.locate([1, 0, 0, 0.6])?.box == .whole)
        let strict = try self.locator(HeatMapConfiguration(merging: 0.7), grid: 2)
        #expect(strict.locate([1, 0, 0, 0.6])?.box == RelativeBox(x1: 0, y1: 0, x2: 0.5, y2: 0.5))
    }

    @Test(arguments: [
        HeatMapConfiguration(layer: 0), HeatMapConfiguration(layer: 3), HeatMapConfiguration(threshold: 0),
        HeatMapConfiguration(threshold: 1.5), HeatMapConfiguration(threshold: .nan), HeatMapConfiguration(merging: -1),
        HeatMapConfiguration(merging: .infinity), HeatMapConfiguration(layer: .min),
    ]) func numbersThatMakeNoSenseAreRefused(_ heat: HeatMapConfiguration) {
        #expect(throws: ModelError.self) {
            try EvidenceConfiguration(width: 8, heads: 2, layers: 2, heat: heat).validate()
        }
    }

    @Test func candidatesAreForBoxesThatAreDrawn() throws {
        try EvidenceConfiguration(width: 8, heads: 2, layers: 2, heat: HeatMapConfiguration(layer: 2)).validate()
        #expect(throws: ModelError.self) {
            try EvidenceConfiguration(
                width: 8, heads: 2, layers: 2, candidates: CandidateConfiguration(units: 3, regions: true),
                heat: HeatMapConfiguration()
            ).validate()
        }
    }
}
