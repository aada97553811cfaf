import Foundation
import TestSupport
import Testing

@testable import Flow
@testable import Model
@testable import Wire

/// Posts with several pictures: entities are looked for in each, and the best one answers.
@Suite(.onItsOwnThread, .timeLimit(.minutes(1)))
struct SeveralPicturesTests {
    /// The answer to one post, what the model did for it, and what was loaded.
    private func answer(
        _ line: String, looks: Looks = .afterTagging
    ) throws -> (answer: [String: any Sendable], steps: [FakeModel.Step], loaded: [String]) {
        let steps = Journal<FakeModel.Step>()
        let stream = try StreamUnderTest(FakeModel(looks: looks, before: { steps.note($0) }))
        try stream.send(raw: line + "\n")
        let answer = try #require(try stream.answer())
        try stream.endInput()
        #expect(stream.end() == .endOfInput)
        return (answer, steps.all, stream.pictures.loaded.all)
    }

    @Test(
        "The picture that promises most decides, and says which it is", arguments: [Looks.afterTagging, .beforeTagging])
    func best(looks: Looks) throws {
        let (answer, steps, loaded) = try answer(#"{"text":"see a","image":["200","900","500"]}"#, looks: looks)
        #expect(loaded == ["200", "900", "500"])
        #expect(answer.triples.map { $0["picture"] as? Int } == [1])
        #expect(answer.triples.map { $0["box_score"] as? Double } == [0.9])
        #expect((answer["images"] as? [[String: Int]])?.count == 3 && answer["image"] == nil)
        // One after another: never two at hand.
        let pictures: [FakeModel.Step] = [.see([200]), .ground, .see([900]), .ground, .see([500]), .ground]
        #expect(steps.filter { $0 == .ground || [.see([200]), .see([900]), .see([500])].contains($0) } == pictures)
        #expect(steps.contains(looks == .beforeTagging ? .readWithPicture("see a", [200]) : .read(["see a"])))
    }

    @Test("Of two that promise the same, the first one decides")
    func tie() throws {
        #expect(try answer(#"{"text":"see a","image":["700","700"]}"#).answer.triples.first?["picture"] as? Int == 0)
    }

    @Test("Pictures that cannot be loaded cost themselves", arguments: [Looks.afterTagging, .beforeTagging])
    func lost(looks: Looks) throws {
        let (some, steps, _) = try answer(#"{"text":"see a","image":["x","500",null,"y"]}"#, looks: looks)
        #expect(some.triples.map { $0["picture"] as? Int } == [1])
        #expect(some.warningCodes == ["image.missing", "image.missing"])
        let sizes = try #require(some["images"] as? [any Sendable])
        #expect(sizes.map { $0 is [String: Int] } == [false, true, false, false])
        #expect(steps.filter { $0 == .ground }.count == 1)

        let none = try answer(#"{"text":"see a","image":["x","y"]}"#, looks: looks).answer
        #expect(none.triples.count == 1 && none.triples[0]["picture"] is NSNull && none.triples[0]["box"] is NSNull)
        #expect(none.warningCodes == ["image.missing", "image.missing"] && none["images"] == nil)
    }

    @Test("Where nothing could be shown, no further picture is loaded")
    func schedulingRule() throws {
        #expect(try answer(#"{"text":"nothing","image":["1","2"]}"#).loaded == [])
        #expect(try answer(#"{"text":"nothing","image":["1","2"]}"#, looks: .beforeTagging).loaded == ["1"])
        #expect(try answer(#"{"text":"see a","image":["1","2"]}"#, looks: .never).loaded == [])
    }

    @Test("Each picture is judged with its own alternative text")
    func alternativeText() throws {
        // The fake takes the text for how visible all is: 0.9 × 0.5 against 0.3 × 0.9.
        let answer = try answer(
            #"{"text":"see a","image":[{"path":"500","alt":"0.9"},{"path":"900","alt":"0.3"}]}"#
        ).answer
        #expect(answer.triples.map { $0["picture"] as? Int } == [0])
        #expect(answer.triples.map { $0["visible"] as? Double } == [0.9])
    }

    @Test("A list of one is a post with one picture")
    func listOfOne() throws {
        let answer = try answer(#"{"text":"see a","image":["500"]}"#).answer
        #expect(answer["image"] != nil && answer["images"] == nil && answer.triples.first?["picture"] == nil)
    }
}
