import Foundation
import Synchronization
import SystemPackage
import TestSupport
import Testing
@testable import Wire

@testable import Flow
@testable import Model

/// Whole streams with a model that the tests hold up where they want.
@Suite(.onItsOwnThread, .timeLimit(.minutes(1)))
struct PipelineTests {
    @Test("One line in, one answer out, before the next line is sent", arguments: [true, false])
    func depthOne(lineBuffered: Bool) throws {
        let stream = try StreamUnderTest(jobs: 2) { $0.lineBuffered = lineBuffered }
        for line in 1...5 {
            try stream.send((text: "see a", image: "\(line)"))
            let answer = try #require(try stream.answer())
            #expect(answer.line == line)
            #expect(answer.triples.count == 1)
        }
        try stream.endInput()
        #expect(try stream.answer() == nil)
        #expect(stream.end() == .endOfInput)
    }

    @Test("Answers keep the order of the posts, however long each takes")
    func ordered() throws {
        let gate = Gate()
        let stream = try StreamUnderTest(FakeModel(before: { if $0 == .read(["slow"]) { gate.pass() } }), jobs: 2)
        try stream.send((text: "slow", image: nil))
        gate.awaitArrival()
        try stream.send((text: "b", image: nil), (text: "c", image: nil), (text: "d", image: nil))
        try stream.endInput()
        while stream.pipeline.statistics.snapshot().stages[Stage.ground.rawValue].posts < 3 { usleep(1_000) }
        #expect(stream.pipeline.statistics.snapshot().posts == 0)
        gate.open()
        #expect(try stream.answers().map(\.line) == [1, 2, 3, 4])
    }

    @Test("Unordered answers come as they are ready")
    func unordered() throws {
        let gate = Gate()
        let stream = try StreamUnderTest(FakeModel(before: { if $0 == .read(["slow"]) { gate.pass() } }), jobs: 2) {
            $0.ordered = false
        }
        try stream.send((text: "slow", image: nil))
        gate.awaitArrival()
        try stream.send((text: "b", image: nil), (text: "c", image: nil))
        #expect(try Set([stream.answer()?.line, stream.answer()?.line]) == [2, 3])
        gate.open()
        #expect(try stream.answer()?.line == 1)
        try stream.endInput()
        #expect(stream.end() == .endOfInput)
    }

    @Test("Never more posts alive than the window holds", arguments: [1, 2, 7])
    func bounded(window: Int) throws {
        let alive = Journal<Int>()
        let seat = Seat()
        let stream = try StreamUnderTest(
            FakeModel(before: { _ in if let pipeline = seat.taken { alive.note(pipeline.window.alive) } }), jobs: 3,
            window: window)
        seat.take(stream.pipeline)
        defer { seat.take(nil) }
        for _ in 0..<100 { try stream.send((text: "see a", image: "1"), (text: "b", image: nil)) }
        try stream.endInput()
        #expect(try stream.answers().map(\.line) == Array(1...200))
        let most = try #require(alive.all.max())
        #expect(most <= window)
    }

    @Test("A picture is loaded only if the text has something that it could show")
    func schedulingRule() throws {
        let stream = try StreamUnderTest()
        try stream.send((text: "nothing", image: "1"), (text: "see a", image: "2"), (text: "see b", image: nil))
        try stream.endInput()
        let answers = try stream.answers()
        #expect(stream.pictures.loaded.all == ["2"])
        #expect(stream.pipeline.statistics.snapshot().decodes == 1)
        #expect(answers[0]["image"] == nil)
        #expect(answers[1].triples[0]["box"] as? [Double] == [0, 0, 50, 50])
        #expect(answers[2].triples[0]["box"] is NSNull)
    }

