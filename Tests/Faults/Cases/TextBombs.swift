/// Texts that cost more than they look.
extension Bomb {
    private static let short = 64_000

    static let texts: [Bomb] = [
        Bomb(text: "words of one piece") { "a ".times(upTo: short) },
        Bomb(text: "names without end") { "Paris ".times(upTo: short) },
        Bomb(text: "one long word") { "a".times(upTo: short) },
        Bomb(text: "one letter, marks without end") { "a" + "\u{301}".times(upTo: short) },
        Bomb(text: "emoji, joined without end") { "👩\u{200D}".times(upTo: short) },
        Bomb(text: "flags without end") { "🇩".times(upTo: short) },
        Bomb(text: "syllables of parts") { "\u{1100}\u{1161}\u{11A8}".times(upTo: short) },
        Bomb(text: "ideographs") { "日本".times(upTo: short) },
        Bomb(text: "links") { "http://a.b ".times(upTo: short) },
        Bomb(text: "half links") { "http://".times(upTo: short) },
        Bomb(text: "a link of brackets") {
            "http://a" + "(".times(upTo: short / 2) + ")".times(upTo: short / 2)
        },
        Bomb(text: "addresses, half") { "a@".times(upTo: short) },
        Bomb(text: "entities, half") { "&#".times(upTo: short) },
        Bomb(text: "abbreviations") { "a.".times(upTo: short) },
        Bomb(text: "directions") { "\u{202E}".times(upTo: short) },
        Bomb(text: "white space") { " ".times(upTo: short) },
        Bomb(text: "NULs") { #"\u0000"#.times(upTo: short) },
        Bomb(text: "1 MB of words") { "Anna met Bob in Rome. ".times(upTo: 1_000_000) },
        Bomb(text: "4 MB of words") { "Anna met Bob in Rome. ".times(upTo: 4_000_000) },
        Bomb(text: "16 MB of words") { "Anna met Bob in Rome. ".times(upTo: 16_000_000) },
        Bomb(text: "16 MB, one word") { "a".times(upTo: 16_000_000) },
        Bomb(text: "16 MB of white space") { " ".times(upTo: 16_000_000) },
        Bomb(text: "16 MB of marks") { "a" + "\u{301}".times(upTo: 16_000_000) },
    ]
}
