import Grounding
import Kernels
import Testing

@testable import Learning

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
    @Test(arguments: [nil, 1]) func wholeHeads(pictureLayers: Int?) throws {
        let picture = PatchEncoderConfiguration(
            family: .dinov2, width: 3, layers: 1, heads: 1, innerRatio: 2, imageSize: 4, patchSize: 2)
        var check = GradientCheck()
        _ = check.input(5, 4)
        _ = check.input(4, 2)
        _ = check.input(2 * picture.tokens, 3)
        _ = check.input(3, 2)
        let heads = GroundingHeads(
            EvidenceConfiguration(width: 4, heads: 2, layers: 1, pictureLayers: pictureLayers), textWidth: 2,
            picture: picture, typeCount: 2,
            in: &check.layout)
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
            let drawn = try tape.concatenateColumns([drawing.masks, drawing.boxes, drawing.trust])
            let seen = try tape.concatenateColumns([tape.gather(result.visible, result.pictured), drawn])
            let match = try tape.multiply(summaries.pictures, summaries.texts)
            return try tape.concatenateColumns([
                tape.mean(seen, over: [0..<3]), tape.mean(match, over: [0..<2]),
                tape.mean(result.visible, over: [0..<5]),
            ])
        }
    }
}
