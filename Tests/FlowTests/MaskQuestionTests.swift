@testable import Delegates
@testable import Flow
@testable import Geometry
@testable import Images
import JSON
@testable import Model
import Testing
@testable import Wire

/// Pixels of boxes that somebody else gives.
struct MaskQuestionTests {
    private static let size = ImageSize(width: 6, height: 4)

    /// Run lengths of a picture as somebody else says them.
    private static func runs(_ counts: [Int], width: Int = 6, height: Int = 4) -> JSONValue {
        .object([
            .init("size", .array([.integer(height), .integer(width)])),
            .init("counts", .array(counts.map { .integer($0) })),
        ])
    }

    /// The left half of the picture is the box of each mention.
    private static func mention(_ word: Int = 0, visible: Float = 0.9) throws -> Mention {
        var mention = Mention(
            words: word..<word + 1, scalars: 2 * word..<2 * word + 1, type: 0, score: 1, posterior: [1, 0, 0, 0])
        (mention.picture, mention.provenance.hasEvidence) = (0, true)
        (mention.visible, mention.boxScore) = (visible, 1)
        mention.box = RelativeBox(x1: 0, y1: 0, x2: 0.5, y2: 1)
        mention.drawn = mention.box
        mention.cut = .runs(try #require(Mask(picture: size, runs: [0..<12])))
        return mention
    }

    /// Asks to the end; what is left of mentions, what was asked, and what changed.
    private static func ask(
        _ mentions: [Mention], form: MaskForm? = .rle, region: Float = 1, perPost: Int = 8,
        _ answer: (DelegateRequest) -> DelegateOutcome
    ) -> (mentions: [Mention], asked: [DelegateRequest], changes: [ConsultationChange], failures: [DelegateFailure]) {
        var plan = ConsultationPlan(
            FakeDelegate { _ in .success(.keep) }, above: .init(span: 1, type: 1, region: region), perPost: perPost)
        plan.asksMasks = true
        let questions = ConsultationQuestions(
            plan: plan, post: Post(line: 1, text: "a b c", image: "1"), types: ["PER", "LOC", "ORG", "OTHER"],
            sizes: [size], address: { .file($0) }, masks: form)
        var (mentions, consultation, changes) = (mentions, Consultation(), [ConsultationChange]())
        var (asked, failures): ([DelegateRequest], [DelegateFailure]) = ([], [])
        while true {
            var requests = consultation.next(about: mentions, questions)
            if requests.isEmpty {
                changes += consultation.settle(&mentions)
                requests = consultation.masks(of: mentions, questions)
            }
            if requests.isEmpty { return (mentions, asked, changes, failures) }
            asked += requests
            consultation.outcomes = requests.map { request in
                let outcome = answer(request)
                if case .success(.value(let value, _)) = outcome, !request.isAnswer(value) { return .failure(.failed) }
                return outcome
            }
            let absorbed = consultation.absorb(&mentions, types: questions.types)
            changes += absorbed.changes
            failures += absorbed.failures
        }
    }

    private static func value(_ value: JSONValue) -> DelegateOutcome { .success(.value(value, confidence: 0.5)) }

    @Test(
        "the box and its picture are shown, and the pixels that are said are the answer, as far as they are in the box")
    func pixels() throws {
        let (mentions, asked, changes, failures) = Self.ask([try Self.mention()]) { _ in
            Self.value(Self.runs([1, 2, 2, 19]))
        }
        let question = JSONValue.object(try #require(asked.first).payload)
        #expect(asked.map(\.kind) == [.segment])
        #expect(question["box"] == .array([0, 0, 3, 4].map { .integer($0) }))
        #expect(
            question["images"]?.elements?.first?["path"]?.string == "1" && question["entity"]?["text"]?.string == "a")
        #expect(question["text"]?.string == "a b c" && question["uncertainty"] == nil)
        let mask = try #require(Mask(picture: Self.size, runs: [1..<3, 5..<12]))
        #expect(mentions[0].cut == .runs(mask))
        #expect(mentions[0].corrected == [.mask] && changes == [.mask] && failures.isEmpty)
        let own = try Self.mention()
        #expect(mentions[0].boxScore == 1 && mentions[0].box == own.box)
    }

    @Test("outlines are made of what is said where they are asked for")
    func outlines() throws {
        let (mentions, _, _, _) = Self.ask([try Self.mention()], form: .polygon) { _ in
            Self.value(Self.runs([0, 8, 16]))
        }
        guard case .outlines(let outlines) = mentions[0].cut else {
            Issue.record("no outlines")
            return
        }
        #expect(outlines.count == 1)
        #expect(outlines[0].map(\.x).min() == 0 && outlines[0].map(\.x).max() == 2 && outlines[0].map(\.y).max() == 4)
    }

    @Test(
        "what is no mask of the picture, or shows nothing in the box, leaves the model's own",
        arguments: [
            JSONValue.null, .string("24"), .array([]), runs([]), runs([24]), runs([0, 23]), runs([0, 25]),
            runs([-1, 25]),
            runs([0, 24], width: 4, height: 6), runs([12, 12]), runs([0, 24, 0, .max]),
            .object([.init("size", .array([.integer(4), .integer(6)])), .init("counts", .string("0o0"))]),
            .object([
                .init("size", .array([.integer(4), .integer(6)])),
                .init("counts", .array([.integer(0), .integer(23), .number("1.5")])),
            ]),
        ])
    func lies(_ lie: JSONValue) throws {
        let (mentions, _, changes, failures) = Self.ask([try Self.mention()]) { _ in Self.value(lie) }
        let own = try Self.mention()
        #expect(mentions == [own] && changes.isEmpty && failures == [.failed])
    }

    @Test("nothing is asked without a box, a picture or a wish for pixels; where it is kept or not answered, all stays")
    func limits() throws {
        var mention = try Self.mention()
        #expect(Self.ask([mention], form: nil) { _ in .success(.keep) }.asked.isEmpty)
        for outcome in [DelegateOutcome.success(.keep), .failure(.timeout)] {
            let (mentions, asked, changes, _) = Self.ask([mention]) { _ in outcome }
            #expect(mentions == [mention] && asked.count == 1 && changes.isEmpty)
        }
        mention.box = nil
        #expect(Self.ask([mention]) { _ in .success(.keep) }.asked.isEmpty)
        mention = try Self.mention()
        mention.picture = nil
        #expect(Self.ask([mention]) { _ in .success(.keep) }.asked.isEmpty)
    }

    @Test(
        "where not all may be asked about, those are that are most surely where they are said to be", arguments: 0...3)
    func budgets(perPost: Int) throws {
        let mentions = [
            try Self.mention(0, visible: 0.8), try Self.mention(1, visible: 0.9), try Self.mention(2, visible: 0.7),
        ]
        let (found, asked, _, _) = Self.ask(mentions, perPost: perPost) { _ in Self.value(Self.runs([0, 4, 20])) }
        #expect(asked.count == perPost)
        let expected = [[], [1], [0, 1], [0, 1, 2]][perPost]
        #expect(found.indices.filter { found[$0].corrected == [.mask] } == expected)
    }

    @Test("pixels are asked for of the box that is answered, and none are left of another")
    func boxes() throws {
        let other = JSONValue.array([3, 0, 6, 4].map { .integer($0) })
        let (mentions, asked, changes, _) = Self.ask([try Self.mention()], region: 0) { request in
            request.kind == .segment ? .success(.keep) : Self.value(other)
        }
        #expect(asked.map(\.kind) == [.correctRegion, .segment])
        #expect(JSONValue.object(asked[1].payload)["box"] == other)
        #expect(mentions[0].cut == nil && mentions[0].corrected == [.region] && changes == [.region])
        let unseen = Self.ask([try Self.mention()], region: 0) { _ in Self.value(.null) }
        #expect(unseen.asked.count == 1 && unseen.mentions[0].cut == nil && unseen.mentions[0].box == nil)
    }
}
