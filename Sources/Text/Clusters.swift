/// A text as user-perceived characters (UAX #29), each with what word splitting needs to know of it.
///
/// Marks, joiners, flags, skin tones and keycaps are in one cluster with their base, so no word boundary can part them.
struct Clusters {
    /// What a cluster is to word splitting.
    enum Kind: UInt8 {
        /// Between words: white space, control characters, blanks that are letters or symbols by name.
        case space
        /// Without width, and so without a trace inside a word: soft hyphen, word joiner, marks of direction.
        case joiner
        case letter
        case digit
        case underscore
        /// A word by itself: an ideograph, an emoji, a symbol, a punctuation mark.
        case single
    }

    private(set) var kinds: [Kind] = []
    /// The scalar that each cluster shows as, 0 for one that shows as several.
    private(set) var scalars: [UInt32] = []
    /// Scalar offset of each cluster's start, and of the text's end.
    private(set) var starts: [Int] = [0]
    /// Index of each cluster's start, and of the text's end.
    private(set) var indices: [String.Index] = []

    var count: Int { kinds.count }

    init(_ text: String) {
        let size = text.utf8.count
        kinds.reserveCapacity(size)
        scalars.reserveCapacity(size)
        starts.reserveCapacity(size + 1)
        indices.reserveCapacity(size + 1)
        var index = text.startIndex
        while index < text.endIndex {
            let next = text.index(after: index)
            append(text.unicodeScalars[index..<next])
            indices.append(index)
            index = next
        }
        indices.append(index)
    }

    /// Whether a cluster is part of a word's body.
    func isWord(_ place: Int) -> Bool {
        guard place >= 0, place < count else { return false }
        return kinds[place] == .letter || kinds[place] == .digit || kinds[place] == .underscore
    }

    /// Whether there is a cluster at this place, of this kind.
    func isKind(_ kind: Kind, _ place: Int) -> Bool { place >= 0 && place < count && kinds[place] == kind }

    /// The scalar at a place, 0 where there is none, or more than one.
    func scalar(_ place: Int) -> UInt32 { place >= 0 && place < count ? scalars[place] : 0 }

    /// The next place from `place` on where there is more than a joiner.
    func visible(from place: Int) -> Int {
        var place = place
        while isKind(.joiner, place) { place += 1 }
        return place
    }

    /// The last place before `place` where there is more than a joiner; -1 where there is none.
    func visible(before place: Int) -> Int {
        var place = place - 1
        while isKind(.joiner, place) { place -= 1 }
        return place
    }

    // MARK: Kinds

    private mutating func append(_ cluster: Substring.UnicodeScalarView) {
        guard let first = cluster.first else { return }
        let length = cluster.count
        starts.append(starts[starts.count - 1] + length)
        guard length > 1 else {
            kinds.append(Self.kind(first))
            scalars.append(first.value)
            return
        }
        // What marks, selectors and skin tones stand behind decides: behind what is no emoji they change nothing.
        let base = cluster.first { !Self.isSilent($0) && !Self.isPrepended($0) } ?? first
        if cluster.contains(where: \.properties.isWhitespace) {
            // A number sign in front of a space, a mark behind it.
            kinds.append(.space)
        } else if makesEmoji(cluster, of: base) {
            kinds.append(.single)
        } else {
            kinds.append(Self.kind(base))
        }
        scalars.append(cluster.contains { $0 != base && !Self.isSilent($0) && !Self.isModifier($0) } ? 0 : base.value)
    }

    /// Whether a cluster is an emoji only by what follows its base: a sign with an emoji selector, a keycap.
    ///
    /// A keycap on the last digit of a number is none: it would cut the number.
    private func makesEmoji(_ cluster: Substring.UnicodeScalarView, of base: Unicode.Scalar) -> Bool {
        guard base.value < 0x80 else { return base.properties.isEmoji && cluster.contains("\u{FE0F}") }
        return base.properties.isEmoji && cluster.contains("\u{20E3}") && kinds.last != .digit
    }

    /// Format characters that form a cluster with what follows them, as the Arabic number sign does.
    private static func isPrepended(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value >= 0x600 && scalar.properties.generalCategory == .format
    }

    /// Scalars that show nothing themselves: variation selectors, joiners, fillers.
    private static func isSilent(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value > 0x7F && scalar.properties.isDefaultIgnorableCodePoint
    }

    /// Keycap and skin tones: they make an emoji of an emoji, and of nothing else.
    private static func isModifier(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "\u{20E3}" || scalar.properties.isEmojiModifier
    }

    private static func kind(_ scalar: Unicode.Scalar) -> Kind {
        switch scalar.value {
        case 0x61...0x7A, 0x41...0x5A: return .letter
        case 0x30...0x39: return .digit
        case 0x5F: return .underscore
        case 0...0x20, 0x7F: return .space
        case 0x21..<0x7F: return .single
        // A zero-width space is where words may part; Hangul's fillers and the empty Braille pattern are blanks.
        case 0x200B, 0x115F, 0x1160, 0x3164, 0xFFA0, 0x2800: return .space
        // A letter by name, that feeds write for the apostrophe.
        case 0x2BC: return .single
        default: break
        }
        if writtenWithoutSpaces(scalar) { return .single }
        let properties = scalar.properties
        switch properties.generalCategory {
        case .control, .surrogate, .spaceSeparator, .lineSeparator, .paragraphSeparator: return .space
        case .format: return .joiner
        case .decimalNumber, .otherNumber: return .digit
        case .otherSymbol: return .single
        default:
            if properties.isDefaultIgnorableCodePoint { return .joiner }
            return properties.isAlphabetic ? .letter : .single
        }
    }

    /// Scripts without spaces between words, where a cluster has to be a word: nothing else keeps names apart.
    private static func writtenWithoutSpaces(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0xE00: false
        // Thai and Lao; Myanmar; Khmer.
        case 0xE00..<0xF00, 0x1000..<0x10A0, 0xA9E0..<0xAA00, 0xAA60..<0xAA80, 0x1780..<0x1800: true
        // Kana, full width, its extensions, half width.
        case 0x3040..<0x3100, 0x31F0..<0x3200, 0xFF66..<0xFFA0, 0x1AFF0..<0x1B170: true
        default: scalar.properties.isIdeographic
        }
    }
}
