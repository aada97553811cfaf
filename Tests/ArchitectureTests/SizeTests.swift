import Foundation
import Testing

/// Files and functions that can be read in one go.
@Suite struct SizeTests {
    /// Files that are tables, not programs.
    private static let tables: Set = ["Sources/Text/ScalarTableData.swift"]

    @Test func files() throws {
        let files = try Sources.files().filter { !Self.tables.contains($0.path) }
        let sizes = files.map(\.lines.count).sorted()
        #expect(sizes[sizes.count / 2] <= 150)
        for file in files where file.lines.count > 400 { Issue.record("\(file): \(file.lines.count) lines") }
    }

    /// From the line that begins a function to the brace that ends it, which stands below that line's first letter.
    @Test func functions() throws {
        var count = 0
        for file in try Sources.files() {
            for (start, line) in file.lines.enumerated() {
                let indent = line.prefix { $0 == " " }
                guard line.dropFirst(indent.count).contains(#/^(?:[@\w()]+ )*(?:func \S|init[?(<])/#) else { continue }
                let end = file.lines[start...].firstIndex { $0 == "\(indent)}" } ?? start
                count += 1
                if end - start + 1 > 50 { Issue.record("\(file):\(start + 1): \(end - start + 1) lines") }
            }
        }
        // That functions are found at all.
        #expect(count > 500)
    }

    /// More than six of them are a value that has no name yet.
    @Test func parameters() throws {
        var longest = 0
        for file in try Sources.files() {
            // An arrow's head is no bracket.
            let text = file.lines.joined(separator: "\n").replacing("->", with: "")
            for match in text.matches(of: #/\n *(?:[@\w()]+ )*func [^\s(<]+(?:<[^(]*>)?\(/#) {
                let parameters = Self.parameters(text[match.range.upperBound...])
                longest = max(longest, parameters)
                if parameters > 6 {
                    let line = text[..<match.range.upperBound].count { $0 == "\n" } + 1
                    Issue.record("\(file):\(line): \(parameters) parameters")
                }
            }
        }
        #expect(longest > 3)
    }

    /// The number of parameters in a list that goes to the closing parenthesis.
    static func parameters(_ rest: Substring) -> Int {
        var (depth, count, isEmpty) = (1, 1, true)
        for character in rest {
            switch character {
            case "(", "[", "{", "<": depth += 1
            case ")", "]", "}", ">": depth -= 1
            case "," where depth == 1: count += 1
            default: break
            }
            if depth == 0 { break }
            if !character.isWhitespace { isEmpty = false }
        }
        return isEmpty ? 0 : count
    }
}
