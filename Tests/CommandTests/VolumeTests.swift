import Dispatch
import Foundation
@testable import Images
import Synchronization
import TestSupport
import Testing

/// Long streams. `Tests/volume.sh` runs them in full, with optimised programs; otherwise they are a fiftieth as long, and
/// their posts are short.
@Suite(.serialized, .onItsOwnThread, .timeLimit(.minutes(20)))
struct VolumeTests {
    private static let isFull = ProcessInfo.processInfo.environment["GMNER_VOLUME"] == "full"

    /// So many, or a fiftieth.
    private static func full(_ count: Int) -> Int { isFull ? count : count / 50 }

    /// Lines sent so far.
    private final class Sent: Sendable {
        private let count = Atomic(0)
        func another() { count.add(1, ordering: .relaxed) }
        var lines: Int { count.load(ordering: .relaxed) }
    }

    @Test("Memory and read-ahead are bounded, however long the stream and however slow its reader")
    func bounded() async throws {
        let count = Self.full(200_000)
        let window = 16
        let text = Self.isFull ? "Anna Karenina met Count Vronsky at the station in Moscow on a cold morning" : "Moscow"
        let post = "{\"id\":1,\"text\":\"\(text)\"}\n"
        let status = try await LiveStream.run(["--window", "\(window)"]) { stream in
            let sent = Sent()
            let producer = DispatchGroup()
            DispatchQueue(label: "test.producer").async(group: producer) {
                for _ in 0..<count {
                    try? stream.send(post)
                    sent.another()
                }
            }
            var received = 0
            var receivedBytes = 0
            var furthest = 0
            var early: Int?
            while received < count {
                let piece = try stream.bytes(4096)
                try #require(!piece.isEmpty)
                // Before these lines were taken out of the pipe, the filter was as far ahead as it could be.
                furthest = max(furthest, sent.lines - received)
                let before = received
                received += piece.count { $0 == 0x0A }
                receivedBytes += piece.count
                if early == nil, received >= count / 10 { early = try Self.peakMemory(stream) }
                if before * 100 / count != received * 100 / count { usleep(10_000) }
            }
            producer.wait()
            let growth = try Self.peakMemory(stream) - (early ?? 0)
            #expect(growth < 10 << 20)
            let pipes = 65_536 / post.utf8.count + 65_536 * received / receivedBytes
            #expect(furthest < window + pipes)
            print("\(count) posts: \(furthest) lines ahead, the pipes hold \(pipes); \(growth) bytes more at the peak")
            try stream.endInput()
            #expect(try stream.bytes(1).isEmpty)
        }
        #expect(status == .exited(0))
    }

    private static func peakMemory(_ stream: LiveStream) throws -> Int {
        try #require(try stream.statistics()["peak_memory_bytes"] as? Int)
    }

    @Test("Pictures of very different sizes do not change the order of answers, unless that is allowed")
    func order() async throws {
        let count = Self.full(10_000)
        let pictures = Programs.package.appending(path: "Tests/CommandTests/Pictures").path
        let scratch = try TemporaryDirectory()
        // From one pixel to millions; huge.png only announces more than is allowed.
        let (width, height) = Self.isFull ? (3000, 2000) : (600, 400)
        let largest = scratch.url.appending(path: "largest.png")
        try Data(
            PNGWriter.encode(width: width, height: height, rgb: [UInt8](repeating: 127, count: width * height * 3))
        )
        .write(to: largest)
        let small = ["dot.png", "scene.jpg", "scene.png", "huge.png", "missing.jpg"].map { "\(pictures)/\($0)" }
        let photographs = ExamplePictures.names
        let large = photographs.map { "\(Programs.package.path)/examples/posts/\($0)" } + [largest.path]
        let posts = scratch.url.appending(path: "posts").path
        let lines = (0..<count).map { post in
            let picture = post % 50 == 0 ? large[post / 50 % large.count] : small[post % small.count]
            return "{\"id\":\(post),\"text\":\"Post \(post) from Paris\",\"image\":\"\(picture)\"}\n"
        }
        try lines.joined().write(toFile: posts, atomically: false, encoding: .utf8)

        let environment = try await Programs.environment()
        var answers: [[Substring]] = []
        for arguments in [[], ["--unordered"]] {
            let run = try await Programs.run(
                Programs.directory.appending(path: "gmner-stream").path, ["--jobs", "4"] + arguments + [posts],
                environment: environment)
            #expect(run.status == .exited(0))
            #expect(run.error.isEmpty)
            answers.append(String(decoding: run.output, as: UTF8.self).split(separator: "\n"))
        }
        #expect(answers[0].count == count)
        for (post, answer) in answers[0].enumerated() {
            try #require(answer.hasPrefix("{\"id\":\(post),\"line\":\(post + 1),\"triples\":["))
        }
        #expect(answers[1].sorted() == answers[0].sorted())
    }
}
