/// A string of a JSON text that has been checked but not decoded.
package struct ScannedString {
    /// Bytes between the quotes.
    package var content: Range<Int>
    package var hasEscapes: Bool
}

extension JSONScanner {
    /// Reads and checks a string, without decoding it.
    package mutating func scanString() throws(JSONError) -> ScannedString {
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { throw fail("expected a string") }
        let start = position + 1
        var index = start
        var hasEscapes = false
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") {
                move(to: index + 1)
                return ScannedString(content: start..<index, hasEscapes: hasEscapes)
            }
            if byte == UInt8(ascii: "\\") {
                hasEscapes = true
                index += try escapeLength(at: index)
            } else if byte < 0x20 {
                throw fail("control character in a string, write it as \\u\(fourHexDigits(byte))", at: index)
            } else {
                index += 1
            }
        }
        throw fail("unexpected end inside a string", at: bytes.count)
    }

    /// Length in bytes of the escape that begins at `index`.
    private func escapeLength(at index: Int) throws(JSONError) -> Int {
        guard index + 1 < bytes.count else { throw fail("unexpected end inside a string", at: bytes.count) }
        switch bytes[index + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return 2
        case UInt8(ascii: "u"):
            guard codeUnit(at: index) != nil else { throw fail("\\u needs four hexadecimal digits", at: index) }
            return 6
        default:
            throw fail("unknown escape in a string", at: index)
        }
    }

    /// The UTF-16 code unit of a `\uXXXX` escape at `index`; `nil` if there is none.
    private func codeUnit(at index: Int) -> UInt16? {
        guard index + 6 <= bytes.count, bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u") else {
            return nil
        }
        var unit: UInt16 = 0
        for digit in index + 2..<index + 6 {
            let value: UInt8
            switch bytes[digit] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = bytes[digit] - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = bytes[digit] - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): value = bytes[digit] - UInt8(ascii: "A") + 10
            default: return nil
            }
            unit = unit << 4 | UInt16(value)
        }
        return unit
    }

    /// The characters of a string that ``scanString()`` has checked.
    package func decode(_ scanned: ScannedString) -> String {
        guard scanned.hasEscapes else {
            // The text is valid UTF-8 and quotes are ASCII, so what lies between them is valid UTF-8 too.
            return unsafe String(copying: UTF8Span(unchecked: bytes.extracting(scanned.content)))
        }
        var decoded: [UInt8] = []
        decoded.reserveCapacity(scanned.content.count)
        var index = scanned.content.lowerBound
        while index < scanned.content.upperBound {
            if bytes[index] == UInt8(ascii: "\\") {
                index += appendEscape(at: index, to: &decoded)
            } else {
                decoded.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: decoded, as: UTF8.self)
    }

    /// Appends what the escape at `index` stands for, and returns the length of the escape.
    private func appendEscape(at index: Int, to decoded: inout [UInt8]) -> Int {
        switch bytes[index + 1] {
        case UInt8(ascii: "b"): decoded.append(0x08)
        case UInt8(ascii: "f"): decoded.append(0x0C)
        case UInt8(ascii: "n"): decoded.append(0x0A)
        case UInt8(ascii: "r"): decoded.append(0x0D)
        case UInt8(ascii: "t"): decoded.append(0x09)
        case UInt8(ascii: "u"): return appendCodeUnits(at: index, to: &decoded)
        case let other: decoded.append(other)
        }
        return 2
    }

    private func appendCodeUnits(at index: Int, to decoded: inout [UInt8]) -> Int {
        let first = codeUnit(at: index) ?? 0xFFFD
        var length = 6
        var value = UInt32(first)
        if UTF16.isLeadSurrogate(first), let second = codeUnit(at: index + 6), UTF16.isTrailSurrogate(second) {
            value = 0x10000 + (UInt32(first) & 0x3FF) << 10 + UInt32(second) & 0x3FF
            length = 12
        }
        // A lone surrogate is no scalar.
        decoded.append(contentsOf: String(Unicode.Scalar(value) ?? "\u{FFFD}").utf8)
        return length
    }

    private func fourHexDigits(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return String(repeating: "0", count: 4 - digits.count) + digits
    }
}
