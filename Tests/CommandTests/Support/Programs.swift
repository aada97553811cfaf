import Foundation
import Subprocess
import SystemPackage
import Testing

/// The programs that were built with the tests, and what tests need to run them.
enum Programs {
    /// The root of the package.
    static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// Where the programs are: those that `GMNER_PROGRAMS` names, or beside the bundle of the tests, where the build
    /// puts them.
    static let directory =
        ProcessInfo.processInfo.environment["GMNER_PROGRAMS"].map { URL(filePath: $0) }
        ?? URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()

    /// A tiny model with random weights, made once a test run.
    static func tinyModel() async throws -> String { try await madeModel.value }

    private static let madeModel = Task {
        // Not in a temporary directory: nobody would know when to remove it.
        let model = directory.appending(path: "tiny-model").path
        let made = try await run(
            directory.appending(path: "gmner").path, ["tiny-model", "--to", model, "--seed", "7"], environment: [:])
        guard made.status == .exited(0) else { throw ProgramFailure(command: "gmner tiny-model", run: made) }
        return model
    }

    /// What shell commands see: the programs in their path, the tiny model as the default one.
    static func environment() async throws -> [String: String] {
        let own = [
            "PATH": directory.path + ":/usr/local/bin:/usr/bin:/bin",
            "LC_ALL": "C.UTF-8",
            "GMNER_MODEL": try await tinyModel(),
            "PICTURES": package.appending(path: "Tests/CommandTests/Pictures").path,
        ]
        return own.merging(sanitizer) { own, _ in own }
    }

    /// What `Tests/sanitize.sh` sets for sanitized programs.
    private static let sanitizer = ProcessInfo.processInfo.environment.filter { name, _ in
        ["LD_PRELOAD", "TSAN_OPTIONS", "ASAN_OPTIONS", "LSAN_OPTIONS"].contains(name)
    }

    /// How a program ended, and what it said.
    struct Run: Sendable {
        var status: TerminationStatus
        var output: [UInt8]
        var error: [UInt8]
    }

    /// Runs a program to its end.
    static func run(
        _ path: String, _ arguments: [String], environment: [String: String], directory: URL? = nil,
        input: FilePath = "/dev/null"
    ) async throws -> Run {
        let result = try await Subprocess.run(
            .path(FilePath(path)), arguments: Arguments(arguments),
            environment: .custom(Dictionary(uniqueKeysWithValues: environment.map { (.init(stringLiteral: $0), $1) })),
            workingDirectory: directory.map { FilePath($0.path) },
            input: .fileDescriptor(try .open(input, .readOnly), closeAfterSpawningProcess: true),
            output: .bytes(limit: 64 << 20), error: .bytes(limit: 1 << 20))
        return Run(
            status: result.terminationStatus, output: result.standardOutput, error: result.standardError)
    }
}

/// A program that the tests need did not do its work.
struct ProgramFailure: Error, CustomStringConvertible {
    let command: String
    let run: Programs.Run

    var description: String { "\(command): \(run.status): \(String(decoding: run.error, as: UTF8.self))" }
}

/// A directory that goes away with the value.
final class TemporaryDirectory: Sendable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "gmner-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }
}
