import Text

/// A noun phrase of a caption: "a man", "two brown dogs", with what singles it out behind it: "in a blue shirt".
struct CaptionPhrase: Sendable, Equatable {
    /// Which side of the picture a caption says the thing is on.
    enum Side: Sendable, Equatable { case left, right }

    /// Words of the caption from determiner to head.
    var words: Range<Int>
    /// The words before the head that describe it, without determiner and number.
    var describing: Range<Int>
    /// The head, of one word or two.
    var head: Range<Int>
    /// What the head means; in "a group of dogs", the dogs.
    var noun: CaptionNoun
    /// How many things it speaks of; `nil` for several that are not counted.
    var number: Int?
    /// Words right behind the phrase that single it out; empty where there are none.
    var clothing: Range<Int>
    /// The side that the caption names.
    var side: Side?
}

/// A caption split into words and noun phrases.
struct Caption: Sendable {
    /// Its words as written.
    let words: [String]
    /// Its words in lower case.
    let lower: [String]
    /// Phrases whose head is a known noun, in order, never overlapping.
    let phrases: [CaptionPhrase]

    init(_ sentence: String) {
        words = WordSplitter.words(in: sentence).map(\.text)
        lower = words.map { $0.lowercased() }
        phrases = Self.phrases(lower)
    }

    // MARK: Chunking

    private static func phrases(_ words: [String]) -> [CaptionPhrase] {
        var phrases: [CaptionPhrase] = []
        var place = 0
        while place < words.count {
            guard let found = CaptionNouns.noun(in: words, at: place) else {
                place += 1
                continue
            }
            let head = place..<place + found.length
            place = head.upperBound
            let next = place < words.count ? words[place] : nil
            // "dog toy", "soccer player": the last of several nouns is the head.
            guard CaptionWords.canFollowNoun(next, plural: found.noun.isPlural) else { continue }
            var phrase = phrase(words, head, found.noun, after: phrases.last?.words.upperBound ?? 0)
            // A team, too, may be one of dogs.
            if found.noun.kind == .group || found.noun.kind == .team && next == "of" {
                guard let group = groupPhrase(words, phrase) else { continue }
                phrase = group
                place = group.words.upperBound
            }
            phrase.clothing = clothing(words, phrase)
            phrase.side = side(words, phrase.clothing.upperBound)
            phrases.append(phrase)
        }
        return phrases
    }

    /// The phrase around a head: back to its determiner, or over the adjectives right before it.
    private static func phrase(
        _ words: [String], _ head: Range<Int>, _ noun: CaptionNoun, after limit: Int
    ) -> CaptionPhrase {
        var adjectives = head.lowerBound
        while adjectives > limit, isDescription(words, adjectives - 1, limit) { adjectives -= 1 }
        var start = adjectives
        // An adjective that the list lacks may stand between determiner and head.
        for back in 1...3 where adjectives - back >= limit {
            let word = words[adjectives - back]
            if isCounting(word) {
                start = adjectives - back
                adjectives = start + 1
                break
            }
            if CaptionWords.prepositions.contains(word) || CaptionWords.others.contains(word) || word.hasSuffix("s") {
                break
            }
        }
        // "Lean dog runs": headlines have no determiner.
        if limit == 0, adjectives == 1, start == 1, !noun.isPlural, words[0].allSatisfy(\.isLetter) {
            (start, adjectives) = (0, 0)
        }
        let counting = start < adjectives ? words[start] : ""
        // "the two men"
        if start > limit, CaptionWords.determiners.contains(words[start - 1]) { start -= 1 }
        var number = CaptionWords.numbers[counting] ?? (noun.isPlural ? nil : 1)
        if CaptionWords.quantities.contains(counting) { number = nil }
        return CaptionPhrase(
            words: start..<head.upperBound, describing: adjectives..<head.lowerBound, head: head, noun: noun,
            number: number, clothing: head.upperBound..<head.upperBound)
    }

    private static func isCounting(_ word: String) -> Bool {
        CaptionWords.determiners.contains(word) || CaptionWords.numbers[word] != nil
            || CaptionWords.quantities.contains(word)
    }

    private static func isDescription(_ words: [String], _ place: Int, _ limit: Int) -> Bool {
        if CaptionWords.adjectives.contains(words[place]) { return true }
        // "black and white": only between two adjectives.
        return ["and", ","].contains(words[place]) && place > limit
            && CaptionWords.adjectives.contains(words[place - 1])
            && place + 1 < words.count && CaptionWords.adjectives.contains(words[place + 1])
    }

    /// "A group of" and the phrase behind it as one; `nil` where nothing that is known follows.
    private static func groupPhrase(_ words: [String], _ group: CaptionPhrase) -> CaptionPhrase? {
        let of = group.head.upperBound
        guard of + 1 < words.count, words[of] == "of" else { return nil }
        for place in of + 1..<min(of + 5, words.count) {
            guard let (noun, length) = CaptionNouns.noun(in: words, at: place), noun.isPlural else { continue }
            let head = place..<place + length
            var phrase = phrase(words, head, noun, after: of + 1)
            phrase.words = group.words.lowerBound..<head.upperBound
            // "a group of three men" is counted, "a group of men" is not.
            return phrase
        }
        return nil
    }

    /// "in a blue shirt", "wearing a hat", "with a beard".
    private static func clothing(_ words: [String], _ phrase: CaptionPhrase) -> Range<Int> {
        let start = phrase.words.upperBound
        let none = start..<start
        guard phrase.noun.isPerson, start + 1 < words.count else { return none }
        var place = start + 1
        switch words[start] {
        case "in", "wearing", "dressed": break
        case "with": guard CaptionWords.determiners.contains(words[start + 1]) else { return none }
        default: return none
        }
        if words[place] == "in" { place += 1 }
        var end = place
        var last: Int?
        while end < words.count, end - place < 7 {
            let word = words[end]
            if CaptionWords.dress.contains(word) { last = end }
            let goesOn = CaptionWords.determiners.contains(word) || word == "and" || CaptionWords.dress.contains(word)
            if !goesOn, CaptionWords.prepositions.contains(word) || CaptionWords.others.contains(word) { break }
            end += 1
        }
        return last.map { start..<$0 + 1 } ?? none
    }

    /// "on the left", right behind the phrase.
    private static func side(_ words: [String], _ place: Int) -> CaptionPhrase.Side? {
        guard place + 2 < words.count, words[place] == "on", words[place + 1] == "the" else { return nil }
        return words[place + 2] == "left" ? .left : words[place + 2] == "right" ? .right : nil
    }
}
