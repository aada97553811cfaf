import Foundation
import TestSupport
import Testing

/// What is told on standard error about the progress of a stream, and to whom.
@Suite(.onItsOwnThread, .timeLimit(.minutes(5)))
struct ProgressTests {
    @Test("A log is told when asked, in whole lines")
    func log() async throws {
        let status = try await LiveStream.run(["--progress"]) { stream in
            try stream.send("{\"text\":\"a\"}\nnonsense\n")
            try stream.endInput()
            #expect(try stream.answers().count == 2)
            let last = try #require(try stream.messages().last)
            #expect(last.wholeMatch(of: /2 posts, [0-9.]+\/s, 1 errors/) != nil, "\(last)")
        }
        #expect(status == .exited(0))
    }

    @Test("Nobody who does not read what is told can hold up the end")
    func fullPipe() async throws {
        // As much as a pipe holds, so that not one byte more fits when the filter begins.
        let status = try await LiveStream.run(["--progress"], shell: "head -c 65536 /dev/zero >&2") { stream in
            try stream.send(posts: 2)
            try stream.endInput()
            #expect(try stream.answers().count == 2)
            #expect(await stream.ends(within: .seconds(60)))
        }
        #expect(status == .exited(0))
    }

    @Test(
        "A terminal is told unasked, but not between answers, and not against one's will",
        arguments: [(">answers", true), ("", false), ("--no-progress >answers", false)])
    func terminal(command: String, tells: Bool) async throws {
        let scratch = try TemporaryDirectory()
        // script(1) gives the filter a terminal and shows what comes out of it.
        let run = try await Programs.run(
            "/usr/bin/script",
            ["-qec", "printf '{\"text\":\"a\"}' | gmner-stream \(command)", "/dev/null"],
            environment: try await Programs.environment(), directory: scratch.url)
        #expect(run.status == .exited(0))
        let shown = String(decoding: run.output, as: UTF8.self)
        #expect(shown.contains(/\r1 posts, [0-9.]+\/s, 0 errors/) == tells, "\(shown)")
    }
}
