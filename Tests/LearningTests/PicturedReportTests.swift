import SystemPackage
import Testing

@testable import Corpora
@testable import Geometry
@testable import JSON
@testable import Learning
@testable import Model
@testable import Scoring
@testable import Text

/// Numbers that can be counted on one's fingers, of answers that were made up.
@Suite("What answers to posts with pictures are worth")
struct PicturedReportTests {
    private static let leftHalf = RelativeBox(x1: 0, y1: 0, x2: 0.5, y2: 1)
    private static let rightHalf = RelativeBox(x1: 0.5, y1: 0, x2: 1, y2: 1)

    /// Something at a word of a post: what is so, and what was said.
    private struct Thing {
        var word: Int
        /// Its type, where there is an entity.
        var type: String?
        /// Where it can be seen; `nil`: nowhere.
        var box: RelativeBox?
        var isUnsure = false
        /// The type that was found, where the tagger found something.
        var found: String?
        /// What the gate says with the picture and without.
        var shown: Float = 0
        var alone: Float = 0
        var drawn: RelativeBox = .whole
        var trust: Float = 0.5
        /// Whether the box is answered.
        var isAnswered = false

        func mention(_ post: LabelledPost, type: String) throws -> (shown: Mention, alone: Mention) {
            let index = try #require(TypeInventory.coarse.index(of: type))
            var mention = Mention(
                words: word..<word + 1, scalars: post.wordScalars[word], type: index, score: 0.9)
            mention.visible = alone
            let bare = mention
            (mention.visible, mention.drawn, mention.boxScore) = (shown, drawn, trust)
            mention.box = isAnswered ? drawn : nil
            return (mention, bare)
        }
    }

    private func post(_ id: Int, _ text: String, _ things: [Thing]) throws -> PicturedAnswers.Post {
        var truth = LabelledPost(id: "\(id)", text: text)
        let size = ImageSize(width: 100, height: 100)
        truth.picture = size
        var known = PicturedAnswers.Sayings(shown: [], alone: [])
        var found = known
        for thing in things {
            if let type = thing.type {
                var entity = truth.entity(words: thing.word..<thing.word + 1, type: type)
                entity.boxes = thing.box.map { [PixelBox($0, of: size)] } ?? []
                entity.isUnsure = thing.isUnsure
                truth.entities.append(entity)
                let said = try thing.mention(truth, type: type)
                known.shown.append(said.shown)
                known.alone.append(said.alone)
            }
            if let type = thing.found {
                let said = try thing.mention(truth, type: type)
                found.shown.append(said.shown)
                found.alone.append(said.alone)
            }
        }
        return PicturedAnswers.Post(truth: truth, known: known, found: found)
    }

    private func report(_ posts: [PicturedAnswers.Post]) throws -> GroundingReport {
        var report = GroundingReport()
        try report.add(PicturedAnswers(types: .coarse, posts: posts), bootstrap: Bootstrap(samples: 200))
        return report
    }

    /// Numbers of a row by name, and `count`.
    private func numbers(_ report: GroundingReport, _ name: String) throws -> [String: Double] {
        let row = try #require(report.rows.first { $0.name == name }, "\(name)")
        let shares = row.shares.map { ($0.name, ($0.value * 1000).rounded() / 1000) }
        return Dictionary(uniqueKeysWithValues: shares + [("count", Double(row.count))])
    }

    /// Kim is seen and found; NASA is not there and gets a box; Rio is seen, taken for a company, and gets none; nobody
    /// knows of Bob; Oslo is missed; "cold" is no entity.
    private func posts() throws -> [PicturedAnswers.Post] {
        [
            try post(
                1, "Kim met NASA",
                [
                    Thing(
                        word: 0, type: "PER", box: Self.leftHalf, found: "PER", shown: 0.9, alone: 0.6,
                        drawn: Self.leftHalf, trust: 0.8, isAnswered: true),
                    Thing(word: 2, type: "ORG", found: "ORG", shown: 0.6, alone: 0.2, trust: 0.9, isAnswered: true),
                ]),
            try post(
                2, "Rio Bob",
                [
                    Thing(
                        word: 0, type: "LOC", box: Self.rightHalf, found: "ORG", shown: 0.3, alone: 0.7,
                        drawn: Self.rightHalf, trust: 0.4),
                    Thing(
                        word: 1, type: "PER", box: Self.rightHalf, isUnsure: true, found: "PER", shown: 0.99,
                        isAnswered: true),
                ]),
            try post(
                3, "Oslo is cold",
                [
                    Thing(word: 0, type: "LOC", shown: 0.4, alone: 0.1, trust: 0.3),
                    Thing(word: 2, found: "OTHER", shown: 0.8, isAnswered: true),
                ]),
        ]
    }

