/// What the letters of a word look like. Vocabularies of uncased encoders lose this; a shape brings it back.
///
/// Raw values are rows of a trained table: new shapes go to the end, none is ever taken out.
package enum WordShape: UInt8, CaseIterable, Sendable {
    /// All letters lower-case: "park", "don't".
    case lower
    /// An upper-case letter in front, and others only where a part begins: "Park", "Hewlett-Packard", "O'Brien", "Don't".
    case capitalised
    /// Two letters or more, all upper-case: "NASA", "U.S.".
    case upper
    /// Upper and lower case in any other order: "iPhone", "McDonald".
    case mixed
    /// `@`, or a word that begins with it.
    case at
    /// `#`, or a word that begins with it.
    case hash
    /// A URL or an e-mail address, or what is left of one.
    case url
    /// Digits, with or without separators: "2016", "1,000".
    case digits
    /// Digits and letters: "F1", "90s", "Trump2016".
    case alphanumeric
    /// No letter and no digit: punctuation and symbols.
    case punctuation
    /// A pictograph.
    case emoji
    /// Letters of a script without case: "東", "مرحبا".
    case caseless
    /// A single upper-case letter: "J", "A".
    case initial
    /// Anything else: lone marks, controls, nothing at all.
    case other

    /// The shape of a word.
    package static func of(_ word: String) -> WordShape {
        guard let first = word.unicodeScalars.first else { return .other }
        if first == "@" || first == "\u{FF20}" { return .at }
        if first == "#" || first == "\u{FF03}", !isEmoji(word) { return .hash }
        if isLink(word) { return .url }
        let letters = LetterCounts(word)
        if letters.any == 0 {
            if isEmoji(word) { return .emoji }
            if letters.digits > 0 { return .digits }
            return letters.signs > 0 ? .punctuation : .other
        }
        if letters.digits > 0 { return .alphanumeric }
        if letters.upper + letters.lower == 0 { return .caseless }
        if letters.upper == 0 { return .lower }
        if letters.lower == 0 { return letters.any == 1 ? .initial : .upper }
        return letters.leading == letters.upper && letters.beginsUpper ? .capitalised : .mixed
    }

    private static func isLink(_ word: String) -> Bool {
        let start = word.utf8.prefix(8).map { $0 | 0x20 }
        if ["http://", "https://", "www."].contains(where: { start.starts(with: $0.utf8) }) { return true }
        // `name@host.domain` or `host.domain/path`; but "9/11" and "and/or" have no such dot.
        var hasAt = false
        var hasDot = false
        var previous: UInt8 = 0
        for byte in word.utf8 {
            if byte == UInt8(ascii: "."), hasAt { return true }
            if byte == UInt8(ascii: "/"), hasDot, previous | 0x20 >= 0x61, previous < 0x80 { return true }
            hasAt = hasAt || byte == UInt8(ascii: "@") && previous != 0
            hasDot = hasDot || byte == UInt8(ascii: ".")
            previous = byte
        }
        return false
    }

    private static func isEmoji(_ word: String) -> Bool {
        guard let first = word.unicodeScalars.first else { return false }
        if first.value < 0x80 { return word.unicodeScalars.contains("\u{20E3}") }
        // © and ® are signs; arrows and dingbats show as pictographs in posts.
        return first.properties.isEmojiPresentation || first.properties.isEmoji && first.value >= 0x2000
            || (0x1F1E6...0x1F1FF).contains(first.value)
    }
}

/// Letters of a word by case, and where its upper-case ones stand.
private struct LetterCounts {
    var upper = 0
    var lower = 0
    var any = 0
    var digits = 0
    /// Scalars that are neither letters, digits, marks nor controls.
    var signs = 0
    /// Upper-case letters that begin a part, a part being a run of letters.
    var leading = 0
    /// Whether the first letter is upper-case.
    var beginsUpper = false

    init(_ word: String) {
        var inPart = false
        for scalar in word.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .uppercaseLetter, .titlecaseLetter:
                upper += 1
                leading += inPart ? 0 : 1
                beginsUpper = beginsUpper || any == 0
            case .lowercaseLetter: lower += 1
            case .otherLetter, .modifierLetter: break
            case .decimalNumber, .letterNumber, .otherNumber:
                digits += 1
                inPart = false
                continue
            case .nonspacingMark, .spacingMark, .enclosingMark, .format, .control, .surrogate, .spaceSeparator,
                .lineSeparator, .paragraphSeparator, .unassigned:
                continue
            default:
                signs += 1
                inPart = false
                continue
            }
            any += 1
            inPart = true
        }
    }
}
