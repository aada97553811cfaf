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

    /// A function from the line that begins it to the brace that ends it, which stands below that line's first letter; at
    /// most 50 lines. More than six parameters are a value that has no name yet.
    @Test func functions() throws {
        var (count, longest, most) = (0, 0, 0)
        for file in try Sources.files() {
            for (start, line) in file.lines.enumerated() where Self.beginsFunction(line) {
                count += 1
                let end = "\(line.prefix { $0 == " " })}"
                if !line.hasSuffix("}") {
                    let lines = (file.lines[start...].firstIndex(of: end) ?? start) - start + 1
                    longest = max(longest, lines)
                    if lines > 50 { Issue.record("\(file):\(start + 1): \(lines) lines") }
                }
                let parameters = Self.parameters(file.lines[start...])
                most = max(most, parameters)
                if parameters > 6, line.contains("func ") {
                    Issue.record("\(file):\(start + 1): \(parameters) parameters")
                }
            }
        }
        // That they are found and measured at all.
        #expect(count > 500 && longest > 30 && most > 3)
    }

    /// Whether a line is modifiers, then `func NAME` or `init`.
    private static func beginsFunction(_ line: String) -> Bool {
        guard line.contains("func ") || line.contains("init") else { return false }
        for word in line.split(separator: " ") {
            if word == "func" || word.hasPrefix("init(") || word.hasPrefix("init?(") || word.hasPrefix("init<") {
                return true
            }
            guard word.allSatisfy({ $0.isLetter || $0 == "@" || $0 == "_" || $0 == "(" || $0 == ")" }) else { break }
        }
        return false
    }

    /// The number of parameters in the first list of a function.
    private static func parameters(_ lines: ArraySlice<String>) -> Int {
        var (depth, count, isEmpty) = (0, 1, true)
        for line in lines {
            var last: Character = " "
            for character in line {
                switch character {
                case "(": depth += 1
                case ")": depth -= 1
                // Of generic names: an arrow's head is no bracket.
                case "<", "[", "{": if depth > 0 { depth += 1 }
                case ">" where last == "-": break
                case ">", "]", "}": if depth > 0 { depth -= 1 }
                case "," where depth == 1: count += 1
                case " ": break
                default: if depth > 0 { isEmpty = false }
                }
                if depth == 0, character == ")" { return isEmpty ? 0 : count }
                last = character
            }
        }
        return 0
    }
}
