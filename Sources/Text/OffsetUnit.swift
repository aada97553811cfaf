/// In which unit a place in a text is counted.
package enum OffsetUnit: String, Sendable, CaseIterable {
    /// Unicode scalars (code points), as Python, brat and spaCy count.
    case scalar
    /// UTF-16 code units, as JavaScript, Java and C# count.
    case utf16
    /// Bytes of UTF-8, as Go, Rust and files count.
    case utf8
}

/// Turns places in a text, counted in Unicode scalars, into the other units.
///
/// It walks from the last place to the next, in either direction, so places in ascending order cost one pass over
/// the text in total. Graphemes (Swift's `Character`) are never counted: their borders move with the version of
/// Unicode.
package struct OffsetCursor: ~Escapable {
    private let bytes: Span<UInt8>
    private let isASCII: Bool
    /// The place in Unicode scalars.
    package private(set) var scalar = 0
    /// The place in UTF-16 code units.
    package private(set) var utf16 = 0
    /// The place in bytes of UTF-8.
    package private(set) var utf8 = 0

    /// A cursor at the start of a text.
    @_lifetime(copy text)
    package init(_ text: UTF8Span) {
        var text = text
        isASCII = text.checkForASCII()
        bytes = text.span
    }

    /// Moves to the place before scalar number `scalar`; a place outside the text becomes its nearest end.
    package mutating func move(toScalar target: Int) {
        if isASCII {
            utf8 = min(max(0, target), bytes.count)
            (scalar, utf16) = (utf8, utf8)
            return
        }
        while scalar < target, utf8 < bytes.count {
            let length = scalarLength(lead: bytes[utf8])
            utf8 += length
            utf16 += length == 4 ? 2 : 1
            scalar += 1
        }
        while scalar > target, utf8 > 0 {
            repeat { utf8 -= 1 } while bytes[utf8] & 0xC0 == 0x80
            utf16 -= bytes[utf8] >= 0xF0 ? 2 : 1
            scalar -= 1
        }
    }

    /// The place in a unit of the caller's choice.
    package func offset(in unit: OffsetUnit) -> Int {
        switch unit {
        case .scalar: scalar
        case .utf16: utf16
        case .utf8: utf8
        }
    }

    private func scalarLength(lead: UInt8) -> Int {
        switch lead {
        case ..<0x80: 1
        case ..<0xE0: 2
        case ..<0xF0: 3
        default: 4
        }
    }
}
