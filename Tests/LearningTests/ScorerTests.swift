import Foundation
@testable import Learning
import SystemPackage
import Testing
@testable import Text
@testable import Wire
@testable import Geometry
@testable import Corpora
@testable import Scoring

/// An entity over the words `words` of a post of one-letter words.
private func entity(
    _ words: Range<Int>, _ type: String = "PER", boxes: [PixelBox]? = nil, fine: String? = nil, visible: Float? = nil
) -> LabelledEntity {
    var entity = LabelledEntity(
        words: words, scalars: 2 * words.lowerBound..<2 * words.upperBound - 1,
        name: words.map { _ in "w" }.joined(separator: " "), type: type)
    entity.boxes = boxes
    entity.fineType = fine
    entity.visible = visible
    return entity
}

private func box(_ x1: Float, _ y1: Float, _ x2: Float, _ y2: Float) -> PixelBox {
    PixelBox(x1: x1, y1: y1, x2: x2, y2: y2)
}

private func data(_ posts: [[LabelledEntity]]) -> LabelledData {
    LabelledData(
        posts: posts.enumerated().map { index, entities in
            var post = LabelledPost(id: "\(index)", words: [String](repeating: "w", count: 9))
            post.entities = entities
            return post
        }, inventory: .coarse)
}

private func score(
    _ gold: [[LabelledEntity]], _ said: [[LabelledEntity]], _ change: (inout Scorer) -> Void = { _ in }
) throws -> EvaluationReport {
    var scorer = Scorer()
    scorer.bootstrapSamples = 0
    change(&scorer)
    return try scorer.score(gold: data(gold), predicted: data(said))
}

@Suite("Scores by the papers' rules")
struct ScorerTests {
    private let left = box(0, 0, 10, 10)
    private let right = box(20, 0, 30, 10)

    /// What nobody can tell of counts on neither side: not missed, not found, and no box on it is wrong.
    @Test func unsureEntitiesAreLeftOut() throws {
        var unsure = entity(0..<1, boxes: [left])
        unsure.isUnsure = true
        let gold = [unsure, entity(2..<3, boxes: [left])]
        let said = [entity(0..<1, "ORG", boxes: [right]), entity(2..<3, boxes: [left])]
        for counts in try [counts(gold, said), counts(gold, [said[1]])] {
            #expect(counts[.span] == [1, 1, 1] && counts[.eeg] == [1, 1, 1] && counts[.gmner] == [1, 1, 1])
        }
        let report = try score([gold], [said])
        #expect(report.gate?.count == 1 && report.overlap?.count == 1)
        let posts = try Scorer().counts(of: .eeg, gold: data([gold, []]), predicted: data([said, [said[0]]]))
        #expect(posts == [Counts(correct: 1, predicted: 1, gold: 1), Counts(predicted: 1)])
    }

    /// Of each task: right, said, gold, for one post with these entities.
    private func counts(
        _ gold: [LabelledEntity], _ said: [LabelledEntity], inclusive: Bool = false
    ) throws -> [ScoringTask: [Int]] {
        let report = try score([gold], [said]) { $0.rule.inclusive = inclusive }
        return Dictionary(
            uniqueKeysWithValues: report.tasks.map {
                ($0.task, [$0.counts.correct, $0.counts.predicted, $0.counts.gold])
            })
    }

