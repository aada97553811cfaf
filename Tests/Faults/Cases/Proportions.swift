import Foundation
import Subprocess
import SystemPackage
import TestSupport

/// What more of something costs.
extension FaultCase {
    static let proportions: [FaultCase] = [
        FaultCase(family: "cost", name: "a byte of text", tries: (3, 9)) { scene, tries, tally in
            // Of a loaded machine the fastest of a few says most.
            let sizes = tries > 3 ? [1, 4, 16] : [1, 2, 4]
            let empty = try await fastest(of: 3, scene, megabytes: 0, &tally)
            var perByte: [Double] = []
            for megabytes in sizes {
                let time = try await fastest(of: tries / 3, scene, megabytes: megabytes, &tally)
                perByte.append((time - empty).seconds / Double(megabytes))
            }
            tally.begin(tries - 1)
            let told = zip(sizes, perByte).map { String(format: "%d MB %.3f s/MB", $0, $1) }.joined(separator: ", ")
            let ratio = (perByte.max() ?? 0) / (perByte.min() ?? 1)
            if ratio > 1.2 { tally.find(told) } else { tally.remark(told) }
        },
        FaultCase(family: "cost", name: "the sandbox", tries: (5, 15)) { scene, tries, tally in
            let input = scene.scratch.appending("pictures.ndjson")
            try Bytes.write(feedWithPictures(posts: 40).utf8, to: input)
            var times: [String: [Double]] = [:]
            for number in 0..<tries {
                tally.begin(number)
                for option in ["--sandbox", "--no-sandbox"] {
                    var command = scene.filter(input, to: .device("/dev/null"), [option])
                    command.arguments += ["--image-root", scene.package.appending("examples/posts").string]
                    command.environment["GMNER_MODEL"] = scene.defaultModel.string
                    let ending = try await scene.run(command)
                    tally.count(ending, expected: [.exited(0)])
                    times[option, default: []].append(ending.processorTime.seconds)
                }
            }
            let medians = times.mapValues { $0.sorted()[tries / 2] }
            let (with, without) = (medians["--sandbox"] ?? 0, medians["--no-sandbox"] ?? 1)
            // On a machine that others use the difference is noise: told, not judged.
            tally.remark(
                String(format: "%.3f s with it, %.3f s without: %.3f", with, without, with / without))
        },
    ]

    private static func feedWithPictures(posts: Int) -> String {
        let pictures = ExamplePictures.names
        return (0..<posts).map {
            "{\"text\":\"Anna met Bob in Rome\",\"image\":\"\(pictures[$0 % pictures.count])\"}\n"
        }.joined()
    }

    /// The least processor time that a text took of that length, all of it read.
    private static func fastest(
        of tries: Int, _ scene: Scene, megabytes: Int, _ tally: inout Tally
    ) async throws -> Duration {
        let input = scene.scratch.appending("text.ndjson")
        let text = "Anna Karenina met Count Vronsky at the station in Moscow, on a cold morning. "
        let line = "{\"text\":\"\(text.times(upTo: max(text.utf8.count, megabytes * 1_000_000)))\"}\n"
        try Bytes.write(line.utf8, to: input)
        var times: [Duration] = []
        for _ in 0..<tries {
            let command = Command(
                arguments: ["--max-text", "1000000000", "--timeout", "1000", "--jobs", "1"], input: .file(input))
            let ending = try await scene.run(command, within: .seconds(300))
            tally.count(ending, expected: [.exited(0)], "\(megabytes) MB:")
            times.append(ending.processorTime)
        }
        return times.min() ?? .zero
    }
}
