import Foundation
import Randomness
import Subprocess
import SystemPackage

/// What is written beside the answers.
extension FaultCase {
    static let sideOutputs: [FaultCase] = [
        .each("beside", "SIGKILL, --errors", (8, 200), putAside),
        .each("beside", "USR1 in floods, errors stuck", (1, 10), ask),
    ]

    /// A record that has no answer is aside before the output says so.
    private static func putAside(
        _ scene: Scene, _ random: inout SeededGenerator, _ tally: inout Tally
    ) async throws {
        let (output, aside) = (scene.scratch.appending("answers"), scene.scratch.appending("aside"))
        try Bytes.write([], to: aside)
        let command = scene.filter(scene.stream.path, to: .file(output), ["--errors", aside.string])
        let moment = scene.moment(&random)
        let ending = try await scene.run(command) { running in
            Pause.sleep(moment)
            running.signal(SIGKILL)
        }
        tally.count(ending, expected: [.exited(0), .signaled(SIGKILL)])
        let answers = try Bytes.read(output).split(separator: 0x0A, omittingEmptySubsequences: false).dropLast()
        let records = try Bytes.read(aside).split(separator: 0x0A, omittingEmptySubsequences: false).dropLast()
        let failed = answers.enumerated().filter { $1.firstRange(of: Array(#""error":"#.utf8)) != nil }.map {
            $0.offset + 1
        }
        let numbers = records.compactMap { Int(String(decoding: $0.prefix { $0 != 0x09 }, as: UTF8.self)) }
        tally.note("records put aside", numbers.count)
        let lines = scene.stream.bytes.split(separator: 0x0A)
        let isRight = zip(records, numbers).allSatisfy { $0.suffix(lines[$1 - 1].count) == lines[$1 - 1] }
        tally.count(
            Damage(
                lost: Set(failed).subtracting(numbers).count, duplicated: numbers.count - Set(numbers).count,
                torn: isRight && numbers.count == records.count ? 0 : 1), "after \(moment):")
    }

    /// Whoever asks and does not listen holds nothing up, and costs no memory.
    private static func ask(
        _ scene: Scene, _ random: inout SeededGenerator, _ tally: inout Tally
    ) async throws {
        var command = scene.filter(scene.stream.path, to: .pipe())
        (command.input, command.errorsAreStuck) = (.pipe, true)
        let ending = try await scene.run(command) { running in
            try running.input?.send(scene.stream.bytes.prefix { $0 != 0x0A } + [0x0A])
            _ = try running.output?.receive()
            let before = running.memory("VmRSS") ?? 0
            for _ in 0..<20_000 {
                running.signal(SIGUSR1)
                usleep(20)
            }
            let grown = (running.memory("VmRSS") ?? 0) - before
            if grown > 4 << 20 {
                tally.find("\(grown >> 10) KiB more")
            } else {
                tally.remark("\(grown >> 10) KiB more")
            }
            running.signal(SIGTERM)
            _ = try running.output?.receiveAll()
        }
        tally.count(ending, expected: [.exited(128 + SIGTERM)])
    }
}
