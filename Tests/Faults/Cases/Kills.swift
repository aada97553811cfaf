import Foundation
import Randomness
import Subprocess
import SystemPackage

/// Signals at moments that nobody chose.
extension FaultCase {
    static let kills: [FaultCase] = [
        .each("kill", "SIGKILL, from a file", (25, 1_000)) { scene, random, tally in
            try await disturb(scene, &random, &tally, from: .file(scene.stream.path), [SIGKILL])
        },
        .each("kill", "SIGKILL, from a pipe", (15, 500)) { scene, random, tally in
            try await disturb(scene, &random, &tally, from: .pipe, [SIGKILL])
        },
        .each("kill", "TERM, INT or HUP, from a file", (25, 1_000)) { scene, random, tally in
            try await disturb(scene, &random, &tally, from: .file(scene.stream.path), [polite(&random)])
        },
        .each("kill", "TERM, INT or HUP, from a pipe", (15, 500)) { scene, random, tally in
            try await disturb(scene, &random, &tally, from: .pipe, [polite(&random)])
        },
        .each("kill", "within the first 100 ms", (25, 1_000)) { scene, random, tally in
            try await disturb(
                scene, &random, &tally, from: .file(scene.stream.path), [polite(&random)], within: .milliseconds(100))
        },
        .each("kill", "a second signal", (15, 500)) { scene, random, tally in
            try await disturb(
                scene, &random, &tally, from: .file(scene.stream.path), [polite(&random), polite(&random)])
        },
        .each("kill", "stopped, and told to go on", (8, 200), stopAndGo),
        .each("kill", "stopped, the rest to another run", (8, 200), feedRest),
        .each("kill", "SIGKILL again and again, --resume", (4, 100), resume),
    ]

    /// A signal that asks for the end.
    private static func polite(_ random: inout SeededGenerator) -> Int32 {
        [SIGTERM, SIGINT, SIGHUP].randomElement(using: &random) ?? SIGTERM
    }

    /// Sends signals at random moments, and holds what was written against what should have been.
    private static func disturb(
        _ scene: Scene, _ random: inout SeededGenerator, _ tally: inout Tally, from input: Command.Source,
        _ signals: [Int32], within most: Duration? = nil
    ) async throws {
        let output = scene.scratch.appending("answers")
        var command = scene.filter(scene.stream.path, to: .file(output))
        command.input = input
        let moments = signals.map { (signal: $0, after: scene.moment(&random, within: most)) }
        let ending = try await scene.run(command) { running in
            if case .pipe = input { running.input?.feed(scene.stream.bytes, pieces: 1_000) }
            for (signal, moment) in moments {
                Pause.sleep(moment)
                running.signal(signal)
            }
        }
        // Before it listens, a signal itself ends a program.
        let statuses = signals.flatMap { [TerminationStatus.signaled($0), .exited(128 + $0)] }
        let told = "\(moments.map { "\($0.signal) after \($0.after)" }.joined(separator: ", ")):"
        tally.count(ending, expected: Set(statuses + [.exited(0)]), told)
        let extent: ReferenceAnswers.Extent =
            ending.status == .exited(0) ? .all : signals.contains(SIGKILL) ? .firstBytes : .firstLines
        tally.count(scene.stream.answers.damage(of: try Bytes.read(output), extent), told)
    }

    /// As a shell does with a job: stopped and continued, whatever it is at.
    private static func stopAndGo(
        _ scene: Scene, _ random: inout SeededGenerator, _ tally: inout Tally
    ) async throws {
        let output = scene.scratch.appending("answers")
        let pauses = (0..<8).map { _ in scene.moment(&random) / 8 }
        let ending = try await scene.run(scene.filter(scene.stream.path, to: .file(output))) { running in
            for pause in pauses {
                Pause.sleep(pause)
                running.signal(SIGSTOP)
                Pause.sleep(.milliseconds(5))
                running.signal(SIGCONT)
            }
        }
        tally.count(ending, expected: [.exited(0)])
        tally.count(scene.stream.answers.damage(of: try Bytes.read(output), .all))
    }

    /// What the man page promises: after any end the number of whole lines says where another run goes on.
    private static func feedRest(
        _ scene: Scene, _ random: inout SeededGenerator, _ tally: inout Tally
    ) async throws {
        let (output, rest) = (scene.scratch.appending("answers"), scene.scratch.appending("rest"))
        let signal = [SIGKILL, SIGTERM].randomElement(using: &random) ?? SIGTERM
        let moment = scene.moment(&random)
        let first = try await scene.run(scene.filter(scene.stream.path, to: .file(output))) { running in
            Pause.sleep(moment)
            running.signal(signal)
        }
        tally.measure(first.time, first.peakMemory)
        let written = try Bytes.read(output)
        let whole = written[..<((written.lastIndex(of: 0x0A) ?? -1) + 1)]
        let answered = whole.count { $0 == 0x0A }
        let lines = scene.stream.bytes.split(separator: 0x0A)
        try Bytes.write(lines[answered...].joined(separator: [0x0A]), to: rest)
        let second = try await scene.run(scene.filter(rest, to: .file(output)))
        tally.count(second, expected: [.exited(0)])
        let answers = Array(whole) + renumbered(try Bytes.read(output), by: answered)
        tally.count(scene.stream.answers.damage(of: answers, .all), "signal \(signal) after \(moment):")
    }

    /// However often a stream is killed, another run goes on where it was.
    private static func resume(
        _ scene: Scene, _ random: inout SeededGenerator, _ tally: inout Tally
    ) async throws {
        let folder = try scene.folder("checkpoint")
        let output = folder.appending("answers")
        let arguments = ["--checkpoint", folder.appending("checkpoint").string, "--resume"]
        let command = scene.filter(scene.stream.path, to: .append(output), arguments)
        for _ in 0..<6 {
            let moment = scene.moment(&random)
            let ending = try await scene.run(command) { running in
                Pause.sleep(moment)
                running.signal(SIGKILL)
            }
            tally.count(ending, expected: [.exited(0), .signaled(SIGKILL)], "after \(moment):")
        }
        tally.count(try await scene.run(command), expected: [.exited(0)])
        tally.count(scene.stream.answers.damage(of: try Bytes.read(output), .all))
    }

    /// Answers with other line numbers.
    private static func renumbered(_ answers: [UInt8], by count: Int) -> [UInt8] {
        let key = Array(#""line":"#.utf8)
        return answers.split(separator: 0x0A).flatMap { line -> [UInt8] in
            guard let place = line.firstRange(of: key)?.upperBound else { return line + [0x0A] }
            let digits = line[place...].prefix { (0x30...0x39).contains($0) }
            let number = (Int(String(decoding: digits, as: UTF8.self)) ?? 0) + count
            return line[..<place] + Array("\(number)".utf8) + line[digits.endIndex...] + [0x0A]
        }
    }
}
