import Testing

@testable import Pages

@Suite struct MarkedTextTests {
    /// Marks with their number as attribute and label.
    private func marked(_ text: String, _ ranges: [Range<Int>]) -> String {
        let marks = ranges.enumerated().map { index, range in
            MarkedText.Mark(scalars: range, attributes: "n=\(index)", label: "|\(index)")
        }
        return MarkedText(text, marks).html.markup
    }

    @Test func entitiesAreMarkedWhereTheyStand() {
        #expect(marked("Tom & Jo", [0..<3, 6..<8]) == "<mark n=0>Tom|0</mark> &amp; <mark n=1>Jo|1</mark>")
        #expect(marked("🚀é x", [3..<4]) == "🚀é <mark n=0>x|0</mark>")
        #expect(marked("ab", []) == "ab")
    }

    @Test func oneInAnotherLiesInIt() {
        #expect(marked("abc", [0..<3, 1..<2]) == "<mark n=0>a<mark n=1>b|1</mark>c|0</mark>")
        #expect(marked("ab", [0..<1, 0..<2]) == "<mark n=1><mark n=0>a|0</mark>b|1</mark>")
        #expect(marked("a", [0..<1, 0..<1]) == "<mark n=0><mark n=1>a|1</mark>|0</mark>")
    }

    @Test func oneAcrossAnotherGoesOnBehindIt() {
        #expect(
            marked("abc", [0..<2, 1..<3])
                == "<mark n=0>a<mark n=1>b</mark>|0</mark><mark n=1>c|1</mark>")
    }

    @Test func whatLiesOutsideIsLeftOut() {
        #expect(marked("abc", [2..<4, 3..<3, 9..<12]) == "abc")
    }

    @Test func aTextWithoutEndHasOneHere() {
        let text = String(repeating: "a", count: MarkedText.longest + 5)
        #expect(marked(text, []).hasSuffix("a<i>… and 5 characters more</i>"))
        let many = (0..<1000).map { $0..<1000 }
        #expect(marked(text, many).split(separator: "<mark").count == MarkedText.most)
    }
}
