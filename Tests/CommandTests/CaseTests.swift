import Foundation
import Subprocess
import SystemPackage
import Testing

/// Runs the folders in `Cases`; see the README there.
@Suite struct CaseTests {
    private static let folder = Programs.package.appending(path: "Tests/CommandTests/Cases")

    static let names: [String] = {
        let all = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
        return (all ?? []).filter { !$0.contains(".") }.sorted()
    }()

    private static let turns = Turns(4)

    @Test func thereAreCases() {
        #expect(Self.names.count > 20)
    }

    @Test(arguments: names) func caseEndsAsRecorded(name: String) async throws {
        let folder = Self.folder.appending(path: name)
        let input = folder.appending(path: "in").path
        let scratch = try TemporaryDirectory()
        var environment = try await Programs.environment()
        environment["CASE"] = folder.path
        let run = try await Self.turns.wait { [environment] in
            try await Programs.run(
                "/bin/sh", [folder.appending(path: "cmd").path], environment: environment, directory: scratch.url,
                input: FilePath(FileManager.default.fileExists(atPath: input) ? input : "/dev/null"))
        }

        let status = try expected("rc", of: folder).trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(run.status == .exited(Int32(status) ?? 0), "\(name)")
        #expect(String(decoding: run.output, as: UTF8.self) == (try expected("expout", of: folder)), "\(name)")
        #expect(String(decoding: run.error, as: UTF8.self) == (try expected("experr", of: folder)), "\(name)")
    }

    /// What a file of a case says; a file that is not there says nothing.
    private func expected(_ file: String, of folder: URL) throws -> String {
        let url = folder.appending(path: file)
        guard FileManager.default.fileExists(atPath: url.path) else { return "" }
        return try String(contentsOf: url, encoding: .utf8)
    }
}
