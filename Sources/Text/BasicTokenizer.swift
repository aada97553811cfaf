/// BERT's basic tokeniser: cleans a text and cuts it into tokens at white space, punctuation and ideographs.
///
/// Devlin et al. 2019, `BasicTokenizer`: control characters go, every Han ideograph and every punctuation mark is a token;
/// uncased models lower-case and strip accents (canonical decomposition without its non-spacing marks).
///
/// In one thing it departs from that: what makes emoji and is left over behind a letter (a selector, a skin tone, a keycap)
/// goes, as it would make an unknown word of a known one.
struct BasicTokenizer: Sendable {
    /// Whether to lower-case and to strip accents.
    let lowercase: Bool

    private let table = ScalarTable.shared

    init(lowercase: Bool) {
        self.lowercase = lowercase
    }

    /// Calls `body` with the UTF-8 bytes and the scalar count of each token. `token` is scratch that calls share.
    func forEachToken(in text: String, _ token: inout Token, _ body: ([UInt8], Int) -> Void) {
        for scalar in text.unicodeScalars where !(Self.makesEmoji(scalar.value) && token.endsWithLetter) {
            take(scalar.value, &token, body)
        }
        token.finish(body)
    }

    private func take(_ scalar: UInt32, _ token: inout Token, _ body: ([UInt8], Int) -> Void) {
        switch table.kind(of: scalar) {
        case .drop: return
        case .space: return token.finish(body)
        case .mark where lowercase: return
        case .punctuation, .ideograph:
            token.finish(body)
            append(scalar, &token, body)
            token.finish(body)
        case .keep, .mark: append(scalar, &token, body)
        }
    }

    private func append(_ scalar: UInt32, _ token: inout Token, _ body: ([UInt8], Int) -> Void) {
        guard lowercase else { return token.append(scalar) }
        switch table.mapping(of: scalar) {
        case .itself:
            if (0xAC00..<0xD7A4).contains(scalar) {
                Self.decomposeHangul(scalar) { token.append($0) }
            } else {
                token.append(scalar)
            }
        case .scalar(let target): appendMapped(target, &token, body)
        case .scalars(let targets): for target in targets { appendMapped(target, &token, body) }
        }
    }

    /// A mapping can make punctuation of what was none (U+037E, the Greek question mark, is a semicolon).
    private func appendMapped(_ scalar: UInt32, _ token: inout Token, _ body: ([UInt8], Int) -> Void) {
        guard table.kind(of: scalar) == .punctuation else { return token.append(scalar) }
        token.finish(body)
        token.append(scalar)
        token.finish(body)
    }

    /// Emoji and text selectors, keycap, skin tones.
    private static func makesEmoji(_ scalar: UInt32) -> Bool {
        scalar >= 0x20E3 && (scalar == 0x20E3 || scalar | 1 == 0xFE0F || (0x1F3FB...0x1F3FF).contains(scalar))
    }

    /// The Unicode Standard, section 3.12: a syllable's two or three jamo by arithmetic.
    private static func decomposeHangul(_ scalar: UInt32, _ body: (UInt32) -> Void) {
        let index = scalar - 0xAC00
        body(0x1100 + index / 588)
        body(0x1161 + index % 588 / 28)
        if index % 28 != 0 { body(0x11A7 + index % 28) }
    }

    /// A token in the making.
    struct Token {
        private var bytes: [UInt8] = []
        private var scalars = 0
        /// Whether what was added last is of a script, and no sign or digit that emoji are made of.
        private(set) var endsWithLetter = false

        mutating func append(_ scalar: UInt32) {
            scalars += 1
            endsWithLetter = scalar >= 0x41 && scalar < 0x2000 && scalar != 0xA9 && scalar != 0xAE
            if scalar < 0x80 { return bytes.append(UInt8(scalar)) }
            guard let scalar = Unicode.Scalar(scalar) else { return }
            bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        }

        mutating func finish(_ body: ([UInt8], Int) -> Void) {
            guard scalars > 0 else { return }
            body(bytes, scalars)
            bytes.removeAll(keepingCapacity: true)
            scalars = 0
            endsWithLetter = false
        }
    }
}
