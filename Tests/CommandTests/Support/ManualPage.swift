import Foundation
import Subprocess
import Testing

/// A man page of the package, to be compared with the program that it is about.
struct ManualPage {
    private let url: URL
    private let lines: [String]

    init(_ name: String) throws {
        url = Programs.package.appending(path: "man/\(name)")
        lines = try String(contentsOf: url, encoding: .utf8).components(separatedBy: "\n")
    }

    /// The lines of a section, without its heading.
    func section(_ name: String) -> ArraySlice<String> {
        part(of: lines[...], from: ".Sh \(name)") { $0.hasPrefix(".Sh ") }
    }

    /// The names of a section's subsections.
    func subsections(of section: String) -> [String] {
        self.section(section).filter { $0.hasPrefix(".Ss ") }.map { String($0.dropFirst(".Ss ".count)) }
    }

    /// The lines of a subsection, without its heading.
    func subsection(_ name: String, of section: String) -> ArraySlice<String> {
        part(of: self.section(section), from: ".Ss \(name)") { $0.hasPrefix(".Ss ") }
    }

    private func part(
        of lines: ArraySlice<String>, from heading: String, until isHeading: (String) -> Bool
    ) -> ArraySlice<String> {
        guard let start = lines.firstIndex(of: heading) else { return [] }
        return lines[(start + 1)...].prefix { !isHeading($0) }
    }

    /// The flags that list items describe, each with its dashes.
    static func flags(describedIn lines: some Sequence<String>) -> [String] {
        lines.filter { $0.hasPrefix(".It ") }.flatMap { line in line.matches(of: /Fl (-?[a-z-]+)/).map { "-\($0.1)" } }
    }

    /// Runs each display of EXAMPLES as a shell script in a folder of its own, which has the example posts.
    func expectExamplesWork(atLeast count: Int) async throws {
        let environment = try await Programs.environment()
        let examples = section("EXAMPLES").split { $0.hasPrefix(".Bd ") }.dropFirst()
            .map { $0.prefix { $0 != ".Ed" }.joined(separator: "\n").replacing(#"\e"#, with: #"\"#) }
        #expect(examples.count >= count)
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

    func expectMandocHasNothingToSay() async throws {
        let lint = try await Programs.run("/usr/bin/mandoc", ["-T", "lint", url.path], environment: [:])
        // Which other pages are installed is a matter of the machine.
        let remarks = (lint.output + lint.error).split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }
            .filter { !$0.contains("referenced manual not found") && !$0.contains("outdated mandoc.db") }
        #expect(remarks == [])
    }
}

/// What `--experimental-dump-help` prints of a program, as far as it is needed.
struct ProgramHelp: Decodable {
    struct Command: Decodable {
        struct Argument: Decodable {
            struct Name: Decodable {
                var kind: String
                var name: String
            }
            var kind: String
            var names: [Name]?
            var valueName: String?
        }
        var commandName: String
        var arguments: [Argument]?
        var subcommands: [Command]?

        /// Names of its flags and options, each with its dashes; those of what it consists of, too.
        var flags: [String] {
            own { $0.names ?? [] }.map { ($0.kind == "short" ? "-" : "--") + $0.name } + parts.flatMap(\.flags)
        }

        /// Names of its operands, and of the parts that it consists of.
        var operands: [String] {
            own { $0.kind == "positional" ? [$0.valueName].compactMap(\.self) : [] } + parts.flatMap(\.operands)
        }

        private var parts: [Command] { (subcommands ?? []).filter { $0.commandName != "help" } }

        private func own<Name>(_ names: (Argument) -> [Name]) -> [Name] { (arguments ?? []).flatMap(names) }
    }
    var command: Command

    static func of(_ program: String) async throws -> Command {
        let help = try await Programs.run(
            Programs.directory.appending(path: program).path, ["--experimental-dump-help"], environment: [:])
        return try JSONDecoder().decode(ProgramHelp.self, from: Data(help.output)).command
    }
}
