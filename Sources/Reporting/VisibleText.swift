/// Texts as a terminal may show them. Names and values in messages come from anybody: what would move the cursor, set
/// colours or titles, or turn the direction of writing is shown instead, as JSON writes it: `\u001b`.
package enum VisibleText {
    /// A line: line breaks and tabs are shown too.
    package static func line(_ text: String) -> String { shown(text) { _ in false } }

    /// Lines, which stay lines; so do tabs.
    package static func lines(_ text: String) -> String { shown(text) { $0 == "\n" || $0 == "\t" } }

    private static func shown(_ text: String, except keeps: (Unicode.Scalar) -> Bool) -> String {
        guard text.unicodeScalars.contains(where: { isControl($0) && !keeps($0) }) else { return text }
        var shown = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if isControl(scalar), !keeps(scalar) {
                let digits = String(scalar.value, radix: 16)
                shown.append(
                    contentsOf: "\\u\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits)".unicodeScalars)
            } else {
                shown.append(scalar)
            }
        }
        return String(shown)
    }

    /// Controls (C0, DEL, C1), what turns the direction of writing, and what parts lines.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20..<0x7F: false
        case 0x00..<0x20, 0x7F..<0xA0, 0x2028, 0x2029: true
        default: scalar.properties.isBidiControl
        }
    }
}
