/// A text as user-perceived characters (UAX #29), each with what word splitting needs to know of it.
///
/// Marks, joiners, flags, skin tones and keycaps are in one cluster with their base, so no word boundary can part them.
struct Clusters {
    /// What a cluster is to word splitting.
    enum Kind: UInt8 {
        /// Between words: white space, control and format characters.
        case space
        /// Inside a word without a trace of its own: soft hyphen, word joiner.
        case joiner
        case letter
        case digit
        case underscore
        /// A word by itself: an ideograph, an emoji, a symbol, a punctuation mark.
        case single
    }

    private(set) var kinds: [Kind] = []
    /// First scalar of each cluster that has no other, 0 for one that has.
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

    private mutating func append(_ cluster: Substring.UnicodeScalarView) {
        var length = 0
        var emoji = false
        var first: Unicode.Scalar?
        for scalar in cluster {
            if first == nil || length == 1 && Self.isPrepended(first) { first = scalar }
            emoji = emoji || length > 0 && Self.makesEmoji(scalar.value)
            length += 1
        }
        guard let first else { return }
        kinds.append(emoji ? .single : Self.kind(first))
        scalars.append(length == 1 ? first.value : 0)
        starts.append(starts[starts.count - 1] + length)
    }

    /// Format characters that form a cluster with what follows them, as the Arabic number sign does.
    private static func isPrepended(_ scalar: Unicode.Scalar?) -> Bool {
        guard let scalar, scalar.value >= 0x600 else { return false }
        return scalar.properties.generalCategory == .format
    }

    /// Emoji presentation selector, keycap, skin tones.
    private static func makesEmoji(_ scalar: UInt32) -> Bool {
        scalar == 0xFE0F || scalar == 0x20E3 || (0x1F3FB...0x1F3FF).contains(scalar)
    }

    private static func kind(_ scalar: Unicode.Scalar) -> Kind {
        switch scalar.value {
        case 0x61...0x7A, 0x41...0x5A: return .letter
        case 0x30...0x39: return .digit
        case 0x5F: return .underscore
        case 0...0x20, 0x7F: return .space
        case 0x21..<0x7F: return .single
        case 0xAD, 0x2060: return .joiner
        default: break
        }
        if writtenWithoutSpaces(scalar) { return .single }
        let properties = scalar.properties
        switch properties.generalCategory {
        case .control, .format, .surrogate, .spaceSeparator, .lineSeparator, .paragraphSeparator: return .space
        case .decimalNumber, .otherNumber: return .digit
        case .otherSymbol: return .single
        default: return properties.isAlphabetic ? .letter : .single
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
