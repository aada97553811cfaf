import Randomness
import SystemPackage

/// A stream of ordinary posts, with and without pictures and with a few lines that are none, and the answers to it.
struct PostStream: Sendable {
    let path: FilePath
    let bytes: [UInt8]
    let answers: ReferenceAnswers
    /// How long it takes.
    let time: Duration

    /// None yet.
    static let none = PostStream(path: "/dev/null", bytes: [], answers: ReferenceAnswers([]), time: .zero)

    private init(path: FilePath, bytes: [UInt8], answers: ReferenceAnswers, time: Duration) {
        (self.path, self.bytes, self.answers, self.time) = (path, bytes, answers, time)
    }

    /// Makes it, and has it answered.
    init(in scene: Scene) async throws {
        path = scene.scratch.appending("stream.ndjson")
        bytes = (0..<1_000).flatMap { Array("\(Self.line($0))\n".utf8) }
        try Bytes.write(bytes, to: path)
        let output = scene.scratch.appending("stream.answers")
        let ending = try await scene.run(scene.filter(path, to: .file(output)))
        answers = ReferenceAnswers(try Bytes.read(output))
        time = ending.time
        guard ending.status == .exited(0), answers.count == 1_000 else {
            throw BenchError("the stream that nothing is wrong with: \(ending.status), \(ending.messages)")
        }
    }

    private static func line(_ number: Int) -> String {
        if number % 97 == 50 { return "no post \(number)" }
        let picture = ["dot.png", "scene.jpg", "scene.png", "missing.jpg"][number / 25 % 4]
        let image = number % 25 == 0 ? ",\"image\":\"\(picture)\"" : ""
        let texts = [
            "Anna met Count Vronsky at the station in Moscow", "Paris", "nothing to see here 🚀", "NASA, again",
        ]
        return "{\"id\":\(number),\"text\":\"\(texts[number % 4]) \(number)\"\(image)}"
    }
}

extension Scene {
    /// The filter over a file of posts.
    func filter(_ input: FilePath, to output: Command.Sink, _ arguments: [String] = []) -> Command {
        Command(
            arguments: ["--image-root", pictures.string] + arguments, input: .file(input), output: output)
    }

    /// A moment of the usual stream, or a little after its end.
    func moment(_ random: inout SeededGenerator, within most: Duration? = nil) -> Duration {
        (most ?? stream.time * 1.1) * Double(random.uniform())
    }
}