    @Test func startAndEndAndTypeMustBeEqual() throws {
        let gold = [entity(0..<2), entity(3..<4, "LOC")]
        #expect(try counts(gold, gold) == [.span: [2, 2, 2], .mner: [2, 2, 2]])
        #expect(
            try counts(gold, [entity(0..<2, "ORG"), entity(3..<5, "LOC")]) == [.span: [1, 2, 2], .mner: [0, 2, 2]])
        // Another spelling of a type is that type.
        #expect(try counts([entity(0..<1, "OTHER")], [entity(0..<1, "MISC")])[.mner] == [1, 1, 1])
    }

    @Test func nothingAgainstNothingIsRight() throws {
        let all = [ScoringTask.span: [1, 1, 1], .mner: [1, 1, 1], .eeg: [1, 1, 1], .gmner: [1, 1, 1]]
        #expect(try counts([entity(0..<1, boxes: [])], [entity(0..<1, boxes: [])]) == all)
        // Who says nothing of pictures says that there is nothing to see.
        #expect(try counts([entity(0..<1, boxes: [])], [entity(0..<1)]) == all)
    }

    @Test func nothingAgainstABoxAndTheOtherWayRoundAreWrong() throws {
        let half = [ScoringTask.span: [1, 1, 1], .mner: [1, 1, 1], .eeg: [0, 1, 1], .gmner: [0, 1, 1]]
        #expect(try counts([entity(0..<1, boxes: [left])], [entity(0..<1, boxes: [])]) == half)
        #expect(try counts([entity(0..<1, boxes: [])], [entity(0..<1, boxes: [left])]) == half)
    }

    @Test func typeAndRegionCountApart() throws {
        let gold = [entity(0..<1, boxes: [left])]
        #expect(
            try counts(gold, [entity(0..<1, "LOC", boxes: [left])])
                == [.span: [1, 1, 1], .mner: [0, 1, 1], .eeg: [1, 1, 1], .gmner: [0, 1, 1]])
        #expect(
            try counts(gold, [entity(0..<1, boxes: [right])])
                == [.span: [1, 1, 1], .mner: [1, 1, 1], .eeg: [0, 1, 1], .gmner: [0, 1, 1]])
    }

    @Test func anyOfSeveralGoldBoxesWillDo() throws {
        let gold = [entity(0..<1, boxes: [left, right])]
        #expect(try counts(gold, [entity(0..<1, boxes: [right])])[.gmner] == [1, 1, 1])
        #expect(try counts(gold, [entity(0..<1, boxes: [left])])[.gmner] == [1, 1, 1])
        #expect(try counts(gold, [entity(0..<1, boxes: [box(0, 0, 30, 10)])])[.gmner] == [0, 1, 1])
    }

    @Test func oneHalfIsNoHitUnlessAskedFor() throws {
        // A 1×2 box against its upper half.
        let gold = [entity(0..<1, boxes: [box(0, 0, 1, 2)])]
        let said = [entity(0..<1, boxes: [box(0, 0, 1, 1)])]
        #expect(try counts(gold, said)[.gmner] == [0, 1, 1])
        #expect(try counts(gold, said, inclusive: true)[.gmner] == [1, 1, 1])
        let strict = try score([gold], [said]) { $0.rule.threshold = 0.4 }
        #expect(strict[.gmner]?.counts.correct == 1)
    }

    @Test func overlapsAreOfRealValuedAreasWithCornersInAnyOrder() {
        #expect(box(0, 0, 2, 2).intersectionOverUnion(box(1, 1, 3, 3)) == 1.0 / 7)
        #expect(box(2, 2, 0, 0).intersectionOverUnion(box(3, 1, 1, 3)) == 1.0 / 7)
        #expect(left.intersectionOverUnion(right) == 0)
        #expect(left.intersectionOverUnion(box(10, 0, 20, 10)) == 0)
        #expect(box(0, 0, 0, 0).intersectionOverUnion(box(0, 0, 0, 0)) == 0)
    }

    @Test func duplicatesCostPrecisionAndFindGoldOnce() throws {
        let gold = [entity(0..<1, boxes: [left])]
        #expect(try counts(gold, [gold[0], gold[0], gold[0]])[.gmner] == [1, 3, 1])
        // The right one of two is found, wherever it stands.
        let wrong = entity(0..<1, "LOC", boxes: [])
        #expect(try counts(gold, [wrong, gold[0]])[.gmner] == [1, 2, 1])
        #expect(try counts(gold, [gold[0], wrong])[.gmner] == [1, 2, 1])
    }

    @Test func goldEntitiesOfOneSpanAreFoundByDifferentPredictions() throws {
        // The first prediction fits both gold boxes, the second one only the first of them.
        let gold = [entity(0..<1, boxes: [left]), entity(0..<1, boxes: [left, right])]
        let said = [entity(0..<1, boxes: [left]), entity(0..<1, boxes: [right])]
        #expect(try counts(gold, said)[.eeg] == [2, 2, 2])
        #expect(try counts(gold, said.reversed())[.eeg] == [2, 2, 2])
    }

    @Test func touchingEntitiesAreTwo() throws {
        let gold = [entity(0..<1), entity(1..<3)]
        #expect(try counts(gold, [entity(0..<3)])[.span] == [0, 1, 2])
        #expect(try counts(gold, gold)[.span] == [2, 2, 2])
    }

    @Test func emptyPostsCountOnTheirOneSide() throws {
        let report = try score([[], [entity(0..<1, boxes: [])], []], [[entity(0..<1)], [], []])
        let counts = try #require(report[.gmner]?.counts)
        #expect(counts == Counts(correct: 0, predicted: 1, gold: 1))
        #expect(counts.precision == 0)
        #expect(counts.recall == 0)
        #expect(counts.f1 == 0)
        #expect(Counts().f1 == 0)
        #expect(Counts(correct: 1, predicted: 2, gold: 4).f1 == 2.0 / 6)
    }

    @Test func fineTypesHaveTasksOfTheirOwn() throws {
        let gold = [entity(0..<1, boxes: [left], fine: "actor"), entity(2..<3, "LOC", boxes: [], fine: "city")]
        let said = [entity(0..<1, boxes: [left], fine: "athlete"), entity(2..<3, "LOC", boxes: [], fine: "city")]
        let report = try score([gold], [said])
        #expect(report.tasks.map(\.task) == [.span, .mner, .fineMNER, .eeg, .gmner, .fmnerg])
        #expect(report[.fmnerg]?.counts == Counts(correct: 1, predicted: 2, gold: 2))
        #expect(report[.gmner]?.counts == Counts(correct: 2, predicted: 2, gold: 2))
        #expect(report[.fmnerg]?.byType.map(\.type) == ["actor", "athlete", "city"])
        #expect(report[.fmnerg]?.macroF1 == 0.5)
    }

    @Test func fineTypesThatStandAloneSayTheCoarseOnesToo() throws {
        let gold = [
            entity(0..<1, fine: "actor"), entity(2..<3, "LOC", fine: "city"), entity(4..<5, "ORG", fine: "band"),
        ]
        let said = [entity(0..<1, "athlete"), entity(2..<3, "City"), entity(4..<5, "magazine")]
        let report = try score([gold], [said])
        #expect(report[.mner]?.counts == Counts(correct: 2, predicted: 3, gold: 3))
        #expect(report[.fineMNER]?.counts == Counts(correct: 1, predicted: 3, gold: 3))
        // Where gold has no fine types, they are types like others.
        let coarse = try score([[entity(0..<1)]], [[entity(0..<1, "athlete")]])
        #expect(coarse[.mner]?.counts == Counts(correct: 0, predicted: 1, gold: 1))
    }

    @Test func typesAndVisibilityHaveScoresOfTheirOwn() throws {
        let gold = [entity(0..<1, boxes: [left]), entity(1..<2, "LOC", boxes: []), entity(2..<3, "LOC", boxes: [left])]
        let said = [
            entity(0..<1, "LOC", boxes: [left]), entity(1..<2, "LOC", boxes: []), entity(2..<3, "LOC", boxes: []),
        ]
        let gmner = try #require(score([gold], [said])[.gmner])
        #expect(gmner.byType.map(\.type) == ["PER", "LOC"])
        #expect(gmner.byType.map(\.counts) == [Counts(gold: 1), Counts(correct: 1, predicted: 3, gold: 2)])
        #expect(gmner.grounded == Counts(correct: 0, predicted: 1, gold: 2))
        #expect(gmner.ungrounded == Counts(correct: 1, predicted: 2, gold: 1))
    }

    @Test func theGateIsJudgedOnEntitiesFound() throws {
        let gold = [
            entity(0..<1, boxes: [left]), entity(1..<2, boxes: []), entity(2..<3, boxes: [left]),
            entity(4..<5, boxes: []),
        ]
        let said = [
            entity(0..<1, boxes: [right], visible: 0.9), entity(1..<2, boxes: [], visible: 0.2),
            entity(2..<3, boxes: [], visible: 0.2), entity(4..<6, boxes: [left], visible: 1),
        ]
        let gate = try #require(score([gold], [said]).gate)
        #expect(gate.count == 3)
        #expect(gate.accuracy == 2.0 / 3)
        #expect(gate.auc == 0.75)
    }

    @Test func areaUnderTheCurveCountsTiesHalf() {
        func area(_ scores: [Double], _ isPositive: [Bool]) -> Double? {
            areaUnderROC(zip(scores, isPositive).map { (score: $0, isPositive: $1) })
        }
        #expect(area([1, 2, 3, 4], [false, false, true, true]) == 1)
        #expect(area([4, 3, 2, 1], [false, false, true, true]) == 0)
        #expect(area([1, 1, 1], [true, false, true]) == 0.5)
        #expect(area([1, 2, 2, 3, -.infinity], [false, true, false, true, false]) == 5.5 / 6)
        #expect(area([1, 2], [true, true]) == nil)
        #expect(area([1, .nan, 3], [true, false, false]) == nil)
        #expect(area([], []) == nil)
    }

    @Test func overlapsAreDescribed() throws {
        let gold = [entity(0..<1, boxes: [left]), entity(1..<2, boxes: [left]), entity(2..<3, boxes: [left])]
        let said = [
            entity(0..<1, boxes: [left]), entity(1..<2, boxes: [right]), entity(2..<3, boxes: [box(0, 0, 10, 5)]),
        ]
        let overlap = try #require(score([gold], [said]).overlap)
        #expect(overlap.tenths == [1, 0, 0, 0, 0, 1, 0, 0, 0, 1])
        #expect(overlap.mean == 0.5)
        #expect(overlap.median == 0.5)
        #expect(overlap.hits == 1.0 / 3)
    }

    @Test func masksCountWithTheirPixels() throws {
        let picture = ImageSize(width: 30, height: 10)
        let mask = try #require(Mask(picture: picture, runs: [0..<100]))
        var gold = entity(0..<1, boxes: [left])
        gold.masks = [mask]
        // A box alone is all of its pixels.
        #expect(try counts([gold], [entity(0..<1, boxes: [left])])[.smner] == [1, 1, 1])
        #expect(try counts([gold], [entity(0..<1, boxes: [right])])[.smner] == [0, 1, 1])
        #expect(try counts([gold], [entity(0..<1, boxes: [])])[.smner] == [0, 1, 1])
        var said = entity(0..<1, boxes: [left])
        said.masks = [try #require(Mask(picture: picture, runs: [0..<40]))]
        #expect(try counts([gold], [said])[.smner] == [0, 1, 1])
        gold.masks = []
        #expect(try counts([gold], [entity(0..<1, boxes: [])])[.smner] == [1, 1, 1])
    }

    @Test func intervalsHoldTheScoreAndDependOnTheSeedAlone() throws {
        let gold = (0..<40).map { _ in [entity(0..<1)] }
        let said = (0..<40).map { $0 % 4 == 0 ? [] : [entity(0..<1)] }
        let first = try #require(score(gold, said) { $0.bootstrapSamples = 400 }[.mner])
        let interval = try #require(first.interval)
        #expect(interval.contains(first.counts.f1) && interval.upperBound - interval.lowerBound > 0.05)
        #expect(try score(gold, said) { $0.bootstrapSamples = 400 }[.mner]?.interval == interval)
        #expect(
            try score(gold, said) { scorer in
                scorer.bootstrapSamples = 400
                scorer.seed = 1
            }[.mner]?.interval != interval)
        let perfect = try score(gold, gold) { $0.bootstrapSamples = 50 }
        #expect(perfect[.mner]?.interval == 1...1)
    }

    @Test func sidesThatDoNotFitAreRefused() throws {
        func message(_ gold: LabelledData, _ said: LabelledData) -> String? {
            do throws(DataError) {
                _ = try Scorer().score(gold: gold, predicted: said)
                return nil
            } catch { return error.message }
        }
        let two = data([[], []])
        #expect(message(two, data([[]])) == "gold posts without a prediction: 1; the first is 1")
        #expect(message(data([[]]), two) == "predicted posts that are not in gold: 1; the first is 1")
        var other = two
        other.posts[1] = LabelledPost(id: "1", words: ["x"], line: 9)
        #expect(message(two, other) == "post 1 (line 9 of the predictions) has another text than gold")
        other.posts[1] = LabelledPost(id: "1", words: [], line: 9)
        other.posts[1].isTextKnown = false
        other.posts[1].entities = [entity(0..<1)]
        #expect(message(two, other) == nil)
        other.posts[1].entities[0].name = "v"
        #expect(message(two, other)?.hasSuffix("predicted “v” stands where gold has “w”") == true)
        other.posts[1].entities[0].scalars = 0..<99
        #expect(message(two, other)?.hasSuffix("“v” ends at 99, gold at 17") == true)
    }

    @Test func namesCanStandForPlaces() throws {
        var gold = data([[entity(0..<1), entity(2..<4)]])
        gold.posts[0].entities[1].name = "Bo"
        var said = LabelledData(posts: [LabelledPost(id: "0", text: "Bo\nw\nw")])
        for (name, type) in [("Bo", "PER"), ("w", "PER"), ("w", "PER")] {
            said.posts[0].entities.append(LabelledEntity(words: 0..<0, scalars: 0..<1, name: name, type: type))
        }
        var scorer = Scorer()
        scorer.identity = .name
        #expect(
            try scorer.score(gold: gold, predicted: said)[.mner]?.counts == Counts(correct: 2, predicted: 3, gold: 2))
    }

    // MARK: Against seqeval

    private struct Reference: Decodable {
        struct Scores: Decodable {
            var micro: [Double]
            var types: [String: [Double]]
        }
        var gold: [[String]]
        var said: [[String]]
        var lenient: Scores
        var strict: Scores
    }

    @Test(arguments: TagSet.OrphanRule.allCases)
    func scoresOfRandomTagsAreSeqevals(_ rule: TagSet.OrphanRule) throws {
        let reference: Reference = try fixture("seqeval_scores")
        func read(_ sequences: [[String]]) throws -> LabelledData {
            let posts = sequences.enumerated().map { "IMGID:\($0)\n" + $1.map { "w\t\($0)\n" }.joined() }
            let folder = try DataFolder(["a.txt": posts.joined(separator: "\n")])
            return try CoNLLReader(inventory: .coarse, orphans: rule).read(folder.file("a.txt"))
        }
        let report = try Scorer().score(gold: read(reference.gold), predicted: read(reference.said))
        let mner = try #require(report[.mner])
        let expected = rule == .strict ? reference.strict : reference.lenient
        func agrees(_ counts: Counts, _ scores: [Double]) -> Bool {
            zip([counts.precision, counts.recall, counts.f1], scores).allSatisfy { abs($0 - $1) < 1e-12 }
        }
        #expect(agrees(mner.counts, expected.micro))
        #expect(mner.byType.count == 4)
        for (type, counts) in mner.byType { #expect(agrees(counts, try #require(expected.types[type])), "\(type)") }
    }

    // MARK: Reports

    @Test func reportsAreATableAndJSON() throws {
        let report = try score([[entity(0..<1, boxes: [left])]], [[entity(0..<1, boxes: [left])]]) {
            $0.bootstrapSamples = 9
        }
        let rows = report.table.split(separator: "\n").map(String.init)
        #expect(rows[0].hasPrefix("       ") && rows[0].hasSuffix("right  said  gold"))
        #expect(rows.contains { $0.hasPrefix("GMNER") && $0.contains("100.00–100.00") })
        #expect(report.table.contains("1 posts; a box counts as hit with an intersection over union > 0.5"))
        var bytes: [UInt8] = []
        report.json.write(into: &bytes)
        let json = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
        let gmner = try #require((json["tasks"] as? [String: [String: Any]])?["gmner"])
        #expect(gmner["f1"] as? Double == 1 && gmner["gold"] as? Int == 1)
    }
}