    @Test("Where the tagger looks at the picture, the picture comes first, and what was seen reaches the tagger")
    func pictureFirst() throws {
        let steps = Journal<FakeModel.Step>()
        let stream = try StreamUnderTest(FakeModel(looks: .beforeTagging, before: { steps.note($0) }))
        try stream.send((text: "nothing", image: "1"))
        let answer = try #require(try stream.answer())
        #expect(steps.all == [.see([1]), .readWithPicture("nothing", [1]), .ground])
        #expect(answer.triples.first?["box"] as? [Double] == [0, 0, 50, 50])
        // A post without a picture, and one whose picture is lost, are read as they are.
        try stream.send((text: "bare", image: nil), (text: "lost", image: "nowhere"))
        try stream.endInput()
        #expect(try stream.answers().map(\.warningCodes) == [[], ["image.missing"]])
        #expect(steps.all.dropFirst(3).filter { $0 != .ground } == [.read(["bare"]), .read(["lost"])])
    }

    @Test("A model that never looks has no picture opened")
    func neverLooks() throws {
        let stream = try StreamUnderTest(FakeModel(looks: .never))
        try stream.send((text: "see a", image: "1"), (text: "see b", image: "nowhere"))
        try stream.endInput()
        #expect(try stream.answers().map(\.warningCodes) == [[], []])
        #expect(stream.pictures.loaded.all.isEmpty)
    }

    @Test(
        "A picture that cannot be loaded costs its box, not the post", arguments: [Looks.afterTagging, .beforeTagging])
    func lostPicture(looks: Looks) throws {
        let stream = try StreamUnderTest(FakeModel(looks: looks))
        try stream.send((text: "see a", image: "nowhere"))
        try stream.endInput()
        let answer = try #require(try stream.answer())
        #expect(answer.triples.count == 1)
        #expect(answer.triples.first?["box"] is NSNull)
        #expect(answer.warningCodes == ["image.missing"])
    }

    @Test("Texts that wait anyway are read in one go")
    func batches() throws {
        let steps = Journal<FakeModel.Step>()
        let gate = Gate()
        let stream = try StreamUnderTest(
            FakeModel(before: {
                steps.note($0)
                if $0 == .read(["first"]) { gate.pass() }
            })
        ) { $0.batch = 8 }
        try stream.send((text: "first", image: nil))
        gate.awaitArrival()
        try stream.send((text: "b", image: nil), (text: "c", image: nil), (text: "d", image: nil))
        while stream.pipeline.schedule.depths()[Stage.read.rawValue].now < 3 { usleep(1_000) }
        gate.open()
        try stream.endInput()
        #expect(try stream.answers().count == 4)
        #expect(steps.all.prefix(3) == [.read(["first"]), .ground, .read(["b", "c", "d"])])
    }

    @Test("A stop answers what is alive and reads no more")
    func stop() throws {
        let gate = Gate()
        let stream = try StreamUnderTest(FakeModel(before: { if case .read = $0 { gate.pass() } }), window: 1)
        try stream.send((text: "alive", image: nil), (text: "too late", image: nil))
        gate.awaitArrival()
        stream.pipeline.stop(signal: SIGTERM)
        gate.open(2)
        #expect(try stream.answers().map(\.line) == [1])
        #expect(stream.end() == .stopped(signal: SIGTERM))
    }

    @Test("A stop ends a stream that waits for input")
    func stopIdle() throws {
        let stream = try StreamUnderTest()
        stream.pipeline.stop(signal: SIGINT)
        #expect(stream.end() == .stopped(signal: SIGINT))
    }

    @Test("The reader's departure ends a stream that waits for input")
    func outputClosedIdle() throws {
        let stream = try StreamUnderTest()
        try stream.send((text: "a", image: nil))
        _ = try stream.answer()
        try stream.closeOutput()
        #expect(stream.end() == .outputClosed)
    }

