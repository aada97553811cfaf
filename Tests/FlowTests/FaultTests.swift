import Glibc
import TestSupport
import Testing

@testable import Flow
@testable import Model
@testable import Wire

/// Models that throw half way through a batch, or give another number of results than there are posts: every post has
/// one answer in its place, and only those fail that cannot be answered.
@Suite(.onItsOwnThread, .timeLimit(.minutes(1)))
struct FaultTests {
    /// What a batch of posts comes to that wait at a stage while the only lane is held up.
    private func answers(
        _ model: FakeModel = FakeModel(), ordered: Bool = true, waiting stage: Stage,
        _ posts: [(text: String, image: String?)]
    ) throws -> (answers: [[String: any Sendable]], steps: [FakeModel.Step], faults: Int) {
        let steps = Journal<FakeModel.Step>()
        let gate = Gate()
        var model = model
        model.before = { step in
            if step == .read(["hold"]) { gate.pass() } else { steps.note(step) }
        }
        let stream = try StreamUnderTest(model) {
            $0.batch = 8
            $0.ordered = ordered
        }
        try stream.send((text: "hold", image: nil))
        gate.awaitArrival()
        for post in posts { try stream.send(post) }
        while stream.pipeline.schedule.depths().first(where: { $0.stage == stage })?.now != posts.count {
            usleep(1_000)
        }
        gate.open()
        try stream.endInput()
        let answers = try stream.answers().filter { $0.line != 1 }
        #expect(answers.count == posts.count)
        #expect(stream.end() == .endOfInput)
        return (answers, steps.all, stream.pipeline.internalFaults)
    }

