import Text

/// A name that a text has, and who has it.
package struct NameInText: Sendable, Equatable {
    /// Where it stands, as Unicode scalars.
    package let scalars: Range<Int>
    /// As it is written there.
    package let text: String
    /// Who has it, best first; at least one.
    package let entities: [KnownEntity]
}

extension KnowledgeBase {
    /// The names that a text has, in its order: the longest where one holds another, and none that overlap.
    ///
    /// A name is one by its words, without regard to case, if it begins with no small letter or stands behind `#` or `@`. One
    /// word is more often something else, so it has to be more: no function word, none that the base's own descriptions write
    /// small, no part of a longer name that the base does not have, and in capitals where the base's name is.
    package func names(in text: String, atMost most: Int = .max) -> [NameInText] {
        var found: [NameInText] = []
        let words = NameWords(text)
        var place = 0
        /// The word behind the last name.
        var end = 0
        while place < words.count, found.count < most {
            guard words.beginsName(place) else {
                place += 1
                continue
            }
            guard let (last, postings) = longest(words, from: place, after: end), case let all = entities(postings),
                !all.isEmpty
            else {
                place += 1
                continue
            }
            found.append(
                NameInText(
                    scalars: words.words[place].scalars.lowerBound..<words.words[last].scalars.upperBound,
                    text: words.text(place...last), entities: all))
            (place, end) = (last + 1, last + 1)
        }
        return found
    }

    /// The longest name that begins with a word: its last word, and who has it. Names have been found before `end`.
    private func longest(_ words: NameWords, from start: Int, after end: Int) -> (last: Int, [Posting])? {
        var key = words.folded(start)[...]
        var best: (Int, [Posting])?
        if words.mayStandAlone(start, after: end) {
            let postings = postings(of: key, hash: KeyHash.of(key)).filter { words.allows($0, start) }
            if !postings.isEmpty { best = (start, postings) }
        }
        guard longestName > 1 else { return best }
        var hash = KeyHash()
        for byte in key { hash.update(byte) }
        var isName = words.writing[start] != .none || words.isBehindSign(start)
        var isFunction = FunctionWords.contains(key)
        var last = start
        for _ in 1..<longestName {
            guard let next = words.next(after: last) else { break }
            let folded = words.folded(next)
            if key.count + folded.count >= NameKey.most.bytes { break }
            last = next
            key.append(NameKey.space)
            hash.update(NameKey.space)
            key += folded
            for byte in folded { hash.update(byte) }
            isName = isName || words.writing[next] == .title || words.writing[next] == .capitals
            isFunction = isFunction && FunctionWords.contains(folded)
            guard isName, !isFunction else { continue }
            let postings = postings(of: key, hash: hash.value)
            if !postings.isEmpty { best = (last, postings) }
        }
        return best
    }
}

/// A text's words as names need them.
struct NameWords {
    let words: [Word]
    private(set) var writing: [WordCase] = []
    private var bytes: [UInt8] = []
    /// Where each word's letters and digits lie in `bytes`.
    private var parts: [Range<Int>] = []

    var count: Int { words.count }

    init(_ text: String) {
        words = WordSplitter.words(in: text)
        for word in words {
            let start = bytes.count
            NameFolding.append(word.text, to: &bytes)
            parts.append(start..<bytes.count)
            writing.append(WordCase(word.text))
        }
    }

    /// A word's letters and digits.
    func folded(_ place: Int) -> ArraySlice<UInt8> { bytes[parts[place]] }

    /// Some words, with white space where there is some.
    func text(_ range: ClosedRange<Int>) -> String {
        range.reduce(into: "") { text, place in
            if place > range.lowerBound, !touches(place) { text += " " }
            text += words[place].text
        }
    }

    /// Whether a word stands behind `#` or `@`.
    func isBehindSign(_ place: Int) -> Bool { sign(before: place) != nil }

    /// Whether a name may begin with a word.
    func beginsName(_ place: Int) -> Bool {
        !parts[place].isEmpty && (writing[place] != .small || isBehindSign(place))
    }

    /// The next word that may belong to a name: at most one sign lies between, which begins no other name.
    func next(after place: Int) -> Int? {
        for next in place + 1..<max(place + 1, min(place + 3, count)) {
            if !parts[next].isEmpty { return next }
            if Self.signs.contains(words[next].text) { return nil }
        }
        return nil
    }

    /// Whether a word, which begins a name, may be one: no number, and no part of a longer name that nobody knows. Names have
    /// been found before `end`.
    func mayStandAlone(_ place: Int, after end: Int) -> Bool {
        guard parts[place].count > 1, !folded(place).allSatisfy(NameKey.isDigit) else { return false }
        if isBehindSign(place) { return true }
        switch writing[place] {
        case .none, .small: return false
        case .capitals: return true
        // The first word of a text has a capital whatever it is.
        case .title: return !looksLikeName(place + 1) && (place <= max(end, 1) || !looksLikeName(place - 1))
        }
    }

    /// Whether there is a word that looks like a part of a name.
    private func looksLikeName(_ place: Int) -> Bool {
        guard place < count, !parts[place].isEmpty, !isBehindSign(place), !FunctionWords.contains(folded(place)) else {
            return false
        }
        return writing[place] == .title || writing[place] == .capitals
    }

    /// Whether a word, as it is written, may be a name with this posting.
    func allows(_ posting: Posting, _ place: Int) -> Bool {
        if posting.has(Posting.common) { return isHandle(place) }
        return !posting.has(Posting.capitals) || writing[place] == .capitals || isBehindSign(place)
    }

    private static let signs: Set<String> = ["#", "@", "＃", "＠"]

    /// The sign in front of a word; texts that were split into words have a space between.
    private func sign(before place: Int) -> String? {
        guard place > 0, Self.signs.contains(words[place - 1].text) else { return nil }
        return words[place - 1].text
    }

    /// Whether a word is a handle: "@" may also stand for "at".
    private func isHandle(_ place: Int) -> Bool {
        guard let sign = sign(before: place) else { return false }
        return touches(place) && (sign == "@" || sign == "＠")
    }

    /// Whether nothing lies between a word and the one before.
    private func touches(_ place: Int) -> Bool {
        words[place - 1].scalars.upperBound == words[place].scalars.lowerBound
    }
}
