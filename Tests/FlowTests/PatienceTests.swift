import Glibc
import Testing
import TestSupport

@testable import Flow

/// No post takes more than its time, and none pays for the time of another.
@Suite(.onItsOwnThread, .timeLimit(.minutes(2))) struct PatienceTests {
    private func codes(_ answer: [String: any Sendable]?) -> [String] {
        (answer?["warnings"] as? [[String: any Sendable]] ?? []).compactMap { $0["code"] as? String }
    }

    private func entities(_ answer: [String: any Sendable]?) -> Int {
        (answer?["triples"] as? [[String: any Sendable]] ?? []).count
    }

    @Test("A picture that takes too long costs its boxes and nothing else")
    func picture() throws {
        let stream = try StreamUnderTest { $0.timeout = .milliseconds(50) }
        try stream.send(("see it", "endless"), ("see it", "7"))
        let (first, second) = (try stream.answer(), try stream.answer())
        #expect(codes(first) == ["image.timeout"] && entities(first) == 1)
        #expect(codes(second) == [] && entities(second) == 1)
        try stream.endInput()
    }

    @Test("A text that takes too long is answered as far as it was read")
    func text() throws {
        let stream = try StreamUnderTest { $0.timeout = .milliseconds(50) }
        try stream.send(("slow", nil), ("fast", nil))
        let (first, second) = (try stream.answer(), try stream.answer())
        #expect(codes(first) == ["text.timeout"] && entities(first) == 1)
        #expect(codes(second) == [] && entities(second) == 1)
        try stream.endInput()
    }

    @Test("Waiting for others is not work: a post is not late because its neighbours were")
    func neighbours() throws {
        let stream = try StreamUnderTest { $0.timeout = .milliseconds(50) }
        try stream.send(("slow", nil), ("slow", nil), ("slow", nil), ("slow", nil), ("see it", "7"))
        for _ in 0..<4 { #expect(codes(try stream.answer()) == ["text.timeout"]) }
        #expect(codes(try stream.answer()) == [])
        try stream.endInput()
    }

    @Test("The text and the picture of a post share its time")
    func shared() throws {
        let stream = try StreamUnderTest(FakeModel(before: { if $0 == .read(["see it"]) { usleep(80_000) } })) {
            $0.timeout = .milliseconds(50)
        }
        try stream.send(("see it", "endless"))
        // Nothing is left for the picture, which is not waited for a second time.
        #expect(codes(try stream.answer()) == ["image.timeout"])
        try stream.endInput()
    }

    @Test("Whoever asks for the end does not wait for a picture")
    func signal() throws {
        let stream = try StreamUnderTest { $0.timeout = .seconds(1_000) }
        try stream.send(("see it", "endless"))
        while stream.pictures.loaded.all.isEmpty { usleep(1_000) }
        stream.pipeline.stop(signal: SIGTERM)
        #expect(codes(try stream.answer()) == ["image.timeout"])
        #expect(try stream.answer() == nil)
    }

    @Test("A text is read as far as asked")
    func length() throws {
        let stream = try StreamUnderTest { $0.maxTextPieces = 5 }
        try stream.send(("abcde", nil), ("abcdef", nil))
        #expect(codes(try stream.answer()) == [])
        #expect(codes(try stream.answer()) == ["text.too_long"])
        try stream.endInput()
    }
}
