import Foundation
import Randomness
import Subprocess
import SystemPackage

/// System calls that fail as they may at any time.
extension FaultCase {
    static let interruptedCalls: [FaultCase] = [
        .each("calls", "EINTR and short counts", (10, 500)) { scene, random, tally in
            try await disturb(scene, &random, &tally, "eintr,short", perThousand: 1...500, statuses: [0], .all)
        },
        .each("calls", "EINTR and short counts, pipes", (6, 300)) { scene, random, tally in
            var command = scene.filter(scene.stream.path, to: .pipe(room: 4_096))
            command.input = .pipe
            try inject(
                "eintr,short", perThousand: Int.random(in: 1...500, using: &random), into: &command, scene, &random)
            var output: [UInt8] = []
            let ending = try await scene.run(command) { running in
                running.input?.feed(scene.stream.bytes, pieces: 1_000)
                output = try running.output?.receiveAll() ?? []
            }
            tally.count(ending, expected: [.exited(0)], told(command))
            tally.count(scene.stream.answers.damage(of: output, .all), told(command))
            try countFailures(scene, &tally)
        },
        .each("calls", "EIO", (10, 500)) { scene, random, tally in
            try await disturb(scene, &random, &tally, "eio", perThousand: 1...20, statuses: [66, 70, 74], .firstLines)
        },
        .each("calls", "ENOSPC", (6, 300)) { scene, random, tally in
            try await disturb(scene, &random, &tally, "enospc", perThousand: 1...100, statuses: [74], .firstLines)
        },
        .each("calls", "EMFILE", (10, 500)) { scene, random, tally in
            try await disturb(scene, &random, &tally, "emfile", perThousand: 1...200, statuses: [66, 70], .firstLines)
        },
    ]

    /// Runs the filter over the usual stream while calls fail.
    ///
    /// - Parameters:
    ///   - statuses: How it may end if any did.
    ///   - extent: What it has to have written then.
    private static func disturb(
        _ scene: Scene, _ random: inout SeededGenerator, _ tally: inout Tally, _ faults: String,
        perThousand: ClosedRange<Int>, statuses: [Int32], _ extent: ReferenceAnswers.Extent
    ) async throws {
        let output = scene.scratch.appending("answers")
        var command = scene.filter(scene.stream.path, to: .file(output))
        try inject(faults, perThousand: Int.random(in: perThousand, using: &random), into: &command, scene, &random)
        let ending = try await scene.run(command)
        let expected = Set((statuses + [0]).map { TerminationStatus.exited($0) })
        tally.count(ending, expected: expected, told(command))
        let answers = try Bytes.read(output)
        let asked = ending.status == .exited(0) ? .all : extent
        // A picture that could not be read is a warning in its answer, as it should be.
        let damage =
            faults == "eio"
            ? NumberedAnswers(count: scene.stream.answers.count).damage(of: answers, asked)
            : scene.stream.answers.damage(of: answers, asked)
        tally.count(damage, told(command))
        try countFailures(scene, &tally)
    }

    private static func told(_ command: Command) -> String {
        "\(command.environment.filter { $0.key != "INJECT_COUNT" }.map { "\($0)=\($1)" }.sorted().joined(separator: " ")):"
    }

    /// How many calls failed: a case in which none does shows nothing.
    private static func countFailures(_ scene: Scene, _ tally: inout Tally) throws {
        let bytes = try Bytes.read(scene.scratch.appending("injected"))
        tally.note("calls that failed", bytes.reversed().reduce(0) { $0 << 8 | Int($1) })
    }

    private static func inject(
        _ faults: String, perThousand: Int, into command: inout Command, _ scene: Scene,
        _ random: inout SeededGenerator
    ) throws {
        let count = scene.scratch.appending("injected")
        try Bytes.write([UInt8](repeating: 0, count: 8), to: count)
        command.prefix = "env LD_PRELOAD='\(scene.injector)'"
        command.environment = [
            "INJECT_FAULTS": faults, "INJECT_RATE": "\(perThousand)",
            "INJECT_SEED": "\(Int.random(in: 0..<1_000_000, using: &random))", "INJECT_COUNT": count.string,
        ]
    }
}
