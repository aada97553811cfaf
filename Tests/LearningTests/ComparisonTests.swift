import Foundation
import Testing

@testable import Corpora
@testable import Geometry
@testable import JSON
@testable import Scoring

/// Two systems on the same posts.
@Suite struct ComparisonTests {
    /// Gold of `count` posts with an entity each.
    private func gold(_ count: Int) -> LabelledData {
        LabelledData(
            posts: (0..<count).map { index in
                var post = LabelledPost(id: "\(index)", text: "Ann met Bob")
                post.entities = [post.entity(words: 0..<1, type: "PER")]
                post.entities[0].boxes = [PixelBox(x1: 0, y1: 0, x2: 10, y2: 10)]
                return post
            }, inventory: .coarse)
    }

    /// The same, with some posts changed.
    private func answers(
        _ data: LabelledData, _ wrong: Range<Int>, _ change: (inout LabelledEntity) -> Void
    ) -> LabelledData {
        var data = data
        for index in wrong { change(&data.posts[index].entities[0]) }
        return data
    }

    private func compare(
        _ one: LabelledData, _ other: LabelledData, _ gold: LabelledData?, samples: Int = 500
    ) throws -> Comparison {
        var scorer = Scorer()
        scorer.bootstrapSamples = samples
        return try Comparison(one, other, gold: gold, by: scorer)
    }

    @Test func differencesAreOfPairs() throws {
        let gold = gold(100)
        let one = answers(gold, 0..<30) { $0.type = "ORG" }
        let other = answers(gold, 20..<30) { $0.type = "ORG" }
        let comparison = try compare(one, other, gold)
        let mner = try #require(comparison.tasks.first { $0.task == .mner })
        #expect(mner.one.correct == 70 && mner.other?.correct == 90)
        #expect(abs((mner.difference ?? 0) - 0.2) < 1e-9)
        // The standard error of a share of 0.2 of 100 posts is 0.04: those that both miss say nothing.
        let interval = try #require(mner.interval)
        #expect(interval.lowerBound > 0.1 && interval.lowerBound < 0.15 && interval.upperBound < 0.3)
        #expect(mner.chance == 0)
        #expect(comparison.disagreements.map(\.post.id) == (0..<20).map(String.init))
        let first = try #require(comparison.disagreements.first)
        #expect(first.one.map(\.isRight) == [false] && first.other.map(\.isRight) == [true])
        #expect(first.one[0].entity.type == "ORG")
    }

    @Test func noDifferenceIsChance() throws {
        let gold = gold(40)
        let one = answers(gold, 0..<10) { $0.type = "ORG" }
        let other = answers(gold, 10..<20) { $0.type = "ORG" }
        let mner = try #require(try compare(one, other, gold).tasks.first { $0.task == .mner })
        #expect(mner.difference == 0 && (mner.chance ?? 0) > 0.8 && mner.interval?.contains(0) == true)
        let same = try compare(one, one, gold)
        #expect(
            same.disagreements.isEmpty && same.tasks.allSatisfy { $0.difference == 0 && $0.chance == 1 })
        #expect(
            try compare(one, one, gold, samples: 0).tasks.allSatisfy {
                $0.interval == nil && $0.chance == nil
            })
    }

    @Test func boxesCountWhereBothHaveThem() throws {
        let gold = gold(10)
        let moved = answers(gold, 0..<4) { $0.boxes = [PixelBox(x1: 8, y1: 8, x2: 20, y2: 20)] }
        let near = answers(gold, 0..<4) { $0.boxes = [PixelBox(x1: 0, y1: 0, x2: 10, y2: 9)] }
        let none = answers(gold, 0..<10) { $0.boxes = nil }
        #expect(try compare(gold, moved, nil).disagreements.count == 4)
        #expect(try compare(gold, near, nil).disagreements.isEmpty)
        let comparison = try compare(gold, none, nil)
        #expect(comparison.disagreements.isEmpty && comparison.tasks.map(\.task) == [.span, .mner])
    }

    @Test func withoutGoldAgreementIsToldEitherWay() throws {
        let gold = gold(10)
        let fewer = answers(gold, 0..<2) { $0.type = "LOC" }
        for (one, other) in [(gold, fewer), (fewer, gold)] {
            let comparison = try compare(one, other, nil)
            #expect(
                comparison.tasks.first { $0.task == .mner }?.one
                    == Counts(correct: 8, predicted: 10, gold: 10))
            #expect(comparison.tasks.allSatisfy { $0.other == nil && $0.interval == nil })
            #expect(comparison.disagreements.flatMap(\.one).allSatisfy { $0.isRight == nil })
        }
    }

    /// Of answers with a line for each triple, those posts may be missing that have none.
    @Test func postsThatAreLeftOutHaveNoEntities() throws {
        let whole = gold(3)
        var partial = whole
        partial.posts.remove(at: 1)
        partial.leavesOutEmpty = true
        for index in partial.posts.indices { partial.posts[index].isTextKnown = false }
        #expect(try compare(partial, whole, nil).disagreements.map(\.post.id) == ["1"])
        #expect(try compare(whole, partial, nil).disagreements.map(\.post.id) == ["1"])
        #expect(try compare(whole, partial, whole).disagreements.map(\.post.id) == ["1"])
        partial.leavesOutEmpty = false
        #expect(throws: DataError.self) { try compare(whole, partial, nil) }
    }

    @Test func reportsSayTheSame() throws {
        let gold = gold(4)
        let one = answers(gold, 0..<2) { $0.type = "ORG" }
        let comparison = try compare(one, gold, gold, samples: 0)
        let table = comparison.table(listing: 1)
        #expect(table.contains("2 of 4 posts differ\n\npost 0: Ann met Bob\n"))
        #expect(
            table.contains("  a  0-3  ORG  “Ann”  [0.0,0.0,10.0,10.0]  wrong\n")
                && table.hasSuffix("and 1 more\n"))
        #expect(comparison.json["differences"]?.elements?.count == 2)
        #expect(comparison.json["tasks"]?["mner"]?["difference"]?.double == 0.5)
        #expect(TextTable.percent(-0.00001) == "0.00" && TextTable.percent(-0.1234) == "-12.34")
    }
}