    @Test func gatesAreJudgedByWhatSomebodyKnows() throws {
        let report = try report(posts())
        // Kim .9 is right, NASA .6 and Rio .3 are wrong; of the two pairs one is in order.
        #expect(
            try numbers(report, "found: gate, with picture") == [
                "count": 3, "visible": 0.667, "said": 0.6, "accuracy": 0.333, "auc": 0.5, "ece": 0.467,
                "by chance": 0.332,
            ])
        #expect(
            try numbers(report, "found: gate, text alone") == [
                "count": 3, "visible": 0.667, "said": 0.5, "accuracy": 1, "auc": 1, "ece": 0.3,
                "by chance": 0.359,
            ])
        #expect(
            try numbers(report, "found: gate, gain by the picture") == ["count": 3, "accuracy": -0.667, "auc": -0.5])
        // With Oslo, which the tagger missed: .9 is above .6 and .4, .3 below both.
        #expect(
            try numbers(report, "gold: gate, with picture") == [
                "count": 4, "visible": 0.5, "said": 0.55, "accuracy": 0.5, "auc": 0.5, "ece": 0.45,
                "by chance": 0.347,
            ])
        // By the type that it has, not by the one that the tagger took it for.
        #expect(try numbers(report, "found LOC: gate, with picture")["count"] == 1)
        #expect(try numbers(report, "found ORG: gate, with picture")["said"] == 0.6)
        #expect(try numbers(report, "gold LOC: gate, with picture")["said"] == 0.35)
        #expect(!report.rows.contains { $0.name.hasPrefix("found OTHER") })
    }

    @Test func boxesAreJudgedByOverlap() throws {
        let report = try report(posts())
        #expect(try numbers(report, "found: boxes of what is visible") == ["count": 2, "hits": 1])
        #expect(try numbers(report, "found persons: boxes of what is visible") == ["count": 1, "hits": 1])
        #expect(
            !report.rows.contains { $0.name == "found organisations and others: boxes of what is visible" })
        #expect(
            try numbers(report, "found: boxes answered") == [
                "count": 3, "visible entities hit": 0.5, "drawn": 2, "right": 1, "on what is not there": 1,
            ])
        #expect(
            try numbers(report, "found: box_score of what is visible") == [
                "count": 2, "right": 1, "said": 0.6, "auc": 0.5, "ece": 0.4, "by chance": 0.355,
            ])
        // A half is not above one half.
        let whole = try self.report([
            post(1, "Kim", [Thing(word: 0, type: "PER", box: Self.leftHalf, found: "PER", shown: 1, drawn: .whole)])
        ])
        #expect(try numbers(whole, "gold: boxes of what is visible") == ["count": 1, "hits": 0])
    }

    /// Before a strange picture Kim's answer moves by .1 and Rio's by .3; before their own by .3 and .4.
    @Test func strangePicturesShouldLeaveAnswersToTheText() throws {
        var posts = try posts()
        for (index, visible) in [(0, [Float(0.5), 0.2]), (1, [0.4])] {
            posts[index].strange[.ofNoise] = zip(posts[index].found.alone, visible).map { mention, visible in
                var mention = mention
                mention.visible = visible
                mention.box = visible == 0.4 ? .whole : nil
                return mention
            }
        }
        let report = try report(posts)
        let row = try numbers(report, "found: picture of noise")
        // NASA stays at .2, where its own picture moves it to .6, and gets a box there, as Kim does.
        #expect(
            row == [
                "count": 3, "away from the text": 0.133, "before its own": 0.367, "boxed": 0.333,
                "boxed before its own": 0.667,
            ])
        #expect(!report.rows.contains { $0.name == "found: picture of one colour" })
    }

    @Test func answersAreJudgedAsAWhole() throws {
        let report = try report(posts())
        // Said: Kim, NASA, Rio, cold. There: Kim, NASA, Rio, Oslo. Bob is on neither side.
        #expect(
            try numbers(report, "answers: EEG") == ["count": 3, "F1": 0.25, "never a box": 0.25, "gain": 0])
        #expect(try numbers(report, "answers: EEG, were the gate always right") == ["count": 3, "F1": 0.75])
        #expect(try numbers(report, "answers: EEG, were boxes always right") == ["count": 3, "F1": 0.25])
        #expect(try numbers(report, "answers: GMNER")["F1"] == 0.25)
        #expect(
            try numbers(report, "answers: GMNER, posts changed by the picture") == [
                "count": 3, "better": 0, "worse": 0,
            ])
    }

    /// Of three posts two gain a right triple by their pictures, and one loses one.
    @Test func picturesMakeAnswersBetterAndWorse() throws {
        let seen = Thing(
            word: 0, type: "PER", box: Self.leftHalf, found: "PER", shown: 0.8, drawn: Self.leftHalf, trust: 0.9,
            isAnswered: true)
        var unseen = seen
        unseen.box = nil
        let report = try report([post(1, "Ann", [seen]), post(2, "Eve", [unseen]), post(3, "Eve", [seen])])
        #expect(
            try numbers(report, "answers: GMNER, posts changed by the picture") == [
                "count": 3, "better": 2, "worse": 1,
            ])
        let row = try #require(report.rows.first { $0.name == "answers: GMNER" })
        #expect(row.shares.map(\.name) == ["F1", "never a box", "gain"])
        // The worst draw is three times the post that loses, the best three times one that gains.
        #expect(row.shares.map(\.interval) == [0...1, 0...1, -1...1])
        #expect(abs(row.shares[2].value - 1 / 3) < 1e-9)
    }

    @Test func theTableIsForPeopleAndTheRestForPrograms() throws {
        let report = try report(posts())
        let lines = report.table.split(separator: "\n").map(String.init)
        #expect(lines.count == report.rows.count)
        let gain = try #require(lines.first { $0.hasPrefix("found: gate, gain by the picture") })
        #expect(gain.contains("3  accuracy -66.7 [-100.0, "))
        let answered = try #require(lines.first { $0.hasPrefix("found: boxes answered") })
        #expect(answered.hasSuffix("visible entities hit 50.0  drawn 2  right 1  on what is not there 1"))
        #expect(report.json["found: boxes answered"]?["drawn"] == .integer(2))
        #expect(report.json["found: gate, with picture"]?["auc_95"]?.elements?.count == 2)
    }
}

