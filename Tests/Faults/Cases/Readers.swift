import Foundation
import Randomness
import Subprocess

/// Readers that leave, dawdle or are stuck.
extension FaultCase {
    static let readers: [FaultCase] = [
        .each("reader", "leaves", (15, 500)) { scene, random, tally in
            let bytes = Int.random(in: 0...scene.stream.answers.byteCount, using: &random)
            try await leave(scene, after: bytes, setup: "", ended: .signaled(SIGPIPE), &tally)
        },
        .each("reader", "leaves, SIGPIPE ignored", (15, 500)) { scene, random, tally in
            let bytes = Int.random(in: 0...scene.stream.answers.byteCount, using: &random)
            try await leave(scene, after: bytes, setup: "trap '' PIPE", ended: .exited(74), &tally)
        },
        .each("reader", "dawdles", (2, 50)) { scene, random, tally in
            var command = scene.filter(scene.stream.path, to: .pipe(room: 4_096))
            command.arguments += ["--window", "\(Int.random(in: 1...64, using: &random))"]
            var output: [UInt8] = []
            let ending = try await scene.run(command) { running in
                // A few bytes at a time, for a second.
                for _ in 0..<200 {
                    output += try running.output?.receive(7) ?? []
                    Pause.sleep(.milliseconds(5))
                }
                output += try running.output?.receiveAll() ?? []
            }
            tally.count(ending, expected: [.exited(0)])
            tally.count(scene.stream.answers.damage(of: output, .all))
        },
        .each("reader", "is stuck, and a signal comes", (4, 100), stuck),
    ]

    private static func leave(
        _ scene: Scene, after count: Int, setup: String, ended: TerminationStatus, _ tally: inout Tally
    ) async throws {
        var command = scene.filter(scene.stream.path, to: .pipe(room: 4_096))
        command.setup = setup
        var output: [UInt8] = []
        let ending = try await scene.run(command) { running in
            while output.count < count, let piece = try running.output?.receive(count - output.count), !piece.isEmpty {
                output += piece
            }
        }
        // All may have been written, and not read.
        tally.count(ending, expected: [ended, .exited(0)], "after \(count) bytes:")
        tally.count(scene.stream.answers.damage(of: output, .firstBytes), "after \(count) bytes:")
    }

    private static func stuck(
        _ scene: Scene, _ random: inout SeededGenerator, _ tally: inout Tally
    ) async throws {
        var command = scene.filter(scene.stream.path, to: .pipe(room: 4_096))
        command.arguments += ["--grace", "0.3"]
        var output: [UInt8] = []
        let pause = Duration.milliseconds(Int.random(in: 100...600, using: &random))
        let ending = try await scene.run(command) { running in
            Pause.sleep(pause)
            running.signal(SIGTERM)
            // The grace, and what a busy machine makes of it.
            _ = Pause.until(within: .seconds(20)) { running.hasEnded }
            if !running.hasEnded { throw BenchError("still there 20 s after SIGTERM") }
            output = try running.output?.receiveAll() ?? []
        }
        tally.count(ending, expected: [.exited(128 + SIGTERM), .signaled(SIGTERM)])
        tally.count(scene.stream.answers.damage(of: output, .firstBytes))
    }
}
