import Testing

@testable import Reporting

@Suite struct VisibleTextTests {
    @Test func everyControlCharacterIsShown() {
        let bidi: [UInt32] = [0x061C, 0x200E, 0x200F] + Array(0x202A...0x202E) + Array(0x2066...0x2069)
        let controls = Array(0...0x1F) + Array(0x7F...0x9F) + [0x2028, 0x2029] + bidi
        for value in controls {
            let scalar = Unicode.Scalar(value).map(String.init) ?? ""
            let digits = String(value, radix: 16)
            let escape = "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            #expect(VisibleText.line("a\(scalar)b") == "a\(escape)b")
            #expect(
                VisibleText.lines("a\(scalar)b") == (["\n", "\t"].contains(scalar) ? "a\(scalar)b" : "a\(escape)b"))
        }
    }

    @Test func allElseStaysAsItIs() {
        for text in ["", "é", "e\u{301}", "\u{A0}", "مصر", "👩\u{200D}🚀\u{FE0F}", "\u{FEFF}", "“\\u001b”", "東京"] {
            #expect(VisibleText.line(text).unicodeScalars.elementsEqual(text.unicodeScalars))
        }
        // Of two scalars that a user sees as one, the control is shown alone.
        #expect(VisibleText.line("\r\n\u{301}") == "\\u000d\\u000a\u{301}")
    }
}
