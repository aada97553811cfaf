/// JSON written straight into bytes, without Foundation.
///
/// Whatever goes in, what comes out is valid JSON on one line, and a terminal that shows it obeys nothing in it.
extension [UInt8] {
    package mutating func appendLiteral(_ literal: StaticString) {
        append(contentsOf: literal.description.utf8)
    }

    package mutating func appendInteger(_ value: Int) {
        append(contentsOf: String(value).utf8)
    }

    /// Appends a number in its shortest form with at most `decimals` digits after the point, never with an exponent.
    /// What is not a finite number becomes `null`: JSON has no other word for it.
    package mutating func appendNumber(_ value: Float?, decimals: Int) {
        appendNumber(value.map(Double.init), decimals: decimals)
    }

    /// Appends a number in its shortest form with at most `decimals` digits after the point, never with an exponent.
    package mutating func appendNumber(_ value: Double?, decimals: Int) {
        guard let value, value.isFinite else { return appendLiteral("null") }
        var scale = 1.0
        for _ in 0..<decimals { scale *= 10 }
        // No edge of a picture and no probability comes near the cap, which keeps the conversion from trapping.
        var digits = UInt64(Swift.min((value.magnitude * scale).rounded(), 1e18))
        var places = decimals
        while places > 0, digits % 10 == 0 {
            digits /= 10
            places -= 1
        }
        if value < 0, digits > 0 { append(UInt8(ascii: "-")) }
        let text = String(digits).utf8
        guard places > 0 else { return append(contentsOf: text) }
        append(contentsOf: text.count > places ? text.dropLast(places) : "0".utf8.prefix(1))
        append(UInt8(ascii: "."))
        for _ in 0..<Swift.max(0, places - text.count) { append(UInt8(ascii: "0")) }
        append(contentsOf: text.suffix(places))
    }

    /// Appends a string with its quotes. Only what JSON forbids is escaped, and the other control characters.
    package mutating func appendString(_ string: String) {
        appendString(utf8: string.utf8Span.span)
    }

    /// Appends a string, given as valid UTF-8, with its quotes.
    package mutating func appendString(utf8: Span<UInt8>) {
        append(UInt8(ascii: "\""))
        var index = 0
        while index < utf8.count {
            let byte = utf8[index]
            index += 1
            switch byte {
            case UInt8(ascii: "\""): appendLiteral("\\\"")
            case UInt8(ascii: "\\"): appendLiteral("\\\\")
            case 0x08: appendLiteral("\\b")
            case 0x09: appendLiteral("\\t")
            case 0x0A: appendLiteral("\\n")
            case 0x0C: appendLiteral("\\f")
            case 0x0D: appendLiteral("\\r")
            case ..<0x20, 0x7F: appendEscape(byte)
            case 0xC2 where index < utf8.count && utf8[index] < 0xA0:
                // U+0080 to U+009F.
                appendEscape(utf8[index])
                index += 1
            default: append(byte)
            }
        }
        append(UInt8(ascii: "\""))
    }

    /// `\u00XX` for a scalar below U+0100.
    private mutating func appendEscape(_ scalar: UInt8) {
        appendLiteral("\\u00")
        append(Self.hexDigit(scalar >> 4))
        append(Self.hexDigit(scalar & 0xF))
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
