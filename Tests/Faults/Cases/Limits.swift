import Foundation
import Subprocess
import SystemPackage

/// Systems that give little: programs do their work, or end with a word.
extension FaultCase {
    static let limits: [FaultCase] = [
        limit("address space", (64...16_384).steps(14, 100)) { "ulimit -v \($0 << 10)" },
        limit("data", (8...4_096).steps(8, 60)) { "ulimit -d \($0 << 10)" },
        limit("descriptors", (0...24).steps(25, 25)) { "ulimit -n \($0)" },
        limit("stack", (64...8_192).steps(6, 40)) { "ulimit -s \($0)" },
        limit("file size", (0...512).steps(4, 40)) { "ulimit -f \($0)" },
        limit("threads", (0...16).steps(17, 17), prefix: { asUser("prlimit --nproc=\($0)") }) { _ in "" },
        FaultCase(family: "limit", name: "of the workbench", tries: (20, 100)) { scene, tries, tally in
            let sizes = (32...8_192).steps(tries, tries).short
            for (number, size) in sizes.enumerated() {
                tally.begin(number)
                let command = Command(
                    program: "gmner", arguments: ["tiny-model", "--to", scene.scratch.appending("made").string],
                    setup: "ulimit -v \(size << 10)")
                try await expectWord(from: command, "\(size) MiB of address space:", scene, &tally)
            }
        },
    ]

    /// - Parameters:
    ///   - steps: What is given, in the short form and in the long one.
    ///   - setup: What a shell does to give no more.
    private static func limit(
        _ name: String, _ steps: (short: [Int], long: [Int]), prefix: @escaping @Sendable (Int) -> String = { _ in "" },
        setup: @escaping @Sendable (Int) -> String
    ) -> FaultCase {
        FaultCase(family: "limit", name: name, tries: (steps.short.count, steps.long.count)) { scene, tries, tally in
            let steps = tries == steps.short.count ? steps.short : steps.long
            for (number, step) in steps.enumerated() {
                tally.begin(number)
                var command = scene.filter(scene.stream.path, to: .file(scene.scratch.appending("answers")))
                (command.setup, command.prefix) = (setup(step), prefix(step))
                try await expectWord(from: command, "\(name) \(step):", scene, &tally)
            }
        }
    }

    /// Runs a program that may fail for want of something, and has to say so.
    private static func expectWord(
        from command: Command, _ what: String, _ scene: Scene, _ tally: inout Tally
    ) async throws {
        let ending = try await scene.run(command, within: .seconds(30))
        // The shell, the loader of libraries and OpenBLAS have words, and statuses, of their own, before a program begins.
        let isOfOthers =
            [126, 127, 2].contains { ending.status == .exited($0) }
            || ending.status == .signaled(SIGINT) && ending.messages.hasPrefix("OpenBLAS blas_thread_init")
        tally.count(
            ending, expected: isOfOthers ? [ending.status] : [.exited(0), .exited(66), .exited(70), .exited(74)], what)
        if ending.status != .exited(0), ending.messages.isEmpty { tally.find("\(what) \(ending.status), not a word") }
        tally.note("that ended well", ending.status == .exited(0) ? 1 : 0)
        guard case .file(let path) = command.output else { return }
        let isWhole = ending.status == .exited(0)
        tally.count(scene.stream.answers.damage(of: try Bytes.read(path), isWhole ? .all : .firstLines), what)
    }

    /// A command as a user of which there is no other process: the superuser has no limits of processes.
    private static func asUser(_ command: String) -> String {
        getuid() == 0 ? "setpriv --reuid=54321 --regid=54321 --clear-groups \(command)" : command
    }
}

extension ClosedRange<Int> {
    /// So many numbers from its beginning to its end, closer together at the beginning.
    fileprivate func steps(_ short: Int, _ long: Int) -> (short: [Int], long: [Int]) {
        (spread(short), spread(long))
    }

    private func spread(_ count: Int) -> [Int] {
        if count == self.count { return Array(self) }
        let low = Double(Swift.max(1, lowerBound))
        return (0..<count).map { Int(low * pow(Double(upperBound) / low, Double($0) / Double(count - 1))) }
    }
}
