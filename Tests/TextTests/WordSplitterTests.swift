import Testing

@testable import Text

@Suite struct WordSplitterTests {
    @Test(arguments: [
        ("@ and # stand apart", "RT @NBA: #LakeShow #US-Open", "RT|@|NBA|:|#|LakeShow|#|US|-|Open"),
        ("names keep underscores", "@a_b_ #c_d ＠x", "@|a_b_|#|c_d|＠|x"),
        ("a mention glued to a word", "RT@Gizmodo", "RT|@|Gizmodo"),
        ("URLs", "see http://t.co/a?b=c#d, HTTPS://X.org/é.", "see|http://t.co/a?b=c#d|,|HTTPS://X.org/é|."),
        ("URLs in brackets", "(www.x.org/a_(b)) [http://x.y]", "(|www.x.org/a_(b)|)|[|http://x.y|]"),
        ("cut URLs", "go http… http:// www.", "go|http|…|http|:|/|/|www|."),
        ("bare domains", "ESPN.com bit.ly/Ab1 end.Next and/or", "ESPN.com|bit.ly/Ab1|end|.|Next|and|/|or"),
        ("addresses", "mail me.you+z@x.org, a@b", "mail|me.you+z@x.org|,|a|@|b"),
        ("contractions", "don't she’ll rock'n'roll O'Neill", "don't|she’ll|rock'n'roll|O'Neill"),
        ("possessives", "Bo's Ann’S James' 'quoted'", "Bo|'s|Ann|’S|James|'|'|quoted|'"),
        ("abbreviations", "U.S. p.m., J.K.Row St. A.", "U.S.|p.m.|,|J.K.|Row|St|.|A|."),
        ("numbers", "1,000.50 7:30 9/11 2-1 v2.0 50% $5 #1", "1,000.50|7:30|9/11|2-1|v2.0|50|%|$|5|#|1"),
        ("hyphens", "all-time X-Men - -- -a b-", "all-time|X-Men|-|-|-|-|a|b|-"),
        ("references", "A&amp;B &#39; &foo; AT&T", "A|&amp;|B|&#39;|&|foo|;|AT|&|T"),
        ("emoji", "👨‍👩‍👧‍👦🇺🇸🇩🇪👍🏽1️⃣❤️x", "👨‍👩‍👧‍👦|🇺🇸|🇩🇪|👍🏽|1️⃣|❤️|x"),
        ("ideographs and kana", "東京タワーに행복", "東|京|タ|ワ|ー|に|행복"),
        ("Thai by cluster", "กำไร", "กำ|ไ|ร"),
        ("right to left", "שלום\u{200F} לצה״ל צה\"ל مرحبا، عالم", "שלום|לצה״ל|צה\"ל|مرحبا|،|عالم"),
        ("marks stay", "nai\u{308}ve e\u{323}\u{302} हिन्दी", "nai\u{308}ve|e\u{323}\u{302}|हिन्दी"),
        ("invisible joiners and breaks", "co\u{AD}op a\u{200B}b \u{FEFF} x\u{0}y", "co\u{AD}op|a|b|x|y"),
        ("signs", "a+b=c…“q”!!", "a|+|b|=|c|…|“|q|”|!|!"),
        ("nothing", " \t\r\n\u{3000}", ""),
    ])
    func splits(_ name: String, _ text: String, _ expected: String) {
        #expect(WordSplitter.words(in: text).map(\.text).joined(separator: "|") == expected, "\(name)")
    }

    @Test func offsetsAreScalars() {
        let text = "👍🏽 e\u{301}a, 東 http://x.y…"
        let scalars = Array(text.unicodeScalars)
        let words = WordSplitter.words(in: text)
        #expect(words.map(\.scalars) == [0..<2, 3..<6, 6..<7, 8..<9, 10..<20, 20..<21])
        for word in words {
            #expect(String(String.UnicodeScalarView(scalars[word.scalars])) == word.text)
        }
    }

    /// Words of random texts: in order, apart, never empty, and all that is left out is invisible.
    @Test func randomTextsLoseNothingVisible() {
        var random = SplitMix(state: 11)
        let alphabet = Array(
            "aB1_-'’.,:/@#&;\"()… \t漢タก👍🏽\u{200D}👩🇺🇸e\u{301}ש״مé½\u{AD}\u{200B}\u{FE0F}\u{20E3}htpw".unicodeScalars)
        for _ in 0..<2_000 {
            var scalars: [Unicode.Scalar] = []
            for _ in 0..<Int.random(in: 0...40, using: &random) {
                scalars.append(alphabet.randomElement(using: &random) ?? "a")
            }
            let text = String(String.UnicodeScalarView(scalars))
            var end = 0
            for word in WordSplitter.words(in: text) {
                #expect(word.scalars.lowerBound >= end && !word.scalars.isEmpty)
                #expect(String(String.UnicodeScalarView(scalars[word.scalars])) == word.text)
                #expect(scalars[end..<word.scalars.lowerBound].allSatisfy(isInvisible), "\(text.debugDescription)")
                end = word.scalars.upperBound
            }
            #expect(scalars[end...].allSatisfy(isInvisible), "\(text.debugDescription)")
        }
    }

    private func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        // Marks on white space go with it: they have no base.
        switch scalar.properties.generalCategory {
        case .spaceSeparator, .control, .format, .nonspacingMark, .enclosingMark: true
        default: false
        }
    }

    /// Long runs of what looks ahead or back: the number of words is the check, the suite would stall if it were not linear.
    @Test(arguments: [
        ("a.", 1), ("a@", 100_000), ("http://", 1), ("http://a)", 2), ("a's", 2), ("&amp", 50_000),
        ("\u{1F1FA}", 12_500),
        ("\u{301}", 1), ("a@b-", 100_000), ("漢", 33_333), ("\u{1F468}\u{200D}", 1), ("x_", 1), ("(", 100_000),
    ])
    func hostileRunsTakeLinearTime(_ unit: String, _ count: Int) {
        let words = WordSplitter.words(in: String(repeating: unit, count: 100_000 / unit.utf8.count))
        #expect(words.count == count)
    }
}
