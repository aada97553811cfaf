import Foundation
import Images
import Subprocess
import Testing
import Wire

/// Keeps `man/gmner-stream.1` in step with the program.
@Suite struct ManualTests {
    private let page: [String]

    init() throws {
        let url = Programs.package.appending(path: "man/gmner-stream.1")
        page = try String(contentsOf: url, encoding: .utf8).components(separatedBy: "\n")
    }

    /// The lines of a section, without its heading.
    private func section(_ name: String) -> ArraySlice<String> {
        guard let start = page.firstIndex(of: ".Sh \(name)") else { return [] }
        let rest = page[(start + 1)...]
        return rest.prefix { !$0.hasPrefix(".Sh ") }
    }

    @Test func optionsAreTheProgramsFlags() async throws {
        let help = try await Programs.run(
            Programs.directory.appending(path: "gmner-stream").path, ["--experimental-dump-help"], environment: [:])
        let flags = try JSONDecoder().decode(Help.self, from: Data(help.output)).command.arguments
            .flatMap { $0.names ?? [] }.map { ($0.kind == "short" ? "-" : "--") + $0.name }
        let described = section("OPTIONS").filter { $0.hasPrefix(".It ") }.flatMap { line in
            line.matches(of: /Fl (-?[a-z-]+)/).map { "-\($0.1)" }
        }
        #expect(described.count > 20)
        #expect(Set(described) == Set(flags))
        #expect(described.count == Set(described).count)
    }

    /// What `--experimental-dump-help` prints, as far as it is needed.
    private struct Help: Decodable {
        struct Command: Decodable {
            struct Argument: Decodable {
                struct Name: Decodable {
                    var kind: String
                    var name: String
                }
                var names: [Name]?
            }
            var arguments: [Argument]
        }
        var command: Command
    }

    @Test func everyCodeIsExplained() {
        let explained = section("OUTPUT").filter { $0.hasPrefix(".It Li ") }
            .flatMap { $0.dropFirst(".It Li ".count).components(separatedBy: " , ") }
        for code in RecordError.Code.allCases.map(\.rawValue) + ImageError.Code.allCases.map(\.rawValue) {
            #expect(explained.contains(code), "\(code)")
        }
    }

    @Test func everyExitStatusIsExplained() {
        let explained = section("EXIT STATUS").filter { $0.hasPrefix(".It ") }.map { $0.dropFirst(".It ".count) }
        #expect(explained == ["0", "1", "64", "65", "66", "70", "74", "128+n"])
    }

    @Test func theExamplesWork() async throws {
        let environment = try await Programs.environment()
        let examples = section("EXAMPLES").split { $0.hasPrefix(".Bd ") }.dropFirst()
            .map { $0.prefix { $0 != ".Ed" }.joined(separator: "\n").replacing(#"\e"#, with: #"\"#) }
        #expect(examples.count > 5)
        for example in examples {
            let scratch = try TemporaryDirectory()
            let examples = scratch.url.appending(path: "examples")
            try FileManager.default.createDirectory(at: examples, withIntermediateDirectories: false)
            try FileManager.default.copyItem(
                at: Programs.package.appending(path: "examples/posts"), to: examples.appending(path: "posts"))
            let run = try await Programs.run(
                "/bin/sh", ["-eu", "-c", example], environment: environment, directory: scratch.url)
            #expect(run.status == .exited(0), "\(example)")
            #expect(String(decoding: run.error, as: UTF8.self) == "", "\(example)")
        }
    }

    @Test func mandocHasNothingToSay() async throws {
        let lint = try await Programs.run(
            "/usr/bin/mandoc", ["-T", "lint", Programs.package.appending(path: "man/gmner-stream.1").path],
            environment: [:])
        // Which other pages are installed is a matter of the machine.
        let remarks = (lint.output + lint.error).split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }
            .filter { !$0.contains("referenced manual not found") && !$0.contains("outdated mandoc.db") }
        #expect(remarks == [])
    }
}