@Suite("Published evaluators")
struct PublishedEvaluatorTests {
    private let left = box(0, 0, 10, 10)
    private let right = box(20, 0, 30, 10)

    private func counts(
        _ evaluator: PublishedEvaluator, _ gold: [LabelledEntity], _ said: [LabelledEntity],
        _ task: ScoringTask = .gmner
    ) throws -> [Int] {
        let counts = try #require(evaluator.score(gold: data([gold]), predicted: data([said]))[task]?.counts)
        return [counts.correct, counts.predicted, counts.gold]
    }

    /// The quirks of MQSPN's and UnCo's evaluator, one by one.
    @Test func uncoCountsRows() throws {
        let seen = [entity(0..<1, boxes: [left])]
        let unseen = [entity(0..<1, boxes: [])]
        #expect(try counts(.unco, seen, seen) == [1, 1, 1])
        #expect(try counts(.unco, unseen, seen) == [1, 2, 1])
        #expect(try counts(.unco, seen, unseen) == [0, 1, 1])
        #expect(try counts(.unco, seen, [entity(0..<1, boxes: [right])]) == [0, 2, 1])
        #expect(try counts(.unco, [entity(0..<1, boxes: [left, right])], seen) == [1, 1, 2])
        #expect(try counts(.unco, [], seen) == [0, 0, 0])
        #expect(try counts(.unco, seen, []) == [0, 0, 0])
        #expect(try counts(.unco, [], seen, .mner) == [0, 1, 0])
        // Rows are sets; one half is a hit.
        #expect(try counts(.unco, seen, seen + seen) == [1, 1, 1])
        #expect(try counts(.unco, seen, [entity(0..<1, boxes: [box(0, 0, 10, 5)])]) == [1, 1, 1])
    }

    @Test func rivegKnowsNamesAndTakesOneHalf() throws {
        // Two entities of one name, one prediction of it elsewhere: found once.
        let gold = [entity(0..<1, boxes: [left]), entity(2..<3, boxes: [left])]
        #expect(try counts(.riveg, gold, [entity(4..<5, boxes: [box(0, 0, 10, 5)])]) == [1, 1, 2])
    }

    @Test func hindexCollapsesEqualNames() throws {
        let gold = [entity(0..<1, boxes: [left]), entity(2..<3, boxes: [right])]
        #expect(try counts(.hindex, gold, [entity(0..<1, boxes: [right])]) == [1, 1, 1])
        #expect(try counts(.hindex, gold, [entity(0..<1, boxes: [left])]) == [0, 1, 1])
        #expect(try counts(.hindex, [gold[0]], [entity(0..<1, boxes: [box(0, 0, 10, 5)])]) == [0, 1, 1])
    }
}
