import Foundation
import TestSupport
import Testing

/// What signals do.
@Suite(.onItsOwnThread, .timeLimit(.minutes(5)))
struct SignalTests {
    @Test("A signal ends a filter that waits for input", arguments: [SIGTERM, SIGINT, SIGHUP])
    func idle(signal: Int32) async throws {
        let status = try await LiveStream.run { stream in
            try stream.send(posts: 1)
            _ = try stream.answer()
            stream.signal(signal)
            #expect(try stream.answer() == nil)
            #expect(try stream.messages() == [])
        }
        #expect(status == .exited(128 + signal))
    }

    /// Sends more than the window and the output hold, and waits until the window is full.
    private func fill(_ stream: LiveStream) throws {
        // The first answer shows that the filter is up and hears signals.
        try stream.send(posts: 1)
        _ = try stream.answer()
        try stream.send(posts: 400)
        try stream.awaitStatistics("alive", 200)
    }

    @Test("What is alive is answered before a signal ends the filter, and nothing more")
    func drains() async throws {
        let status = try await LiveStream.run(["--window", "200"], outputRoom: 4096) { stream in
            try fill(stream)
            stream.signal(SIGTERM)
            let lines = try stream.answers().map(\.line)
            #expect(lines == Array(2..<(lines.count + 2)))
            #expect((200..<400).contains(lines.count))
            #expect(try stream.messages() == [])
        }
        #expect(status == .exited(128 + SIGTERM))
    }

    @Test("A second signal does not wait", arguments: [SIGTERM, SIGINT])
    func second(signal: Int32) async throws {
        let status = try await LiveStream.run(["--window", "200"], outputRoom: 4096) { stream in
            try fill(stream)
            stream.signal(SIGTERM)
            // Still there: its output is full.
            #expect(try #require(try stream.statistics()["alive"] as? Int) > 100)
            stream.signal(signal)
            #expect(try stream.messages() == [])
        }
        #expect(status == .exited(128 + signal))
    }

    @Test("A reader that is stuck does not keep a filter from its end", arguments: [SIGTERM, SIGINT, SIGHUP])
    func stuck(signal: Int32) async throws {
        let status = try await LiveStream.run(["--window", "200", "--grace", "0.2"], outputRoom: 4096) { stream in
            try fill(stream)
            stream.signal(signal)
            #expect(await stream.ends(within: .seconds(60)))
        }
        #expect(status == .exited(128 + signal))
    }

    @Test("A signal is heard from the first moment", arguments: [0, 1, 2, 5, 10, 20, 40, 80])
    func early(milliseconds: UInt32) async throws {
        let status = try await LiveStream.run { stream in
            usleep(milliseconds * 1_000)
            stream.signal(SIGTERM)
            #expect(await stream.ends(within: .seconds(60)))
        }
        // Before the filter listens, the signal itself ends it.
        #expect(status == .exited(128 + SIGTERM) || status == .signaled(SIGTERM))
    }

    @Test("A signal that the parent had ignored stays ignored")
    func nohup() async throws {
        let status = try await LiveStream.run(shell: "trap '' HUP") { stream in
            try stream.send(posts: 1)
            _ = try stream.answer()
            stream.signal(SIGHUP)
            try stream.awaitStatistics("posts", 1)
            try stream.endInput()
            #expect(try stream.answers().isEmpty)
        }
        #expect(status == .exited(0))
    }

    @Test("SIGUSR1 asks for the statistics, which are one line of JSON")
    func statistics() async throws {
        let status = try await LiveStream.run(["--stats", "--jobs", "3", "--window", "5"]) { stream in
            try stream.send("{\"text\":\"Paris\"}\nnonsense\n\n")
            _ = try (stream.answer(), stream.answer())
            let now = try stream.awaitStatistics("posts", 2)
            #expect(now["errors"] as? [String: Int] == ["json.syntax": 1])
            #expect(now["jobs"] as? Int == 3)
            #expect(now["window"] as? Int == 5)
            try stream.endInput()
            let last = try #require(try stream.messages().last)
            let end = try #require(try JSONSerialization.jsonObject(with: Data(last.utf8)) as? [String: Any])
            #expect(end["empty_lines"] as? Int == 1)
        }
        #expect(status == .exited(0))
    }
}
