import Geometry
import Testing
import Wire

@testable import Corpora
@testable import Scoring

/// How well what a model is unsure of foretells what it has wrong.
@Suite struct UncertaintyScoreTests {
    private let hit = [PixelBox(x1: 0, y1: 0, x2: 10, y2: 10)]
    private let miss = [PixelBox(x1: 50, y1: 50, x2: 60, y2: 60)]

    private func entity(
        _ word: Int, _ type: String, boxes: [PixelBox]? = [], _ uncertainty: (Float, Float, Float?)? = nil
    ) -> LabelledEntity {
        var entity = LabelledEntity(words: word..<word + 1, scalars: 2 * word..<2 * word + 1, name: "w", type: type)
        entity.boxes = boxes
        entity.uncertainty = uncertainty.map { StatedUncertainty(span: $0.0, type: $0.1, region: $0.2) }
        return entity
    }

    private func score(_ gold: [LabelledEntity], _ said: [LabelledEntity]) throws -> [TriplePart: UncertaintyScore] {
        func data(_ entities: [LabelledEntity]) -> LabelledData {
            var post = LabelledPost(id: "a", words: [String](repeating: "w", count: 9))
            post.entities = entities
            return LabelledData(posts: [post], inventory: .coarse)
        }
        let report = try Scorer().score(gold: data(gold), predicted: data(said))
        return Dictionary(uniqueKeysWithValues: report.uncertainty.map { ($0.part, $0) })
    }

    @Test func eachPartIsAskedOfWhatIsRightSoFar() throws {
        let gold = [
            entity(0, "PER"), entity(1, "LOC", boxes: hit), entity(2, "ORG", boxes: hit), entity(3, "PER", boxes: hit),
            entity(4, "LOC"),
        ]
        let said = [
            entity(0, "PER", (0.1, 0.1, 0.1)),
            entity(1, "PER", boxes: hit, (0.2, 0.9, 0.9)),
            entity(2, "ORG", boxes: miss, (0.6, 0.2, 0.8)),
            entity(3, "PER", boxes: hit, (0.3, 0.3, 0.8)),
            // Nobody said anything of a region, and of words that are none.
            entity(4, "LOC", (0.2, 0.1, nil)),
            entity(5, "LOC", (0.5, 0, 0)),
        ]
        let scores = try score(gold, said)
        let span = try #require(scores[.span])
        #expect((span.count, span.wrong) == (6, 1))
        #expect(span.auc == 0.8)
        let type = try #require(scores[.type])
        #expect((type.count, type.wrong) == (5, 1))
        #expect(type.auc == 1)
        let region = try #require(scores[.region])
        #expect((region.count, region.wrong) == (3, 1))
        #expect(region.auc == 0.75)
    }

    @Test func nothingIsToldOfWhatNobodySays() throws {
        #expect(try score([entity(0, "PER")], [entity(0, "PER")]).isEmpty)
        // All are right: there is no pair to compare.
        let scores = try score([entity(0, "PER")], [entity(0, "PER", (0.1, 0.1, 0.1))])
        #expect(scores[.span]?.auc == nil)
        #expect(scores[.span]?.interval == nil)
        #expect(scores[.span]?.count == 1)
    }

    @Test func whatGoldIsUnsureOfIsNeitherRightNorWrong() throws {
        var open = entity(1, "PER", boxes: hit)
        open.isUnsure = true
        let said = [entity(0, "PER", (0.1, 0.1, 0.1)), entity(1, "PER", (0.9, 0.9, 0.9))]
        #expect(try score([entity(0, "PER"), open], said)[.span]?.count == 1)
        // Where nobody looked for it, no region is right or wrong.
        #expect(try score([entity(0, "PER", boxes: nil)], said)[.region] == nil)
    }

    @Test func intervalsAreOfPosts() throws {
        var gold: [LabelledPost] = []
        var said: [LabelledPost] = []
        for number in 0..<40 {
            var post = LabelledPost(id: "\(number)", words: ["w"])
            post.entities = number % 3 == 0 ? [] : [entity(0, "PER")]
            gold.append(post)
            post.entities = [entity(0, "PER", (Float((number * 7) % 10) / 10, 0, nil))]
            said.append(post)
        }
        let report = try Scorer().score(
            gold: LabelledData(posts: gold), predicted: LabelledData(posts: said, inventory: .coarse))
        let span = try #require(report.uncertainty.first)
        let (auc, interval) = (try #require(span.auc), try #require(span.interval))
        #expect(interval.contains(auc))
        #expect(interval.upperBound - interval.lowerBound > 0.1)
        #expect(report.table.contains("uncertainty of"))
        #expect(report.json["uncertainty"]?["span"]?["count"]?.integer == 40)
    }
}
