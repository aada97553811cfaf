import Testing

@testable import Text

@Suite struct MarkupTests {
    @Test(arguments: [
        (
            "<p>Ann &amp; Bob in <a href=\"https://x.y/tags/Rome\">#<span>Rome</span></a><br />with @<b>NASA</b></p>",
            "Ann & Bob in #Rome\nwith @NASA\n"
        ),
        ("a<br>b<BR/>c</p><p class=x>d", "a\nb\nc\nd"), ("<p></p><div>a</div>", "a\n"),
        ("x<ul><li>1</li><li>2</ul>", "x\n1\n2\n"),
        ("<3 a < b > c <- d <> </>", "<3 a < b > c <- d <> </>"), ("a <b", "a <b"),
        ("<!-- a > b -->c<!-- d", "c<!-- d"),
        ("<!DOCTYPE html><?xml?>a", "a"), ("a<script>if (1 < 2) b()</script >c<STYLE>p{}</style>d<script>e", "acde"),
        ("&lt;b&gt; &quot;&apos;&nbsp;&eacute;&Eacute;&hellip;&euro;", "<b> \"'\u{A0}éÉ…€"),
        ("&#65;&#x1F600;&#X41;&#8217;&#146;", "A😀A’’"), ("&amp;lt;", "&lt;"), ("&amp", "&amp"),
        (
            "AT&T; R&D &foo; &; &#; &#x; &#xD800; &#0; &#1114112;",
            "AT&T; R&D &foo; &; &#; &#x; &#xD800; &#0; &#1114112;"
        ),
        ("e<b>\u{301}</b>", "e\u{301}"), ("<i>👍</i>🏽", "👍🏽"), ("<>&", "<>&"),
    ])
    func markupGoes(html: String, text: String) throws {
        let markup = try #require(Markup(html: html))
        #expect(Array(markup.text.unicodeScalars) == Array(text.unicodeScalars))
        #expect(markup.given == html)
    }

    @Test(arguments: ["", "plain", "a > b; é"]) func plainTextHasNoMarkup(text: String) {
        #expect(Markup(html: text) == nil)
    }

    @Test func placesAreThoseOfTheTextAsGiven() throws {
        let html = "<p>Simon &amp; Schuster of <b>New</b> York</p>"
        let markup = try #require(Markup(html: html))
        let given = Array(html.unicodeScalars)
        func part(_ plain: Range<Int>) -> String { String(String.UnicodeScalarView(given[markup.given(plain)])) }
        #expect(part(0..<16) == "Simon &amp; Schuster")
        #expect(part(6..<7) == "&amp;")
        #expect(part(20..<28) == "New</b> York")
        #expect(part(20..<23) == "New")
        #expect(markup.given(3..<3).isEmpty)
        // Back again, also from places inside markup.
        #expect(markup.plain(3..<23) == 0..<16)
        #expect(markup.plain(10..<12) == 6..<7)
        #expect(markup.plain(0..<3) == 0..<0)
        #expect(markup.plain(0..<given.count) == 0..<markup.text.unicodeScalars.count)
    }

    /// Random mixtures: what stands for itself is found where it stood, in order, and the way back leads back.
    @Test func randomTextsKeepTheirPlaces() throws {
        var random = SplitMix(state: 16)
        let parts = [
            "<", ">", "&", ";", "<b>", "</b>", "<br/>", "<p>", "&amp;", "&#233;", "&x;", "<!--", "-->", "<script>",
            "</script>", "a", "é",
            "e\u{301}", "👍🏽", " ", "\n", "\r\n", "\"", "'", "=", "/", "#", "漢",
        ]
        for _ in 0..<3_000 {
            let html = (0..<Int.random(in: 1...20, using: &random)).map { _ in parts.randomElement(using: &random) ?? ""
            }.joined()
            guard let markup = Markup(html: html) else { continue }
            let (given, plain) = (Array(html.unicodeScalars), Array(markup.text.unicodeScalars))
            var end = 0
            for place in plain.indices {
                let range = markup.given(place..<place + 1)
                #expect(range.lowerBound >= end && range.upperBound <= given.count, "\(html.debugDescription)")
                #expect(range.count > 1 || given[range.lowerBound] == plain[place], "\(html.debugDescription)")
                #expect(markup.plain(range) == place..<place + 1, "\(html.debugDescription)")
                end = range.upperBound
            }
            for _ in 0..<5 where !plain.isEmpty {
                let start = Int.random(in: 0..<plain.count, using: &random)
                let range = start..<Int.random(in: start + 1...plain.count, using: &random)
                #expect(markup.plain(markup.given(range)) == range, "\(html.debugDescription)")
            }
        }
    }

    /// Long runs of what is looked for ahead; the suite would stall if that were not linear.
    @Test(arguments: [
        ("<", 1), ("&", 1), ("<!--", 4), ("<a ", 3), ("<script>", 0), ("</", 2), ("&#", 2), ("<a \">", 0),
        ("<style", 6), ("&amp", 4), ("<br>", 0),
    ])
    func hostileRunsTakeLinearTime(unit: String, left: Int) throws {
        let count = 200_000 / unit.utf8.count
        let markup = try #require(Markup(html: String(repeating: unit, count: count)))
        #expect(markup.text.unicodeScalars.count == left * count)
    }

    @Test func referencesAreThoseOfHTML() {
        #expect(
            HTMLReferences.scalar("ndash") == "–" && HTMLReferences.scalar("yuml") == "ÿ"
                && HTMLReferences.scalar("Yuml") == "Ÿ")
        #expect(
            HTMLReferences.scalar("nbsp") == "\u{A0}" && HTMLReferences.scalar("NBSP") == nil
                && HTMLReferences.scalar("") == nil)
        #expect(
            HTMLReferences.scalar("#128") == "€" && HTMLReferences.scalar("#x9f") == "Ÿ")
    }
}