@Suite("Draws of posts")
struct BootstrapTests {
    @Test func differencesAreOfPairs() {
        let (one, other): ([Double], [Double]) = ([1, 4, 2, 8], [0, 3, 1, 7])
        func mean(_ values: [Double], _ drawn: [Int]) -> Double {
            drawn.reduce(0) { $0 + values[$1] } / Double(drawn.count)
        }
        let bootstrap = Bootstrap(samples: 300, seed: 4)
        // However far the means go, the second is always one below the first.
        #expect(bootstrap.interval(of: 4) { mean(one, $0) - mean(other, $0) } == 1...1)
        let alone = bootstrap.interval(of: 4) { mean(one, $0) }
        #expect(alone.map { $0.lowerBound < 2.5 && $0.upperBound > 5 } == true)
        #expect(bootstrap.interval(of: 4) { mean(one, $0) } == alone)
    }

    @Test func drawsWithoutAValueAreLeftOut() {
        let bootstrap = Bootstrap(samples: 50)
        #expect(bootstrap.interval(of: 2) { $0.contains(0) ? 3 : nil } == 3...3)
        #expect(bootstrap.interval(of: 2) { _ in nil } == nil)
        #expect(bootstrap.interval(of: 0) { _ in 1 } == nil)
        #expect(Bootstrap(samples: 0).interval(of: 2) { _ in 1 } == nil)
    }
}
