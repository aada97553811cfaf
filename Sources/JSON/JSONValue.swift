/// A JSON value as a tree, for files that are wanted whole: gold data, exports. The stream itself never builds one.
///
/// Numbers keep the digits they were written with, so that 64-bit ids survive.
package indirect enum JSONValue: Sendable, Equatable {
    /// A member of an object.
    package struct Member: Sendable, Equatable {
        /// The member's name.
        package var key: String
        /// What it holds.
        package var value: JSONValue

        /// A member of an object.
        package init(_ key: String, _ value: JSONValue) {
            self.key = key
            self.value = value
        }
    }

    /// `null`.
    case null
    /// `true` or `false`.
    case boolean(Bool)
    /// A number, as it is written.
    case number(String)
    /// A string.
    case string(String)
    /// An array.
    case array([JSONValue])
    /// An object, its members in order.
    case object([Member])

    /// Reads a JSON text.
    package init(parsing bytes: [UInt8]) throws(JSONError) {
        var scanner = try JSONScanner(validating: bytes.span)
        self = try Self.read(&scanner, bytes)
        try scanner.finish()
    }

    /// An integer.
    package static func integer(_ value: Int) -> JSONValue { .number(String(value)) }

    /// A number with at most `decimals` digits after the point; `null` where it is not finite.
    package static func number(_ value: Double, decimals: Int) -> JSONValue {
        var bytes: [UInt8] = []
        bytes.appendNumber(value, decimals: decimals)
        return value.isFinite ? .number(String(decoding: bytes, as: UTF8.self)) : .null
    }

    /// A number with at most `decimals` digits after the point; `null` where it is not finite.
    package static func number(_ value: Float, decimals: Int) -> JSONValue {
        number(Double(value), decimals: decimals)
    }

    /// A number with as many digits as tell it from its neighbours; `null` where it is not finite.
    package static func number(_ value: Double) -> JSONValue { value.isFinite ? .number("\(value)") : .null }

    // MARK: Looking inside

    /// The member of this name, the last of several; `nil` where there is none, or where this is no object.
    package subscript(_ key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.key == key }?.value
    }

    /// The value that a pointer points at, as ``JSONPointer/resolve(in:from:token:)`` finds it; `nil` where there is none.
    package subscript(_ pointer: JSONPointer) -> JSONValue? {
        var value: JSONValue? = self
        for token in pointer.tokens {
            if let elements = value?.elements {
                let index = JSONPointer.arrayIndex(token)
                value = index.flatMap { elements.indices.contains($0) ? elements[$0] : nil }
            } else {
                value = value?[token]
            }
        }
        return value
    }

    /// The member of this name, where it says something: `null` does not.
    package func present(_ key: String) -> JSONValue? { self[key].flatMap { $0 == .null ? nil : $0 } }

    /// The value that a pointer points at, where it says something.
    package func present(_ pointer: JSONPointer) -> JSONValue? { self[pointer].flatMap { $0 == .null ? nil : $0 } }

    /// The string, if it is one.
    package var string: String? {
        guard case .string(let string) = self else { return nil }
        return string
    }

    /// The elements, if it is an array.
    package var elements: [JSONValue]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    /// The number, if it is a finite one.
    package var double: Double? {
        guard case .number(let digits) = self, let value = Double(digits), value.isFinite else { return nil }
        return value
    }

    /// The number, if it is an integer that fits.
    package var integer: Int? {
        guard case .number(let digits) = self else { return nil }
        return Int(digits)
    }

    // MARK: Writing

    /// Appends the value as JSON on one line.
    package func write(into output: inout [UInt8]) {
        switch self {
        case .null: output.appendLiteral("null")
        case .boolean(let value): output.appendLiteral(value ? "true" : "false")
        case .number(let digits): output.append(contentsOf: digits.utf8)
        case .string(let string): output.appendString(string)
        case .array(let elements):
            output.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                element.write(into: &output)
            }
            output.append(UInt8(ascii: "]"))
        case .object(let members):
            output.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                output.appendString(member.key)
                output.append(UInt8(ascii: ":"))
                member.value.write(into: &output)
            }
            output.append(UInt8(ascii: "}"))
        }
    }

    // MARK: Reading

    /// Reads the next value. The scanner's depth limit bounds the recursion.
    private static func read(_ scanner: inout JSONScanner, _ bytes: [UInt8]) throws(JSONError) -> JSONValue {
        switch try scanner.kind() {
        case .null:
            try scanner.skipValue()
            return .null
        case .boolean: return .boolean(bytes[try scanner.skipValue().lowerBound] == UInt8(ascii: "t"))
        case .number: return .number(String(decoding: bytes[try scanner.skipValue()], as: UTF8.self))
        case .string: return .string(try scanner.string())
        case .array:
            var elements: [JSONValue] = []
            try scanner.beginArray()
            while try scanner.nextElement() { elements.append(try read(&scanner, bytes)) }
            return .array(elements)
        case .object:
            var members: [Member] = []
            try scanner.beginObject()
            while let (key, _) = try scanner.nextMember() {
                members.append(Member(key, try read(&scanner, bytes)))
            }
            return .object(members)
        }
    }
}
