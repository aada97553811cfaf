import Foundation
import Fuzzing
import Randomness
import Subprocess
import SystemPackage
import TestSupport

/// Posts and pictures that nobody would make: good ones with bytes changed.
extension FaultCase {
    static let mutations: [FaultCase] = [
        FaultCase(family: "mutated", name: "posts", tries: (4_000, 200_000)) { scene, tries, tally in
            for first in stride(from: 0, to: tries, by: 4_000) {
                try await answerPosts(first..<min(tries, first + 4_000), scene, &tally)
            }
        },
        FaultCase(family: "mutated", name: "pictures", tries: (300, 10_000)) { scene, tries, tally in
            for first in stride(from: 0, to: tries, by: 300) {
                try await answerPictures(first..<min(tries, first + 300), scene, &tally)
            }
        },
    ]

    /// Has that many broken posts answered, one answer a line.
    private static func answerPosts(_ numbers: Range<Int>, _ scene: Scene, _ tally: inout Tally) async throws {
        guard let target = FuzzTarget.all.first(where: { $0.name == "post" }) else {
            throw BenchError("no posts to be changed")
        }
        let (input, output) = (scene.scratch.appending("mutated.ndjson"), scene.scratch.appending("answers"))
        var blank: Set<Int> = []
        var lines: [UInt8] = []
        for number in numbers {
            let line = target.input(number, seed: scene.seed).map { $0 == 0x0A ? 0x20 : $0 }
            // A byte order mark says nothing either.
            let content = line.starts(with: [0xEF, 0xBB, 0xBF]) ? line.dropFirst(3) : line[...]
            if content.allSatisfy({ [0x09, 0x0D, 0x20].contains($0) }) {
                blank.insert(number - numbers.lowerBound + 1)
            }
            lines += line + [0x0A]
        }
        try Bytes.write(lines, to: input)
        var random = scene.random("mutated posts", numbers.lowerBound)
        let options = [[], ["--passthrough"], ["--explain", "--offsets", "utf16"], ["--jobs", "1"]]
        let chosen = options.randomElement(using: &random) ?? []
        let ending = try await scene.run(scene.filter(input, to: .file(output), chosen))
        tally.begin(numbers.upperBound - 1)
        tally.count(ending, expected: [.exited(0)], "from \(numbers.lowerBound), \(chosen):")
        let answers = NumberedAnswers(count: numbers.count, blank: blank)
        tally.count(answers.damage(of: try Bytes.read(output), .all), "from \(numbers.lowerBound), \(chosen):")
    }

    /// Has that many broken pictures looked at.
    private static func answerPictures(_ numbers: Range<Int>, _ scene: Scene, _ tally: inout Tally) async throws {
        let (input, output) = (scene.scratch.appending("mutated.ndjson"), scene.scratch.appending("answers"))
        let folder = try scene.folder("mutated")
        let samples = try pictures(scene)
        var lines = ""
        for number in numbers {
            var mutator = Mutator(samples, words: [], scene.random("mutated pictures", number))
            // Every other one with right checksums: behind a wrong one nothing is read.
            let picture = number % 2 == 0 ? mutator.next() : PictureBomb.withChecksums(mutator.next())
            try Bytes.write(picture, to: folder.appending("\(number)"))
            lines += "{\"id\":\(number),\"text\":\"Paris\",\"image\":\"\(number)\"}\n"
        }
        try Bytes.write(lines.utf8, to: input)
        let command = Command(
            arguments: ["--image-root", folder.string], input: .file(input), output: .file(output))
        let ending = try await scene.run(command)
        tally.begin(numbers.upperBound - 1)
        tally.count(ending, expected: [.exited(0)], "from \(numbers.lowerBound):")
        let answers = try Bytes.read(output)
        tally.count(NumberedAnswers(count: numbers.count).damage(of: answers, .all), "from \(numbers.lowerBound):")
        let lineEnd = answers.split(separator: 0x0A)
        tally.note("pictures that were seen", lineEnd.count { $0.firstRange(of: Array(#""image":{"#.utf8)) != nil })
        tally.note("pictures that were not", lineEnd.count { $0.firstRange(of: Array(#""image":{"#.utf8)) == nil })
    }

    /// Pictures of all kinds, small enough to be changed whole.
    private static func pictures(_ scene: Scene) throws -> [[UInt8]] {
        let small = ["dot.png", "ribbon.png", "scene.jpg", "scene.png"].map { scene.pictures.appending($0) }
        let large = ["rocket.jpg", "coffee.jpg"].map { scene.package.appending("examples/posts/\($0)") }
        return try (small + large).map { try Bytes.read($0) }
    }
}
