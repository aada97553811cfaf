import Geometry
import Testing

@testable import Pages

/// Whatever data hold, they are text on a page.
@Suite struct EscapingTests {
    static let hostile = [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='alert(1)", "</style><script>",
        "javascript:alert(1)", "&lt;script&gt;", "<!--", "]]>", "\u{0}<\u{1B}[31m", "\u{202E}evil\u{2066}",
        "</title><b>",
    ]

    @Test func textsAreEscapedAndMarkupIsNot() {
        let html: HTML = "<b title=\"\("a\"'<&>")\">\("<i>")</b>"
        #expect(html.markup == "<b title=\"a&quot;&#39;&lt;&amp;&gt;\">&lt;i&gt;</b>")
        let piece: HTML = "<b>\("<")</b>"
        #expect(("\(piece)\([piece, piece])\(7)" as HTML).markup == "<b>&lt;</b><b>&lt;</b><b>&lt;</b>7")
    }

    @Test func controlsAreShown() {
        #expect(HTML(text: "a\u{0}\r\u{1B}\u{7F}\u{85}\tb\n").markup == "a␀␍␛␡\u{FFFD}\tb\n")
    }

    /// In each place of a post that data come to.
    @Test(arguments: hostile) func nothingBecomesMarkup(text: String) {
        var entity = PageEntity(name: text, type: text, scalars: 0..<text.unicodeScalars.count)
        entity.boxes = [PixelBox(x1: 1, y1: 1, x2: 5, y2: 5)]
        entity.verdict = .wrong(text)
        var post = PagePost(line: 1, id: text, text: text)
        post.sides = [PagePost.Side(label: text, entities: [entity])]
        post.pictures = [PagePicture(source: text, size: ImageSize(width: 9, height: 9), alt: text)]
        post.remarks = [PageRemark(.error, text), PageRemark(.note, text)]
        var summary = PageSummary()
        summary.hasGold = true
        summary.add(post)
        var page = PostPage()
        page.add(post, number: 1, types: &summary.types)
        var bytes: [UInt8] = []
        page.write(title: text, summary, notices: [text], links: [PageLink(name: text, title: text)]) { bytes += $0 }
        let written = String(decoding: bytes, as: UTF8.self)

        // The tags are those of a post that says nothing evil, and so are the names of their attributes.
        #expect(Self.tags(written) == Self.tags(Self.harmless))
    }

    /// The same page of a harmless text.
    private static let harmless: String = {
        var entity = PageEntity(name: "a", type: "a", scalars: 0..<1)
        entity.boxes = [PixelBox(x1: 1, y1: 1, x2: 5, y2: 5)]
        entity.verdict = .wrong("a")
        var post = PagePost(line: 1, id: "a", text: "a")
        post.sides = [PagePost.Side(label: "a", entities: [entity])]
        post.pictures = [PagePicture(source: "a", size: ImageSize(width: 9, height: 9), alt: "a")]
        post.remarks = [PageRemark(.error, "a"), PageRemark(.note, "a")]
        var summary = PageSummary()
        summary.hasGold = true
        summary.add(post)
        var page = PostPage()
        page.add(post, number: 1, types: &summary.types)
        var bytes: [UInt8] = []
        page.write(title: "a", summary, notices: ["a"], links: [PageLink(name: "a", title: "a")]) { bytes += $0 }
        return String(decoding: bytes, as: UTF8.self)
    }()

    /// Tags with the names of their attributes, as a browser finds them: values stand between double quotes.
    private static func tags(_ page: String) -> [String] {
        var tags: [String] = []
        let body = page.split(separator: "<script>", maxSplits: 1)[0]
        for part in body.split(separator: "<").dropFirst() {
            let inside = part.prefix { $0 != ">" }
            let names = inside.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
                .filter { $0.offset.isMultiple(of: 2) }.map { String($0.element) }
            tags.append(names.joined(separator: "\""))
        }
        return tags
    }
}
