import Foundation
import SystemPackage
import TestSupport
import Testing

/// What happens when answers have nowhere to go.
@Suite(.onItsOwnThread, .timeLimit(.minutes(5)))
struct OutputEndTests {
    @Test("A reader that leaves ends the filter by SIGPIPE, quietly, also while no input comes")
    func closedPipe() async throws {
        let status = try await LiveStream.run { stream in
            try stream.send(posts: 1)
            _ = try stream.answer()
            try stream.closeOutput()
            #expect(try stream.messages() == [])
        }
        #expect(status == .signaled(SIGPIPE))
    }

    @Test("A reader that leaves is a failed write where SIGPIPE was ignored")
    func closedPipeIgnored() async throws {
        let status = try await LiveStream.run(shell: "trap '' PIPE") { stream in
            try stream.send(posts: 1)
            _ = try stream.answer()
            try stream.closeOutput()
            #expect(try stream.messages() == [])
        }
        #expect(status == .exited(74))
    }

    @Test("A reader that leaves a busy filter", arguments: [1, 4])
    func closedPipeBusy(jobs: Int) async throws {
        let status = try await LiveStream.run(["--jobs", "\(jobs)"], outputRoom: 4096) { stream in
            try stream.send(posts: 200)
            _ = try stream.answer()
            try stream.closeOutput()
            #expect(try stream.messages() == [])
        }
        #expect(status == .signaled(SIGPIPE))
    }

    @Test("A disk that is full ends the filter, and leaves whole lines", arguments: [[], ["--line-buffered"]])
    func fullDisk(arguments: [String]) async throws {
        let scratch = try TemporaryDirectory()
        let file = scratch.url.appending(path: "answers").path
        let status = try await LiveStream.run(arguments, shell: "exec >'\(file)'") { stream in
            try stream.send(posts: 1)
            // The shell that starts the filter may not even have made the file yet.
            func size() -> Int { (try? FileManager.default.attributesOfItem(atPath: file)[.size]) as? Int ?? 0 }
            while size() == 0 { usleep(1_000) }
            // A limit on the size of files is a disk that is full for this process alone. Not before it has begun:
            // sanitized programs begin with a large file of their own.
            let limited = try await Programs.run(
                "/usr/bin/prlimit", ["--fsize=4096", "--pid", "\(stream.process)"], environment: [:])
            try #require(limited.status == .exited(0))
            try? stream.send(posts: 300)
            try stream.endInput()
            #expect(try stream.messages() == ["gmner-stream: standard output: File too large"])
        }
        #expect(status == .exited(74))
        let answers = try String(contentsOfFile: file, encoding: .utf8)
        #expect(answers.hasSuffix("}\n"))
        #expect(answers.utf8.count > 2048)
        for (index, line) in answers.split(separator: "\n").enumerated() {
            let answer = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            #expect(answer?["line"] as? Int == index + 1)
        }
    }

    @Test("An output that is not open is a failed write")
    func noOutput() async throws {
        let status = try await LiveStream.run(shell: "exec >&-") { stream in
            try stream.send(posts: 1)
            #expect(try stream.message() == "gmner-stream: standard output: Bad file descriptor")
        }
        #expect(status == .exited(74))
    }

    @Test("An input that is not open is no input")
    func noInput() async throws {
        let status = try await LiveStream.run(shell: "exec <&-") { stream in
            let messages = try stream.messages()
            #expect(messages == ["gmner-stream: standard input: Bad file descriptor"])
        }
        #expect(status == .exited(66))
    }

    @Test("A system that refuses descriptors is a fault, not a stream")
    func noDescriptors() async throws {
        let status = try await LiveStream.run(shell: "ulimit -n 4") { stream in
            let messages = try stream.messages()
            #expect(messages.count == 1 && messages[0].hasPrefix("gmner-stream: cannot start: "))
        }
        #expect(status == .exited(70))
    }
}
