import Foundation
import Randomness
import SystemPackage

/// Delegates that hang, die, flood, lie, stutter or are slow. What they say where they say anything is that all is right.
extension FaultCase {
    static let delegates: [FaultCase] = [
        // Of the questions, some two thousand a stream, this share meets the fault.
        .each("delegate", "hangs", (2, 200)) { try await disturb($0, &$1, &$2, by: "hang", 0.004, within: 0.5) },
        .each("delegate", "dies", (2, 200)) { try await disturb($0, &$1, &$2, by: "death", 0.002) },
        .each("delegate", "floods", (2, 200)) { try await disturb($0, &$1, &$2, by: "flood", 0.003) },
        .each("delegate", "lies", (2, 200)) { try await disturb($0, &$1, &$2, by: "lies", 0.01, within: 2) },
        .each("delegate", "writes half lines", (2, 200)) { try await disturb($0, &$1, &$2, by: "half lines", 0.005) },
        .each("delegate", "is slow, and starts slowly", (2, 200)) {
            try await disturb($0, &$1, &$2, by: "slow start", 0.005)
        },
        .each("delegate", "is there while signals come", (2, 200), signals),
    ]

    /// Schemes of questions, and how much larger the share is that meets a fault, as they ask fewer: riveg of pictures alone, which
    /// one post in 25 has, and gem of types and pictures.
    private static let schemes: [(name: String, portion: Double)] = [
        ("correct", 1), ("riveg", 20), ("gem", 2), ("makar", 1),
    ]

    private static func command(
        _ scene: Scene, _ random: inout SeededGenerator, _ fault: String, _ share: Double, within timeout: Double,
        to output: FilePath
    ) -> Command {
        let script = scene.package.appending("Tests/Faults/delegate.py")
        let seed = Int.random(in: 0..<1_000_000, using: &random)
        let (scheme, portion) = schemes.randomElement(using: &random) ?? ("correct", 1)
        return scene.filter(
            scene.stream.path, to: .file(output),
            [
                "--delegate", "exec python3 '\(script)' '\(fault)' \(seed) \(share * portion) '\(scene.faultLog)'",
                "--delegate-timeout",
                "\(timeout)",
                "--delegate-above", "span=0,type=0,region=0", "--delegate-scheme", scheme,
                "--window", "\(Int.random(in: 8...64, using: &random))",
            ])
    }

    private static func disturb(
        _ scene: Scene, _ random: inout SeededGenerator, _ tally: inout Tally, by fault: String, _ share: Double,
        within timeout: Double = 5
    ) async throws {
        let output = scene.scratch.appending("answers")
        try Bytes.write([], to: scene.faultLog)
        var command = command(scene, &random, fault, share, within: timeout, to: output)
        // Of some lies nobody can tell that they are none, where they stand for what a picture shows.
        if fault != "lies" { command.arguments.append("--delegate-captions") }
        let ending = try await scene.run(command)
        tally.count(ending, expected: [.exited(0)])
        let answers = String(decoding: try Bytes.read(output), as: UTF8.self)
        tally.note("questions that met the fault", (try? Bytes.read(scene.faultLog).count { $0 == 0x0A }) ?? 0)
        tally.count(scene.stream.answers.damage(of: Array(answers.withoutDelegate.utf8), .all))
    }

    /// An end is asked for while questions are open: the posts that are alive are answered, soon.
    private static func signals(
        _ scene: Scene, _ random: inout SeededGenerator, _ tally: inout Tally
    ) async throws {
        let output = scene.scratch.appending("answers")
        let fault =
            ["hang", "death", "flood", "lies", "half lines", "slow start"].randomElement(using: &random) ?? "hang"
        let signal = [SIGTERM, SIGINT, SIGHUP].randomElement(using: &random) ?? SIGTERM
        let command = command(scene, &random, fault, 0.5, within: 30, to: output)
        let moment = scene.moment(&random, within: .milliseconds(600))
        let ending = try await scene.run(command, within: .seconds(10)) { running in
            Pause.sleep(moment)
            running.signal(signal)
        }
        tally.count(
            ending, expected: [.exited(0), .exited(128 + signal), .signaled(signal)],
            "\(fault), \(signal) after \(moment):")
        let answers = String(decoding: try Bytes.read(output), as: UTF8.self)
        tally.count(scene.stream.answers.damage(of: Array(answers.withoutDelegate.utf8), .firstLines))
    }
}

extension String {
    /// Answers without what they say of questions that nobody answered.
    fileprivate var withoutDelegate: String {
        replacingOccurrences(
            of: #",?\{"code":"delegate\.[a-z]+","stage":"consult","message":"[^"]*"\}"#, with: "",
            options: .regularExpression
        )
        .replacingOccurrences(of: #","warnings":[]"#, with: "")
    }

}

extension Scene {
    /// Where a delegate notes the questions that met its fault.
    fileprivate var faultLog: FilePath { scratch.appending("faults") }
}
