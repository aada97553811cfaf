import Foundation
import Testing

/// The table of targets in `Sources/README.md` is what the package is: arrows go one way, and no others are drawn.
@Suite struct ArrowTests {
    /// A row of the table: a target, and what it imports of this package.
    struct Row: Equatable {
        let target: String
        let imports: Set<String>
    }

    private func table() throws -> [Row] {
        let lines = try Sources.text("Sources/README.md").components(separatedBy: "\n")
        let start = try #require(lines.firstIndex { $0.hasPrefix("| target |") })
        return lines[(start + 2)...].prefix { $0.hasPrefix("|") }.map { line in
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            let imports = cells[2].split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
            return Row(
                target: cells[0].replacingOccurrences(of: "`", with: ""),
                imports: Set(imports.map { $0.replacingOccurrences(of: "`", with: "") }).subtracting(["–"]))
        }
    }

    @Test func importsOnlyPointDown() throws {
        let rows = try table()
        for (index, row) in rows.enumerated() {
            let below = Set(rows[(index + 1)...].map(\.target))
            #expect(row.imports.isSubset(of: below), "\(row.target) imports what is not below it")
        }
    }

    @Test func everyFolderHasARowAndEveryRowAFolder() throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: Sources.root.appending(path: "Sources").path)
        #expect(try Set(table().map(\.target)) == Set(folders.filter { !$0.hasSuffix(".md") }))
    }

    @Test func filesImportWhatTheTableSays() throws {
        let rows = try table()
        let targets = Set(rows.map(\.target))
        let files = try Dictionary(grouping: Sources.files(), by: \.target)
        for row in rows {
            guard let files = files[row.target] else { continue }
            let imports = files.flatMap(\.lines).compactMap { line -> String? in
                let words = line.split(separator: " ")
                guard let place = words.firstIndex(of: "import"), place <= 1, words.count > place + 1 else {
                    return nil
                }
                return String(words[place + 1])
            }
            #expect(Set(imports).intersection(targets) == row.imports, "\(row.target)")
        }
    }

    @Test func theManifestDeclaresWhatTheTableSays() throws {
        let manifest = try Sources.text("Package.swift")
        let targets = try Set(table().map(\.target))
        let pattern = #/(?:library\(\s*|[tT]arget\(\s*name: )"([\w-]+)",\s*(?:dependencies: )?\[([^\]]*)\]/#
        var declared: [String: Set<String>] = [:]
        for match in manifest.matches(of: pattern) {
            let names = match.2.split(separator: ",").map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
            declared[String(match.1)] = Set(names.map { $0.replacingOccurrences(of: "\"", with: "") })
                .intersection(targets)
        }
        for row in try table() where !row.imports.isEmpty {
            #expect(declared[row.target] == row.imports, "\(row.target)")
        }
    }
}
