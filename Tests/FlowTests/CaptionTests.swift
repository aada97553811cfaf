@testable import Delegates
@testable import Flow
@testable import Geometry
import JSON
@testable import Model
import Testing
@testable import Wire

/// What pictures show, asked before a post is read.
struct CaptionTests {
    private static func value(_ value: String) -> DelegateOutcome { .success(.value(.string(value), confidence: nil)) }

    /// The model says of each picture how visible all is by its alternative text, if that is a number that was read for it.
    private func answers(
        _ posts: [String], knows: Bool = false, looks: Looks = .afterTagging, perPost: Int = 8,
        _ answer: @escaping FakeDelegate.Answer
    ) throws -> (answers: [[String: any Sendable]], asked: [DelegateRequest]) {
        let delegate = FakeDelegate(delay: { _ in 1 }, answer: answer)
        let stream = try StreamUnderTest(FakeModel(looks: looks, readsKnowledge: knows)) {
            $0.consultation = ConsultationPlan(delegate, above: .init(span: 1, type: 1, region: 1), perPost: perPost)
            $0.consultation?.asksCaptions = true
        }
        for post in posts { try stream.send(raw: post + "\n") }
        try stream.endInput()
        return (try stream.answers(), delegate.asked.all)
    }

    @Test("each picture without alternative text is asked about once, and is read as what is said of it")
    func captions() throws {
        let (answers, asked) = try answers([
            #"{"id":"a","text":"see","image":["1",{"path":"2","alt":"0.25"},"3","none",{"alt":"0.5"}]}"#
        ]) { request in
            let path = JSONValue.object(request.payload)["images"]?.elements?.first?["path"]?.string
            return Self.value(path == "1" ? " 0.125 \n" : "0.75")
        }
        let questions = asked.map { JSONValue.object($0.payload) }
        #expect(asked.map(\.kind) == [.caption, .caption])
        #expect(questions.map { $0["images"]?.elements?.first?["path"]?.string } == ["1", "3"])
        #expect(questions.allSatisfy { $0["images"]?.elements?.first?["w"]?.integer == 100 && $0["text"] == nil })
        #expect(asked.allSatisfy { $0.post == .string("a") })
        // The third is the one that shows it most.
        #expect(answers[0].triples[0]["visible"] as? Double == 0.75)
        #expect(answers[0].triples[0]["picture"] as? Int == 2)
    }

    @Test("what the feed says is never replaced, and what is no picture is not asked about")
    func feeds() throws {
        let (_, asked) = try answers(
            [
                #"{"text":"see","image":"1","alt":"a park"}"#, #"{"text":"see","image":{"path":"1","alt":"a park"}}"#,
                #"{"text":"see"}"#, #"{"text":"see","image":{"alt":" "}}"#, #"{"text":"see","image":"none"}"#,
                #"{"text":"see","image":"1","alt":" "}"#,
            ], { _ in .success(.keep) })
        #expect(asked.count == 1)
        var post = Post(line: 1, text: "t", image: "1", alt: "a park")
        #expect(post.described(by: [0: "a lake"]) == post)
        post.alt = ""
        #expect(post.described(by: [0: "a lake"]).allAlt == "a lake" && post.described(by: [:]) == post)
    }

    @Test(
        "without an answer, or with one that is none, all is as it would be without asking", arguments: Looks.allCases)
    func fallbacks(looks: Looks) throws {
        let posts = [#"{"text":"see doubt","image":"500"}"#]
        let without = try StreamUnderTest(FakeModel(looks: looks))
        try without.send(raw: posts[0] + "\n")
        try without.endInput()
        let expected = try without.answers()[0]
        for outcome in [
            DelegateOutcome.success(.keep), .failure(.timeout), Self.value(" \n"),
            .success(.value(.integer(1), confidence: nil)),
        ] {
            let (answers, asked) = try answers(posts, looks: looks) { _ in outcome }
            #expect(asked.count == (looks == .never ? 0 : 1))
            #expect(answers[0].triples[0]["visible"] as? Double == expected.triples[0]["visible"] as? Double)
            #expect(answers[0].triples[0]["type"] as? String == expected.triples[0]["type"] as? String)
            #expect(answers[0].warningCodes.count == (outcome == .success(.keep) || looks == .never ? 0 : 1))
        }
    }

    @Test("a caption comes before what is known, and goes with that question and later ones")
    func knowledge() throws {
        let delegate = FakeDelegate(delay: { _ in 1 }) { request in
            request.kind == .caption
                ? Self.value("0.5") : request.kind == .knowledge ? Self.value("xy") : .success(.keep)
        }
        let stream = try StreamUnderTest(FakeModel(readsKnowledge: true)) {
            $0.consultation = ConsultationPlan(delegate, above: .init(span: 0, type: 1, region: 1))
            $0.consultation?.asksCaptions = true
        }
        try stream.send(raw: #"{"text":"see doubt","image":"1"}"# + "\n")
        try stream.endInput()
        let answer = try stream.answers()[0]
        #expect(delegate.asked.all.map(\.kind) == [.caption, .knowledge, .correctSpan])
        #expect(delegate.asked.all.map { JSONValue.object($0.payload)["alt"]?.string } == [nil, "0.5", "0.5"])
        #expect(answer.triples[0]["type"] as? String == "ORG")
        #expect(answer["alt"] == nil)
    }

    @Test("captions count among the questions about a post, and leave one for what is known", arguments: [1, 2, 3])
    func budgets(perPost: Int) throws {
        let post = #"{"text":"see","image":["1","2","3"]}"#
        let (_, asked) = try answers([post], knows: true, perPost: perPost) { _ in .success(.keep) }
        #expect(asked.map(\.kind) == Array(repeating: .caption, count: perPost - 1) + [.knowledge])
        let (_, others) = try answers([post], perPost: perPost) { _ in .success(.keep) }
        #expect(others.map(\.kind) == Array(repeating: .caption, count: perPost))
    }

    @Test("a caption has one line, and no more than a thousand characters")
    func bounds() {
        #expect(PostInquiry.caption(.string(" a\n  b\t")) == "a b")
        #expect(PostInquiry.caption(.string(String(repeating: "é", count: 5000)))?.unicodeScalars.count == 1000)
        #expect(PostInquiry.caption(.string("\n")) == nil && PostInquiry.caption(.null) == nil)
    }
}
