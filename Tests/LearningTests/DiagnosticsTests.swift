import Geometry
import Testing

@testable import Corpora
@testable import Scoring

/// What stands behind scores, and what is said of each entity.
@Suite struct DiagnosticsTests {
    private let hit = [PixelBox(x1: 0, y1: 0, x2: 10, y2: 10)]
    private let miss = [PixelBox(x1: 50, y1: 50, x2: 60, y2: 60)]

    private func entity(
        _ word: Int, _ type: String, boxes: [PixelBox]? = [], score: Float? = nil, visible: Float? = nil
    ) -> LabelledEntity {
        var entity = LabelledEntity(words: word..<word + 1, scalars: 2 * word..<2 * word + 1, name: "w", type: type)
        (entity.boxes, entity.score, entity.visible) = (boxes, score, visible)
        return entity
    }

    private func data(_ entities: [LabelledEntity]) -> LabelledData {
        var post = LabelledPost(id: "a", words: [String](repeating: "w", count: 9))
        post.entities = entities
        return LabelledData(posts: [post], inventory: .coarse)
    }

    private func diagnose(_ gold: [LabelledEntity], _ said: [LabelledEntity]) throws -> Diagnostics {
        try Scorer().diagnose(gold: data(gold), predicted: data(said))
    }

    @Test func curvesGoFromTheSurestOn() throws {
        let gold = [entity(0, "PER"), entity(1, "LOC"), entity(2, "ORG"), entity(3, "ORG")]
        let said = [
            entity(0, "PER", score: 0.9), entity(1, "PER", score: 0.8), entity(2, "ORG", score: 0.8),
            entity(5, "LOC", score: 0.1),
        ]
        let curve = try #require(try diagnose(gold, said).curves.first)
        #expect(curve.task == .mner)
        #expect(curve.points.map(\.recall) == [0.25, 0.5, 0.5])
        #expect(curve.points.map(\.precision) == [1, 2 / 3.0, 0.5])
        #expect(abs(curve.averagePrecision - (0.25 + 0.25 * 2 / 3)) < 1e-12)
        #expect(try diagnose(gold, said + [entity(6, "PER")]).curves.isEmpty)
        #expect(try diagnose([], said).curves.isEmpty)
        #expect(try diagnose(gold, []).curves.isEmpty)
    }

    @Test func confusionCountsWhatWasTakenForWhat() throws {
        let gold = [entity(0, "PER"), entity(1, "LOC"), entity(2, "ORG")]
        let said = [entity(0, "PER"), entity(1, "PER"), entity(1, "LOC"), entity(4, "OTHER"), entity(5, "new")]
        let found = try diagnose(gold, said)
        #expect(found.types == ["PER", "LOC", "ORG", "OTHER", "new"])
        #expect(
            found.confusion == [
                [1, 0, 0, 0, 0, 0], [0, 1, 0, 0, 0, 0], [0, 0, 0, 0, 0, 1], [0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0],
                [1, 0, 0, 1, 1, 0],
            ])
    }

    @Test func calibrationIsWhatWasSaidBesideWhatIs() throws {
        let gold = [entity(0, "PER", boxes: hit), entity(1, "PER", boxes: hit), entity(2, "PER")]
        let said = [
            entity(0, "PER", boxes: hit, score: 1, visible: 0.91), entity(1, "PER", score: 0.95, visible: 0.99),
            entity(2, "LOC", score: 0.2, visible: 0.3),
        ]
        let found = try diagnose(gold, said)
        #expect(found.calibrations.map(\.name) == ["score", "visible"])
        let visible = found.calibrations[1]
        #expect(visible.bins.map(\.count) == [1, 2] && visible.bins.map(\.right) == [0, 1])
        #expect(abs(visible.error - (0.3 + 2 * 0.05) / 3) < 1e-6)
        #expect(found.overlap?.tenths == [0, 0, 0, 0, 0, 0, 0, 0, 0, 1])
    }

    @Test func eachEntityGetsAVerdict() {
        var unsure = entity(6, "PER")
        unsure.isUnsure = true
        let gold = [
            entity(0, "PER", boxes: hit), entity(1, "LOC"), entity(2, "ORG", boxes: hit), entity(3, "ORG"),
            entity(4, "PER", boxes: hit), unsure,
        ]
        let said = [
            entity(0, "PER", boxes: hit), entity(1, "PER"), entity(2, "ORG", boxes: miss), entity(5, "ORG"),
            entity(4, "PER"), entity(6, "LOC"),
        ]
        let agreement = Agreement(predicted: said, gold: gold, boxes: true)
        #expect(
            agreement.verdicts == [
                .right, .otherType(gold: gold[1]), .otherBox(gold: gold[2], overlap: 0), .notThere,
                .otherBox(gold: gold[4], overlap: nil), .open,
            ])
        #expect(agreement.missed == [gold[3]])
        let typesAlone = Agreement(predicted: said, gold: gold, boxes: false)
        #expect(typesAlone.verdicts[2] == .right && typesAlone.verdicts[4] == .right)
    }
}
