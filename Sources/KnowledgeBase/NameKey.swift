import Text

/// Under what a name is found: its words folded (``NameFolding``), with a space between; signs do not count.
///
/// "Love Live!" is `love live`. Where all of it may be written as one word, as in "#LoveLive", that is `lovelive`.
struct NameKey {
    /// Names of more words, or of longer ones, are found by nobody.
    static let most = (words: 12, bytes: 160)
    static let space = UInt8(ascii: " ")

    var bytes: [UInt8] = []
    /// The same without spaces; `nil` for one word.
    var joined: [UInt8]?
    /// Whether it is one word in capitals: "US", "NBA".
    var isCapitals = false
    /// Whether it is one word in small letters: "apple".
    var isSmall = false

    /// The key of a name; `nil` for one that nothing can be found by: without a letter, of a single one, or too long.
    init?(_ name: String) {
        var words = 0
        var joined: [UInt8] = []
        for word in WordSplitter.words(in: name) {
            var folded: [UInt8] = []
            NameFolding.append(word.text, to: &folded)
            guard !folded.isEmpty else { continue }
            if words > 0 { bytes.append(Self.space) }
            bytes += folded
            joined += folded
            words += 1
        }
        guard (2...Self.most.bytes).contains(bytes.count), words <= Self.most.words, !joined.allSatisfy(Self.isDigit)
        else { return nil }
        if words > 1 { self.joined = joined }
        isCapitals = words == 1 && WordCase(name) == .capitals
        isSmall = words == 1 && WordCase(name) == .small && !name.contains(where: \.isUppercase)
    }

    static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}

/// FNV-1a of a key, with its bits mixed at the end (the finaliser of MurmurHash3), as the first ones say where to look.
struct KeyHash {
    private var state: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func update(_ byte: UInt8) { state = (state ^ UInt64(byte)) &* 0x100_0000_01b3 }

    var value: UInt64 {
        var value = state
        value = (value ^ (value >> 33)) &* 0xff51_afd7_ed55_8ccd
        value = (value ^ (value >> 33)) &* 0xc4ce_b9fe_1a85_ec53
        return value ^ (value >> 33)
    }

    static func of(_ bytes: some Sequence<UInt8>) -> UInt64 {
        var hash = KeyHash()
        for byte in bytes { hash.update(byte) }
        return hash.value
    }
}

/// How a word is written.
enum WordCase {
    /// Its first letter is a small one.
    case small
    /// Its first letter is none.
    case title
    /// So are all its letters, of which there are several.
    case capitals
    /// It has no letters.
    case none

    /// How a word is written; letters without case count as capitals that begin a word.
    init(_ word: String) {
        var (first, letters, small) = (WordCase.none, 0, false)
        for scalar in word.unicodeScalars {
            let isSmall: Bool
            if scalar.isASCII {
                guard (scalar.value | 0x20) >= 0x61, (scalar.value | 0x20) <= 0x7A else { continue }
                isSmall = scalar.value >= 0x61
            } else {
                guard scalar.properties.isAlphabetic else { continue }
                isSmall = scalar.properties.isLowercase
            }
            if letters == 0 { first = isSmall ? .small : .title }
            letters += 1
            if isSmall || !scalar.isASCII && !scalar.properties.isUppercase { small = true }
        }
        self = first == .title && letters > 1 && !small ? .capitals : first
    }
}
