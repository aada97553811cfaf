/// What is wrong with a JSON text, and at which byte.
package struct JSONError: Error, Sendable, Equatable {
    /// The kinds of fault that a reader may want to tell apart.
    package enum Fault: Sendable {
        /// Not the grammar of RFC 8259.
        case syntax
        /// A raw NUL byte, the usual sign of a binary or UTF-16 file.
        case nul
        /// Objects and arrays nested deeper than ``JSONScanner/depthLimit``.
        case depth
    }

    /// What went wrong.
    package let fault: Fault
    /// Index of the offending byte in the text; the text's length if it ends too early.
    package let offset: Int
    /// The fault in words, without the place.
    package let message: String

    /// A fault by its parts.
    package init(fault: Fault, offset: Int, message: String) {
        self.fault = fault
        self.offset = offset
        self.message = message
    }
}

/// What a JSON value is, seen from its first byte.
package enum JSONKind: String, Sendable {
    /// `{…}`.
    case object
    /// `[…]`.
    case array
    /// `"…"`.
    case string
    /// An integer or a decimal number.
    case number
    /// `true` or `false`.
    case boolean
    /// `null`.
    case null
}

/// A strict reader of JSON (RFC 8259) that walks over UTF-8 bytes and never builds a tree.
///
/// It exists because answers return ids and unknown members byte for byte: a 64-bit id, `1e5` or a number of 30
/// digits must come back as it was written, which a parser into numbers and dictionaries (Foundation's, say) cannot
/// do. Knowing where each value begins and ends is enough for that. It also needs no Foundation, which costs
/// milliseconds at every start, and allocates nothing but the strings that a caller asks for.
///
/// - The bytes must be valid UTF-8, which the type of the input proves.
/// - Control characters inside strings are refused, numbers are checked against the grammar, and ``finish()`` accepts
///   nothing but white space.
/// - A surrogate pair of `\u` escapes is one character. A lone half becomes U+FFFD: feeds that cut texts at a number
///   of UTF-16 units produce them, and the replacement has the same length in scalars and in UTF-16 units.
/// - Members come in the order of the text, duplicates included; readers here let the last one win.
package struct JSONScanner: ~Escapable {
    /// How deep objects and arrays may be nested. The scanner needs no stack for them; the limit protects programs
    /// further down the pipe, many of which recurse.
    package static let depthLimit = 512

    package let bytes: Span<UInt8>
    /// Index of the next byte to read.
    package private(set) var position: Int
    /// The objects (`true`) and arrays (`false`) that are open here.
    private var open: [Bool] = []
    /// Whether the innermost container was opened just now, so that no comma is due.
    private var fresh = false

    /// A scanner that starts at byte `position` of a text.
    @_lifetime(copy text)
    package init(_ text: UTF8Span, at position: Int = 0) {
        bytes = text.span
        self.position = position
    }

    /// A scanner of bytes that are checked to be UTF-8 first.
    @_lifetime(copy bytes)
    package init(validating bytes: Span<UInt8>) throws(JSONError) {
        do {
            self.init(try UTF8Span(validating: bytes))
        } catch {
            throw JSONError(fault: .syntax, offset: error.byteOffsets.lowerBound, message: "not valid UTF-8")
        }
    }

    // MARK: Values

    /// Skips white space and says what the next value is, without reading it.
    package mutating func kind() throws(JSONError) -> JSONKind {
        skipWhitespace()
        guard position < bytes.count else { throw fail("unexpected end, a value is missing") }
        switch bytes[position] {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .boolean
        case UInt8(ascii: "n"): return .null
        default: throw fail("expected a value")
        }
    }

    /// Reads a string and returns it decoded.
    package mutating func string() throws(JSONError) -> String {
        let scanned = try scanString()
        return decode(scanned)
    }

    /// Reads any value and returns where its bytes lie. All of the value is checked.
    @discardableResult
    package mutating func skipValue() throws(JSONError) -> Range<Int> {
        skipWhitespace()
        let start = position
        let outer = open.count
        repeat {
            switch try kind() {
            case .object: try beginObject()
            case .array: try beginArray()
            case .string: _ = try scanString()
            case .number: try scanNumber()
            case .boolean: try literal(bytes[position] == UInt8(ascii: "t") ? "true" : "false")
            case .null: try literal("null")
            }
            // Close whatever ends here, then stand before the next value of what is still open.
            while open.count > outer {
                if open[open.count - 1] {
                    guard try advance(closing: UInt8(ascii: "}")) else { continue }
                    _ = try scanKey()
                } else {
                    guard try advance(closing: UInt8(ascii: "]")) else { continue }
                }
                break
            }
        } while open.count > outer
        return start..<position
    }

    /// Accepts white space up to the end of the text, nothing else.
    package mutating func finish() throws(JSONError) {
        skipWhitespace()
        guard position == bytes.count else { throw fail("unexpected text after the value") }
    }

    // MARK: Containers

    /// Steps into an object. Call ``nextMember()`` until it returns `nil`.
    package mutating func beginObject() throws(JSONError) {
        try begin(UInt8(ascii: "{"), isObject: true)
    }

    /// Steps to the next member of the innermost object and stands before its value, which the caller has to read.
    /// `nil` when the object has been closed.
    ///
    /// - Returns: the decoded key, and the index of the quote that opens it.
    package mutating func nextMember() throws(JSONError) -> (key: String, start: Int)? {
        guard try advance(closing: UInt8(ascii: "}")) else { return nil }
        skipWhitespace()
        let start = position
        let key = try scanKey()
        return (decode(key), start)
    }

    /// Steps into an array. Call ``nextElement()`` until it returns `false`.
    package mutating func beginArray() throws(JSONError) {
        try begin(UInt8(ascii: "["), isObject: false)
    }

    /// Steps to the next element of the innermost array and stands before it; `false` when the array has been closed.
    package mutating func nextElement() throws(JSONError) -> Bool {
        try advance(closing: UInt8(ascii: "]"))
    }

    private mutating func begin(_ byte: UInt8, isObject: Bool) throws(JSONError) {
        skipWhitespace()
        guard position < bytes.count, bytes[position] == byte else {
            throw fail(isObject ? "expected an object" : "expected an array")
        }
        guard open.count < Self.depthLimit else { throw fail("nested deeper than \(Self.depthLimit)", .depth) }
        position += 1
        open.append(isObject)
        fresh = true
    }

    /// Passes the comma before the next member or element, or the closing bracket (then `false`).
    private mutating func advance(closing: UInt8) throws(JSONError) -> Bool {
        skipWhitespace()
        guard position < bytes.count else {
            throw fail("unexpected end, \"\(Character(Unicode.Scalar(closing)))\" is missing")
        }
        if bytes[position] == closing {
            // After a comma the caller stands before a value, so a bracket can only follow a value or the opening.
            position += 1
            open.removeLast()
            fresh = false
            return false
        }
        if fresh {
            fresh = false
            return true
        }
        guard bytes[position] == UInt8(ascii: ",") else {
            throw fail("expected \",\" or \"\(Character(Unicode.Scalar(closing)))\"")
        }
        position += 1
        return true
    }

    private mutating func scanKey() throws(JSONError) -> ScannedString {
        skipWhitespace()
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
            throw fail("expected a member name in double quotes")
        }
        let key = try scanString()
        skipWhitespace()
        guard position < bytes.count, bytes[position] == UInt8(ascii: ":") else {
            throw fail("expected \":\" after a member name")
        }
        position += 1
        return key
    }

    // MARK: Tokens

    package mutating func skipWhitespace() {
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"): position += 1
            default: return
            }
        }
    }

    private mutating func literal(_ word: StaticString) throws(JSONError) {
        let start = position
        for scalar in word.description.utf8 {
            guard position < bytes.count, bytes[position] == scalar else {
                throw fail("expected a value", at: start)
            }
            position += 1
        }
    }

    private mutating func scanNumber() throws(JSONError) {
        if bytes[position] == UInt8(ascii: "-") { position += 1 }
        let leadingZero = position < bytes.count && bytes[position] == UInt8(ascii: "0")
        let integerDigits = skipDigits()
        guard integerDigits > 0 else { throw fail("expected a digit") }
        guard !leadingZero || integerDigits == 1 else {
            throw fail("a number must not begin with 0", at: position - integerDigits)
        }
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            position += 1
            guard skipDigits() > 0 else { throw fail("expected a digit after the decimal point") }
        }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            if position < bytes.count, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") {
                position += 1
            }
            guard skipDigits() > 0 else { throw fail("expected a digit in the exponent") }
        }
    }

    private mutating func skipDigits() -> Int {
        let start = position
        while position < bytes.count, bytes[position] &- UInt8(ascii: "0") < 10 { position += 1 }
        return position - start
    }

    package func fail(
        _ message: String, _ fault: JSONError.Fault = .syntax, at offset: Int? = nil
    ) -> JSONError {
        let place = offset ?? position
        if fault == .syntax, place < bytes.count, bytes[place] == 0 {
            return JSONError(fault: .nul, offset: place, message: "NUL byte")
        }
        return JSONError(fault: fault, offset: place, message: message)
    }

    package mutating func move(to position: Int) {
        self.position = position
    }
}
