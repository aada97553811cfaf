import Foundation
import Randomness
import Subprocess
import SystemPackage

/// The workbench: what it writes is there whole, or not at all.
extension FaultCase {
    static let workbench: [FaultCase] = [
        .each("workbench", "SIGKILL while a model is written", (15, 500)) { scene, random, tally in
            let model = try scene.folder("made")
            let seed = Int.random(in: 1...1_000, using: &random)
            let moment = Duration.milliseconds(Int.random(in: 0...150, using: &random))
            let command = Command(
                program: "gmner", arguments: ["tiny-model", "--to", model.string, "--seed", "\(seed)"])
            let ending = try await scene.run(command) { running in
                Pause.sleep(moment)
                running.signal(SIGKILL)
            }
            tally.count(ending, expected: [.exited(0), .signaled(SIGKILL)])
            // Either a model that works or none that could be taken for one.
            var check = scene.filter(scene.stream.path, to: .device("/dev/null"))
            check.environment["GMNER_MODEL"] = model.string
            let use = try await scene.run(check)
            tally.count(use, expected: [.exited(0), .exited(66)], "after \(moment):")
            if ending.status == .exited(0), use.status != .exited(0) { tally.find("no model: \(use.messages)") }
        },
        FaultCase(family: "workbench", name: "SIGKILL while answers are converted", tries: (15, 500), run: convert),
    ]

    /// What had the name of the output is there still, or the whole output.
    private static func convert(_ scene: Scene, _ tries: Int, _ tally: inout Tally) async throws {
        let (posts, answers) = (scene.scratch.appending("posts.ndjson"), scene.scratch.appending("answers"))
        let output = scene.scratch.appending("converted")
        let lines = scene.stream.bytes.split(separator: 0x0A).filter { $0.first == UInt8(ascii: "{") }
        try Bytes.write(lines.joined(separator: [0x0A]), to: posts)
        tally.count(try await scene.run(scene.filter(posts, to: .file(answers))), expected: [.exited(0)])
        let command = Command(
            program: "gmner",
            arguments: [
                "convert", "--from", "ndjson", "--to", "label-studio", "--texts", posts.string, answers.string,
                output.string,
            ])
        let undisturbed = try await scene.run(command)
        tally.count(undisturbed, expected: [.exited(0)])
        let (old, new) = (Array("old\n".utf8), try Bytes.read(output))
        for number in 0..<tries {
            tally.begin(number)
            var random = scene.random("SIGKILL while answers are converted", number)
            try Bytes.write(old, to: output)
            let moment = undisturbed.time * Double(random.uniform()) * 1.1
            let ending = try await scene.run(command) { running in
                Pause.sleep(moment)
                running.signal(SIGKILL)
            }
            tally.count(ending, expected: [.exited(0), .signaled(SIGKILL)])
            let written = try Bytes.read(output)
            let expected = ending.status == .exited(0) ? [new] : [old, new]
            if !expected.contains(written) { tally.count(Damage(torn: 1), "after \(moment):") }
        }
    }
}
