/// Splits raw posts into words.
///
/// A word is what can be a part of a name, so boundaries stand wherever an entity can begin or end: `@` and `#` are words
/// apart from the name after them, and so is a possessive `'s`. A URL, an e-mail address, an emoji with all its joiners, a
/// number with its separators, a hyphenated or contracted word and a dotted abbreviation ("U.S.") are one word each; an
/// ideograph is one, and so is every other punctuation mark. White space and invisible controls are in no word.
package enum WordSplitter {
    /// The words of a text, in its order. Takes time in proportion to the text's length, whatever it holds.
    package static func words(in text: String) -> [Word] {
        let clusters = Clusters(text)
        var links = LinkFinder(clusters)
        var words: [Word] = []
        var place = 0
        while place < clusters.count {
            if clusters.kinds[place] == .space || clusters.kinds[place] == .joiner {
                place += 1
                continue
            }
            let end = links.end(from: place) ?? wordEnd(clusters, from: place)
            words.append(
                Word(
                    scalars: clusters.starts[place]..<clusters.starts[end],
                    text: String(text[clusters.indices[place]..<clusters.indices[end]])))
            place = end
        }
        return words
    }

    private static func wordEnd(_ clusters: Clusters, from start: Int) -> Int {
        guard clusters.isWord(start) else {
            return characterReferenceEnd(clusters, from: start)
                ?? (isPossessive(clusters, start) && clusters.isWord(start - 1) ? start + 2 : start + 1)
        }
        if let end = abbreviationEnd(clusters, from: start) { return end }
        let isName = start > 0 && Signs.namePrefix.contains(clusters.scalar(start - 1))
        var end = start + 1
        while true {
            while clusters.isWord(end) { end += 1 }
            guard !isName, clusters.isWord(end + 1), joins(clusters, end) else { return end }
            end += 2
        }
    }

    /// Whether a cluster between two parts of words makes one word of them.
    private static func joins(_ clusters: Clusters, _ place: Int) -> Bool {
        if clusters.kinds[place] == .joiner { return true }
        let sign = clusters.scalar(place)
        if Signs.hyphens.contains(sign) { return true }
        if clusters.isKind(.digit, place - 1), clusters.isKind(.digit, place + 1) {
            return Signs.inNumbers.contains(sign) || Signs.apostrophes.contains(sign)
        }
        guard clusters.isKind(.letter, place - 1), clusters.isKind(.letter, place + 1) else { return false }
        if Signs.apostrophes.contains(sign) { return !isPossessive(clusters, place) }
        return Signs.inWords.contains(sign)
            || sign == 0x22 && Signs.hebrew.contains(clusters.scalar(place - 1))
                && Signs.hebrew.contains(clusters.scalar(place + 1))
    }

    /// Whether `'s` stands here, and ends.
    private static func isPossessive(_ clusters: Clusters, _ place: Int) -> Bool {
        Signs.apostrophes.contains(clusters.scalar(place)) && clusters.scalar(place + 1) | 0x20 == 0x73
            && !clusters.isWord(place + 2)
    }

    /// The end of single letters with a full stop after each: "U.S.", "a.m.", "J.R.R".
    private static func abbreviationEnd(_ clusters: Clusters, from start: Int) -> Int? {
        var end = start
        var letters = 0
        while clusters.isKind(.letter, end), !clusters.isWord(end + 1) {
            letters += 1
            end += 1
            guard clusters.scalar(end) == 0x2E else { break }
            end += 1
        }
        return letters > 1 ? end : nil
    }

    /// The end of an HTML character reference, which posts carry unresolved: "&amp;", "&#39;".
    private static func characterReferenceEnd(_ clusters: Clusters, from start: Int) -> Int? {
        guard clusters.scalar(start) == 0x26 else { return nil }
        var end = start + 1
        if clusters.scalar(end) == 0x23 { end += 1 }
        var name = ""
        while end < start + 10, clusters.isWord(end), let scalar = Unicode.Scalar(clusters.scalar(end)) {
            name.unicodeScalars.append(scalar)
            end += 1
        }
        let isNumber = clusters.scalar(start + 1) == 0x23 && !name.isEmpty
        guard clusters.scalar(end) == 0x3B, isNumber || Signs.references.contains(name) else { return nil }
        return end + 1
    }
}

/// Signs that word splitting asks for, as scalars.
enum Signs {
    /// `@` and `#`, of full width too.
    static let namePrefix: Set<UInt32> = [0x40, 0x23, 0xFF20, 0xFF03]
    /// ASCII, typographic, modifier letter, full width.
    static let apostrophes: Set<UInt32> = [0x27, 0x2019, 0x2BC, 0xFF07]
    /// Hyphen-minus, hyphen, non-breaking hyphen.
    static let hyphens: Set<UInt32> = [0x2D, 0x2010, 0x2011]
    /// Between digits: . , : / and the Arabic separators.
    static let inNumbers: Set<UInt32> = [0x2E, 0x2C, 0x3A, 0x2F, 0x66B, 0x66C]
    /// Between letters: the Catalan middle dot, the Hebrew geresh and gershayim.
    static let inWords: Set<UInt32> = [0xB7, 0x5F3, 0x5F4]
    static let hebrew: ClosedRange<UInt32> = 0x5D0...0x5EA
    static let references: Set<String> = ["amp", "lt", "gt", "quot", "apos", "nbsp"]
}
