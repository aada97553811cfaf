import Foundation
import Testing
@testable import Wire

@testable import Flow
@testable import Model
@testable import Geometry

struct OutputTests {
    private func found(_ scalars: Range<Int>, box: RelativeBox? = nil) -> Mention {
        var mention = Mention(words: 0..<1, scalars: scalars, type: 1, score: 0.5)
        mention.visible = 0.25
        mention.provenance.hasEvidence = box != nil
        mention.box = box
        mention.picture = box.map { _ in 1 }
        mention.boxScore = box.map { _ in 0.75 }
        mention.attention = Mention.Attention(alt: 0.25, picture: 0.75)
        mention.mask = PatchMask([0, 0.19, .nan, 1])
        return mention
    }

    @Test("Boxes are in pixels and inside the picture")
    func boxes() {
        let box = RelativeBox(x1: -0.1, y1: 0.25, x2: 0.5, y2: 1.5)
        let post = Post(line: 1, text: "abc")
        let triple = Triple(
            found(0..<3, box: box), types: .coarse, of: post, [nil, ImageSize(width: 200, height: 100)])
        #expect(triple.box == PixelBox(x1: 0, y1: 25, x2: 100, y2: 100))
        #expect(triple.picture == 1 && triple.visible == 0.25 && triple.boxScore == 0.75)
        #expect(triple.type == "LOC")
        // Four patches on sixteen by sixteen digits; what is no number is nothing.
        let rows = [("0", "1"), ("0", "9")].flatMap { left, right in
            [String](repeating: String(repeating: left, count: 8) + String(repeating: right, count: 8), count: 8)
        }
        #expect(triple.explanation == Evidence(alt: 0.25, picture: 0.75, heat: rows.joined()))
        #expect(triple.tokenStart == nil && triple.tokenEnd == nil)
        #expect(Triple(found(0..<3, box: box), types: .coarse, of: post, [nil, nil]).box == nil)
        // What a model guesses of a picture that is not there is no answer.
        let unseen = Triple(found(0..<3), types: .coarse, of: post, [])
        #expect(unseen.visible == nil && unseen.boxScore == nil)
    }

    @Test("Given tokens are named by their numbers")
    func tokens() {
        let post = Post(line: 1, text: "in New York City", tokens: [0..<2, 3..<6, 7..<11, 12..<16])
        let triple = Triple(found(3..<11), types: .coarse, of: post, [])
        #expect(triple.tokenStart == 1 && triple.tokenEnd == 3)
    }

    @Test("The statistics are one JSON object with every promised member")
    func report() throws {
        var tally = Statistics.Tally()
        tally.posts = 3
        tally.triples = 2
        tally.errors = ["json.syntax": 1]
        tally.latency.add(2_000_000)
        let report = StatisticsReport(
            tally: tally, elapsed: 1_500_000_000,
            depths: StageSchedule<Journey>(Plan(jobs: 1).crews).depths(),
            alive: 0, window: 4, jobs: 1, sandbox: [], delegate: nil)
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(report.json.utf8)) as? [String: Any])
        #expect(object["posts"] as? Int == 3)
        #expect(object["posts_per_second"] as? Double == 2)
        #expect(object["errors"] as? [String: Int] == ["json.syntax": 1])
        #expect((object["latency_ms"] as? [String: Double])?["p50"] == 2)
        let stages = try #require(object["stages"] as? [String: [String: Any]])
        #expect(Set(stages.keys) == ["parse", "read", "decode", "see", "ground", "consult", "format", "write"])
        #expect(stages["read"]?["deepest"] as? Int == 0)
        #expect(try #require(object["peak_memory_bytes"] as? Int) > 1_000_000)
        for name in ["triples", "warnings", "decodes", "empty_lines", "seconds", "alive", "window", "jobs"] {
            #expect(object[name] != nil, "\(name)")
        }
    }
}
