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
        ("sentences without a space", "Chicago.with/without a@Rome.then", "Chicago|.|with|/|without|a|@|Rome|.|then"),
        ("short links", "t.co/a bbc.in/b amzn.to/c x.blog/d", "t.co/a|bbc.in/b|amzn.to/c|x.blog/d"),
        ("contractions", "don't she’ll rock'n'roll O'Neill", "don't|she’ll|rock'n'roll|O'Neill"),
        ("possessives", "Bo's Ann’S James' 'quoted'", "Bo|'s|Ann|’S|James|'|'|quoted|'"),
        (
            "possessives behind signs", "D.C.'s U.S.’s Yahoo!'s (EU)'s 's ('s",
            "D.C.|'s|U.S.|’s|Yahoo|!|'s|(|EU|)|'s|'|s|(|'|s"
        ),
        ("the apostrophe that is a letter", "Obamaʼs donʼt ʼtis Oʼ", "Obama|ʼs|donʼt|ʼ|tis|O|ʼ"),
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
        (
            "invisible signs in words", "a\u{200E}\u{FEFF}b\u{200F} @\u{2066}c\u{2060}d\u{2069}",
            "a\u{200E}\u{FEFF}b|@|c\u{2060}d"
        ),
        ("invisible signs beside signs", "Bo\u{200E}'s\u{200E} don\u{2060}'\u{2060}t", "Bo|'s|don\u{2060}'\u{2060}t"),
        (
            "what emoji left behind", "Paris\u{FE0F} Bo🏽's 2016\u{20E3} F1\u{FE0F}",
            "Paris\u{FE0F}|Bo🏽|'s|2016\u{20E3}|F1\u{FE0F}"
        ),
        ("marks on nothing", "\u{FE0F}a \u{FE0F} b\n\u{FE0F}c \u{301}", "a|b|c"),
        ("selectors on signs", "#\u{FE0F}a '\u{FE0F}b ℹ️c", "#\u{FE0F}|a|'\u{FE0F}|b|ℹ️|c"),
        ("blanks by other names", "a\u{3164}b \u{2800}c\u{FFA0} \u{D4E} d", "a|b|c|d"),
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

    /// Marks, selectors, joiners and modifiers that can stand anywhere, beside what words are made of.
    private static let alphabet = Array(
        ("aB1_-'’ʼ.,:/@#&;\"()… \t\n漢タก👍🏽\u{200D}👩🇺🇸e\u{301}ש״مé½\u{AD}\u{200B}\u{FE0F}\u{20E3}htpw"
            + "\u{FE0E}\u{200C}\u{200E}\u{2060}\u{FEFF}\u{34F}\u{E0100}\u{E0067}\u{3164}\u{1160}\u{600}\u{D4E}\u{93F}sS❤ℹ")
            .unicodeScalars)

    private func randomText(_ random: inout SplitMix) -> [Unicode.Scalar] {
        (0..<Int.random(in: 0...40, using: &random)).map { _ in Self.alphabet.randomElement(using: &random) ?? "a" }
    }

    /// Words of random texts: in order, apart, never empty, and all that is left out is invisible.
    @Test func randomTextsLoseNothingVisible() {
        var random = SplitMix(state: 11)
        for _ in 0..<4_000 {
            let scalars = randomText(&random)
            let text = String(String.UnicodeScalarView(scalars))
            var end = 0
            for word in WordSplitter.words(in: text) {
                #expect(word.scalars.lowerBound >= end && !word.scalars.isEmpty)
                #expect(String(String.UnicodeScalarView(scalars[word.scalars])) == word.text)
                #expect(isInvisible(scalars[end..<word.scalars.lowerBound]), "\(text.debugDescription)")
                end = word.scalars.upperBound
            }
            #expect(isInvisible(scalars[end...]), "\(text.debugDescription)")
        }
    }

    /// Wherever words begin and end, they part no user-perceived character, and have no white space at their ends.
    @Test func randomTextsAreCutBetweenCharacters() throws {
        var random = SplitMix(state: 12)
        for _ in 0..<4_000 {
            let scalars = randomText(&random)
            let text = String(String.UnicodeScalarView(scalars))
            var borders: Set = [0]
            for character in text { borders.insert((borders.max() ?? 0) + character.unicodeScalars.count) }
            for word in WordSplitter.words(in: text) {
                let ends = [word.scalars.lowerBound, word.scalars.upperBound]
                #expect(borders.isSuperset(of: ends), "\(text.debugDescription): \(word.text.debugDescription)")
                let (first, last) = (
                    try #require(word.text.unicodeScalars.first), try #require(word.text.unicodeScalars.last)
                )
                #expect(!first.properties.isWhitespace && !last.properties.isWhitespace, "\(text.debugDescription)")
                #expect(word.text.first.map { isInvisible($0) } == false, "\(text.debugDescription)")
            }
        }
    }

    /// Selectors, joiners and modifiers behind letters move no boundary: the same words are found, with them inside.
    @Test(arguments: [
        ("\u{FE0F}\u{FE0E}\u{200D}\u{200C}\u{1F3FD}\u{20E3}\u{34F}\u{E0100}", "aBsS'’ʼ-_@#!. 漢,"),
        ("\u{2060}\u{FEFF}\u{200E}\u{AD}\u{FE0F}", "aBsS'’ʼ-_@# 漢,"),
    ])
    func straysMoveNoBoundary(_ strays: String, _ alphabet: String) {
        var random = SplitMix(state: 13)
        let (strays, alphabet) = (Array(strays.unicodeScalars), Array(alphabet.unicodeScalars))
        for _ in 0..<4_000 {
            var (plain, mixed): (String, String) = ("", "")
            for _ in 0..<Int.random(in: 0...20, using: &random) {
                let scalar = alphabet.randomElement(using: &random) ?? "a"
                plain.unicodeScalars.append(scalar)
                mixed.unicodeScalars.append(scalar)
                guard scalar.properties.isAlphabetic, scalar.value < 0x2B0 else { continue }
                for _ in 0..<Int.random(in: 0...2, using: &random) {
                    mixed.unicodeScalars.append(strays.randomElement(using: &random) ?? "\u{FE0F}")
                }
            }
            let words = WordSplitter.words(in: mixed).map { word in
                String(String.UnicodeScalarView(word.text.unicodeScalars.filter { !strays.contains($0) }))
            }
            #expect(words == WordSplitter.words(in: plain).map(\.text), "\(mixed.debugDescription)")
        }
    }

    /// Whether all of a part of a text shows nothing, or is a mark on white space.
    private func isInvisible(_ scalars: ArraySlice<Unicode.Scalar>) -> Bool {
        String(String.UnicodeScalarView(scalars)).allSatisfy(isInvisible)
    }

    private func isInvisible(_ character: Character) -> Bool {
        character.unicodeScalars.allSatisfy(isInvisible)
            || character.unicodeScalars.contains(where: \.properties.isWhitespace)
    }

    private func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .spaceSeparator, .control, .format: true
        default: scalar.properties.isDefaultIgnorableCodePoint
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
