import Foundation
import Randomness
import Subprocess
import SystemPackage

/// Outputs that take no more.
extension FaultCase {
    static let disks: [FaultCase] = [
        .each("disk", "full", (8, 300)) { scene, random, tally in
            let room = Int.random(in: 1...scene.stream.answers.byteCount / 4_096, using: &random) * 4_096
            let disk = try scene.folder("disk")
            let isMounted = try await mount(disk, room, scene)
            defer { if isMounted { umount(disk.string) } }
            var command = scene.filter(scene.stream.path, to: .file(disk.appending("answers")))
            // Who may not mount has a limit instead; in units of 512 bytes.
            if !isMounted { command.setup = "ulimit -f \(room / 512)" }
            let ending = try await scene.run(command)
            tally.count(ending, expected: [.exited(74)], "\(room) bytes:")
            let damage = scene.stream.answers.damage(of: try Bytes.read(disk.appending("answers")), .firstLines)
            tally.count(damage, "\(room) bytes:")
        },
        .each("disk", "file too large", (8, 300)) { scene, random, tally in
            let room = Int.random(in: 0...scene.stream.answers.byteCount / 512, using: &random)
            let output = scene.scratch.appending("answers")
            var command = scene.filter(scene.stream.path, to: .file(output))
            command.setup = "ulimit -f \(room)"
            tally.count(try await scene.run(command), expected: [.exited(74)], "ulimit -f \(room):")
            tally.count(scene.stream.answers.damage(of: try Bytes.read(output), .firstLines), "ulimit -f \(room):")
        },
        .each("disk", "/dev/full", (2, 50)) { scene, _, tally in
            let ending = try await scene.run(scene.filter(scene.stream.path, to: .device("/dev/full")))
            tally.count(ending, expected: [.exited(74)])
        },
    ]

    /// Makes a folder a small disk, where that is allowed.
    private static func mount(_ folder: FilePath, _ bytes: Int, _ scene: Scene) async throws -> Bool {
        let mount = Command(
            program: "mount", arguments: ["-t", "tmpfs", "-o", "size=\(bytes)", "none", folder.string])
        return getuid() == 0 ? try await scene.run(mount).status == .exited(0) : false
    }
}
