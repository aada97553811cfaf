@testable import Model
@testable import Kernels
import Testing

@testable import Learning
@testable import Geometry

/// What looks, backward.
@Suite("Evidence reader, gate and box head against central differences")
struct EvidenceGradientTests {
    @Test func groupedProducts() throws {
        var check = GradientCheck()
        _ = check.input(3, 4)
        _ = check.input(6, 4)
        try check.run { tape, leaves in
            // The middle group has no query.
            try tape.products(leaves[0], leaves[1], queryLengths: [2, 0, 1], keysPerGroup: 2, scale: 0.5)
        }
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

    /// Four posts: with a picture, with alternative text, with both, with neither.
    @Test(arguments: [(nil, false), (1, false), (1, true)]) func wholeHeads(pictureLayers: Int?, chooses: Bool) throws {
        let picture = PatchEncoderConfiguration(
            family: .dinov2, width: 3, layers: 1, heads: 1, innerRatio: 2, imageSize: 4, patchSize: 2)
        var check = GradientCheck()
        _ = check.input(5, 4)
        _ = check.input(4, 2)
        _ = check.input(2 * picture.tokens, 3)
        _ = check.input(3, 2)
        // Only anchors: boxes that the steps of the check move would make other candidates.
        let anchors = [RelativeBox(x1: 0, y1: 0, x2: 0.5, y2: 1), RelativeBox(x1: 0.2, y1: 0.3, x2: 1, y2: 0.9)]
        let heads = GroundingHeads(
            EvidenceConfiguration(
                width: 4, heads: 2, layers: 1, pictureLayers: pictureLayers,
                candidates: chooses ? CandidateConfiguration(anchors: anchors, peaks: 0) : nil),
            textWidth: 2, picture: picture, typeCount: 2, in: &check.layout)
        try check.run(tolerance: 2e-2, step: 3e-3) { tape, leaves in
            let result = try heads.ground(
                EvidenceBatch(
                    queries: leaves[0], kinds: [0, 1, 1, 0, 1], entities: [1, 1, 2, 1], texts: leaves[1],
                    tokens: leaves[2], isPictured: [true, false, true, false], alt: leaves[3],
                    altCounts: [0, 1, 2, 0]),
                on: tape)
            let drawing = try #require(result.drawing)
            let summaries = try #require(result.summaries)
            #expect(result.pictured == [0, 2, 3])
            var parts = [drawing.masks, drawing.boxes]
            if let choice = drawing.choice {
                #expect(choice.candidates.count == 9 && choice.best.count == 3)
                // Candidates of each entity that are no regression's, as its centre may fall into another patch.
                parts += try [0, 1].map { place in try tape.gather(choice.scores, [0, 3, 6].map { $0 + place }) }
            } else {
                parts.append(drawing.trust)
            }
            let drawn = try tape.concatenateColumns(parts)
            let seen = try tape.concatenateColumns([tape.gather(result.visible, result.pictured), drawn])
            let match = try tape.multiply(summaries.pictures, summaries.texts)
            return try tape.concatenateColumns([
                tape.mean(seen, over: [0..<3]), tape.mean(match, over: [0..<2]),
                tape.mean(result.visible, over: [0..<5]),
            ])
        }
    }
}