    @Test("One text of a batch makes the model throw: the others are read again, alone", arguments: [true, false])
    func read(ordered: Bool) throws {
        let (answers, steps, faults) = try answers(
            ordered: ordered, waiting: .read,
            [(text: "a", image: nil), (text: "broken", image: nil), (text: "c", image: nil)])
        #expect(answers.sorted { $0.line ?? 0 < $1.line ?? 0 }.map(\.errorCode) == [nil, "internal", nil])
        #expect(faults == 1)
        #expect(
            steps.filter { $0 != .ground }
                == [.read(["a", "broken", "c"]), .read(["a"]), .read(["broken"]), .read(["c"])])
    }

    @Test("One picture of a batch makes the model throw: it costs its boxes, and the others are encoded again, alone")
    func see() throws {
        let broken = "\(FakeModel.brokenPicture)"
        let (answers, steps, faults) = try answers(
            FakeModel(looks: .beforeTagging), waiting: .see,
            [(text: "a", image: "1"), (text: "b", image: broken), (text: "c", image: "3")])
        #expect(answers.map(\.line) == [2, 3, 4])
        #expect(answers.map(\.errorCode) == [nil, nil, nil])
        let warnings = answers.map { ($0["warnings"] as? [[String: any Sendable]])?.map { $0["code"] as? String } }
        #expect(warnings == [nil, ["image.system"], nil])
        #expect(answers[1].triples.map { $0["box"] as? [Double] } == [nil])
        #expect(answers[0].triples.first?["box"] as? [Double] == [0, 0, 50, 50])
        #expect(faults == 1)
        let seen = steps.filter { if case .see = $0 { true } else { false } }
        #expect(seen == [.see([1, 666, 3]), .see([1]), .see([666]), .see([3])])
    }

    @Test("One text makes the model throw while it grounds: it alone has no answer")
    func ground() throws {
        let (answers, _, faults) = try answers(
            waiting: .read, [(text: "a", image: nil), (text: "shaky", image: nil), (text: "c", image: nil)])
        #expect(answers.map(\.line) == [2, 3, 4])
        #expect(answers.map(\.errorCode) == [nil, "internal", nil])
        #expect(((answers[1]["error"] as? [String: any Sendable])?["stage"] as? String) == "ground")
        #expect(faults == 1)
    }

    @Test("A batch with too few or too many results is worked on again, alone", arguments: [-3, -1, 1, 2])
    func miscounted(surplus: Int) throws {
        let model = FakeModel(
            looks: .beforeTagging,
            surplus: { step in
                switch step {
                case .read(let texts): texts.count > 1 ? surplus : 0
                case .see(let pictures): pictures.count > 1 ? surplus : 0
                case .readWithPicture, .ground: 0
                }
            })
        let posts = [(text: "a", image: "1"), (text: "b", image: "2"), (text: "c", image: "3")]
        let (answers, _, faults) = try answers(model, waiting: .see, posts)
        #expect(answers.map(\.line) == [2, 3, 4])
        #expect(answers.map(\.errorCode) == [nil, nil, nil])
        #expect(answers.allSatisfy { $0.triples.count == 1 })
        #expect(faults == 0)
    }

    @Test("A model that never counts right answers nothing, and the stream still ends", arguments: [-1, 1])
    func neverRight(surplus: Int) throws {
        let stream = try StreamUnderTest(FakeModel(surplus: { _ in surplus }), window: 2)
        for _ in 0..<5 { try stream.send((text: "see a", image: "1"), (text: "nonsense", image: nil)) }
        try stream.endInput()
        let answers = try stream.answers()
        #expect(answers.map(\.line) == Array(1...10))
        #expect(answers.allSatisfy { $0.errorCode == "internal" })
        #expect(stream.end() == .endOfInput)
        #expect(stream.pipeline.internalFaults == 10)
    }

    @Test("Every stage has an outcome for every post, whatever the model does", arguments: Stage.allCases, [-1, 0, 1])
    func outcomes(stage: Stage, surplus: Int) {
        let work = StageWork(
            lanes: [ModelLane(FakeModel(surplus: { _ in surplus }).makeWorker())], pictures: FakePictures(),
            format: AnswerFormat(types: .coarse, writer: AnswerWriter(), emitsErrors: true), details: [],
            regions: RegionReader(isOfUse: false), cutter: nil, consultation: nil,
            patience: Patience(timeout: .seconds(10)), maxTextPieces: 4096, statistics: Statistics())
        let texts = ["a", "broken", "shaky", "d", "e"]
        for count in 0...texts.count {
            let journeys = texts.prefix(count).enumerated().map { index, text in
                var journey = Journey(
                    sequence: index, admitted: 0, post: Post(line: index + 1, text: text, image: text))
                journey.found.picture = PictureInput(patches: [index == 3 ? FakeModel.brokenPicture : 1])
                // The last one comes without what the stages before should have found.
                if index < 4 {
                    let type = text == "shaky" ? 1 : 0
                    journey.found.reading = Reading(
                        mentions: [Mention(words: 0..<1, scalars: 0..<1, type: type, score: 1)],
                        wantsPicture: true, queries: [], alt: [], altRows: 0)
                }
                return journey
            }
            let outcomes = work.outcomes(of: stage, lane: 0, journeys)
            #expect(outcomes.count == count)
            let failed = outcomes.indices.filter { if case .failed = outcomes[$0] { true } else { false } }
            let answered = outcomes.indices.filter { if case .answered = outcomes[$0] { true } else { false } }
            let unseen = outcomes.indices.filter { index in
                guard case .goesOn(let found) = outcomes[index] else { return false }
                return found.picture == nil && found.warnings.map(\.code) == ["image.system"]
            }
            let bad =
                switch stage {
                case .read: surplus == 0 ? [1] : Array(0..<5)
                case .ground: [2, 4]
                case .see, .decode, .consult, .format: [Int]()
                }
            #expect(failed == bad.filter { $0 < count })
            // A picture costs its boxes, not the post.
            #expect(unseen == (stage != .see ? [] : (surplus == 0 ? [3] : Array(0..<5)).filter { $0 < count }))
            #expect(answered == (stage == .format ? Array(0..<count) : []))
        }
    }
}