    @Test("The reader's departure ends a stream that is busy")
    func outputClosedBusy() throws {
        let gate = Gate()
        let stream = try StreamUnderTest(FakeModel(before: { if case .read = $0 { gate.pass() } }), window: 2)
        try stream.send(raw: String(repeating: "{\"text\":\"a\"}\n", count: 500))
        gate.awaitArrival()
        try stream.closeOutput()
        gate.open(1000)
        #expect(stream.end() == .outputClosed)
    }

    @Test("Records without an answer: an error in their place")
    func emitErrors() throws {
        let stream = try StreamUnderTest(jobs: 2)
        try stream.send(raw: "{\"text\":\"a\"}\nnonsense\n\n{\"text\":\"b\"}\n")
        try stream.endInput()
        let answers = try stream.answers()
        #expect(answers.map(\.line) == [1, 2, 4])
        #expect(answers.map(\.errorCode) == [nil, "json.syntax", nil])
        let tally = stream.pipeline.statistics.snapshot()
        #expect(tally.errors == ["json.syntax": 1])
        #expect(tally.emptyLines == 1)
        #expect(tally.posts == 3)
    }

    @Test("Records without an answer: left out")
    func skipErrors() throws {
        let stream = try StreamUnderTest { $0.onError = .skip }
        try stream.send(raw: "nonsense\n{\"text\":\"b\"}\nnonsense")
        try stream.endInput()
        #expect(try stream.answers().map(\.line) == [2])
        #expect(stream.pipeline.failedRecords == 2)
    }

    @Test("Records without an answer: the stream stops there, after all answers before")
    func failOnError() throws {
        let gate = Gate()
        let stream = try StreamUnderTest(FakeModel(before: { if $0 == .read(["slow"]) { gate.pass() } })) {
            $0.onError = .fail
        }
        try stream.send(raw: "{\"text\":\"slow\"}\nnonsense\n{\"text\":\"b\"}\n")
        gate.awaitArrival()
        gate.open()
        #expect(try stream.answers().map(\.line) == [1])
        guard case .recordFailed(line: 2, let error) = stream.end() else {
            return #expect(Bool(false), "line 2 has no answer")
        }
        #expect(error.code == .jsonSyntax)
    }

    @Test("A model that contradicts itself costs one post, and is counted as our fault")
    func internalFault() throws {
        let stream = try StreamUnderTest()
        try stream.send((text: "broken", image: nil))
        #expect(try stream.answer()?.errorCode == "internal")
        try stream.send((text: "fine", image: nil))
        #expect(try stream.answer()?.triples.count == 1)
        try stream.endInput()
        #expect(stream.end() == .endOfInput)
        #expect(stream.pipeline.internalFaults == 1)
    }

    @Test("A line that is too long is an error and the next one is not")
    func tooLong() throws {
        let stream = try StreamUnderTest { $0.maxLineBytes = 100 }
        try stream.send(raw: "{\"text\":\"\(String(repeating: "x", count: 50_000))\"}\n{\"text\":\"b\"}\n")
        try stream.endInput()
        #expect(try stream.answers().map(\.errorCode) == ["line.too_long", nil])
    }

    @Test("A write that the system refuses ends the stream")
    func fullDisk() throws {
        let pipeline = try Pipeline(model: FakeModel(), pictures: nil, plan: Plan(jobs: 1))
        let input = try FileDescriptor.pipe()
        try input.writeEnd.writeAll("{\"text\":\"a\"}\n".utf8)
        let full = try FileDescriptor.open("/dev/full", .writeOnly)
        #expect(pipeline.run([.descriptor(input.readEnd)], to: full) == .outputFailed(.noSpace))
        for descriptor in [input.readEnd, input.writeEnd, full] { try descriptor.close() }
    }
}

/// A place for a pipeline that its own model wants to look at.
final class Seat: Sendable {
    private let pipeline = Mutex<Pipeline<FakeModel>?>(nil)
    var taken: Pipeline<FakeModel>? { pipeline.withLock { $0 } }
    func take(_ new: Pipeline<FakeModel>?) { pipeline.withLock { $0 = new } }
}
