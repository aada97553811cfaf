import Foundation
import TestSupport
import Testing

/// The filter between programs that send one line and wait for the answer.
@Suite(.onItsOwnThread, .timeLimit(.minutes(5)))
struct LatencyTests {
    @Test("With input held open, each line is answered before the next is sent", arguments: [[], ["--line-buffered"]])
    func depthOne(arguments: [String]) async throws {
        let status = try await LiveStream.run(arguments) { stream in
            for line in 1...20 {
                try stream.send("{\"text\":\"Post \(line)\"}\n")
                #expect(try stream.answer()?.line == line)
            }
            try stream.endInput()
            #expect(try stream.answer() == nil)
            #expect(try stream.messages() == [])
        }
        #expect(status == .exited(0))
    }

    @Test("A line is answered when its newline comes, though bytes of the next are there")
    func pieces() async throws {
        let status = try await LiveStream.run { stream in
            try stream.send("{\"te")
            try stream.send("xt\":\"a\"}\n{\"text\":")
            #expect(try stream.answer()?.line == 1)
            try stream.send("\"b\"}")
            try stream.endInput()
            #expect(try stream.answers().map(\.line) == [2])
        }
        #expect(status == .exited(0))
    }

    @Test("The filter stays while its input is open")
    func stays() async throws {
        let status = try await LiveStream.run { stream in
            try stream.send("{\"text\":\"a\"}\n")
            _ = try stream.answer()
            try stream.awaitStatistics("posts", 1)
            try stream.endInput()
            #expect(try stream.answers().isEmpty)
        }
        #expect(status == .exited(0))
    }
}
