/// Splits raw posts into words.
///
/// A word is what can be a part of a name, so boundaries stand wherever an entity can begin or end: `@` and `#` are words
/// apart from the name after them, and so is a possessive `'s`. A URL, an e-mail address, an emoji with all its joiners, a
/// number with its separators, a hyphenated or contracted word and a dotted abbreviation ("U.S.") are one word each; an
/// ideograph is one, and so is every other punctuation mark. White space is in no word, and what is invisible only between
/// two parts of one. No boundary parts a user-perceived character: a skin tone, a selector or a keycap behind a letter is a
/// part of the word.
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
            return characterReferenceEnd(clusters, from: start) ?? possessiveEnd(clusters, from: start) ?? start + 1
        }
        if let end = abbreviationEnd(clusters, from: start) { return end }
        let isName = Signs.namePrefix.contains(clusters.scalar(clusters.visible(before: start)))
        var end = start + 1
        while true {
            while clusters.isWord(end) { end += 1 }
            guard let next = partStart(clusters, after: end - 1, joinedBySigns: !isName) else { return end }
            end = next + 1
        }
    }

    /// Where the next part of a word begins whose last part ends with `last`: behind joiners, or behind a sign that makes
    /// one word of two parts.
    private static func partStart(_ clusters: Clusters, after last: Int, joinedBySigns: Bool) -> Int? {
        let sign = clusters.visible(from: last + 1)
        if clusters.isWord(sign) { return sign }
        guard joinedBySigns else { return nil }
        let next = clusters.visible(from: sign + 1)
        return clusters.isWord(next) && joins(clusters, last, sign, next) ? next : nil
    }

    /// Whether a sign between two parts of words makes one word of them.
    private static func joins(_ clusters: Clusters, _ last: Int, _ place: Int, _ next: Int) -> Bool {
        let sign = clusters.scalar(place)
        if Signs.hyphens.contains(sign) { return true }
        if clusters.isKind(.digit, last), clusters.isKind(.digit, next) {
            return Signs.inNumbers.contains(sign) || Signs.apostrophes.contains(sign)
        }
        guard clusters.isKind(.letter, last), clusters.isKind(.letter, next) else { return false }
        if Signs.apostrophes.contains(sign) { return genitiveEnd(clusters, from: place) == nil }
        return Signs.inWords.contains(sign)
            || sign == 0x22 && Signs.hebrew.contains(clusters.scalar(last))
                && Signs.hebrew.contains(clusters.scalar(next))
    }

    /// The end of a possessive `'s`: behind a word, also one that ends with a sign ("D.C.'s", "Yahoo!'s").
    private static func possessiveEnd(_ clusters: Clusters, from start: Int) -> Int? {
        guard let end = genitiveEnd(clusters, from: start) else { return nil }
        let last = clusters.visible(before: start)
        if clusters.isWord(last) { return end }
        return Signs.atWordEnds.contains(clusters.scalar(last)) && clusters.isWord(last - 1) ? end : nil
    }

    /// The end of an apostrophe and an `s` that stand here, and no more.
    private static func genitiveEnd(_ clusters: Clusters, from place: Int) -> Int? {
        guard Signs.apostrophes.contains(clusters.scalar(place)) else { return nil }
        let letter = clusters.visible(from: place + 1)
        guard clusters.scalar(letter) | 0x20 == 0x73, !clusters.isWord(clusters.visible(from: letter + 1)) else {
            return nil
        }
        return letter + 1
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
    /// What a name can end with: "U.S.", "Yahoo!", and a bracket or quotation mark that closes.
    static let atWordEnds: Set<UInt32> = [
        0x2E, 0x21, 0x3F, 0x2A, 0x2B, 0x24, 0xAE, 0x2122, 0x22, 0x29, 0x5D, 0xBB, 0x201D,
    ]
    /// Hyphen-minus, hyphen, non-breaking hyphen.
    static let hyphens: Set<UInt32> = [0x2D, 0x2010, 0x2011]
    /// Between digits: . , : / and the Arabic separators.
    static let inNumbers: Set<UInt32> = [0x2E, 0x2C, 0x3A, 0x2F, 0x66B, 0x66C]
    /// Between letters: the Catalan middle dot, the Hebrew geresh and gershayim.
    static let inWords: Set<UInt32> = [0xB7, 0x5F3, 0x5F4]
    static let hebrew: ClosedRange<UInt32> = 0x5D0...0x5EA
    static let references: Set<String> = ["amp", "lt", "gt", "quot", "apos", "nbsp"]
}
