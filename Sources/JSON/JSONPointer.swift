/// A JSON Pointer (RFC 6901): where in a post a value lies, as `/text` or `/media/0/url`.
package struct JSONPointer: Sendable, Equatable, CustomStringConvertible {
    /// The reference tokens, unescaped. Never empty.
    package let tokens: [String]
    /// The pointer as it was written.
    package let description: String

    /// Parses a pointer. `~1` stands for `/` and `~0` for `~` inside a name.
    ///
    /// - Throws: ``JSONPointerError`` if it does not begin with `/` (which also refuses the pointer to the whole
    ///   document, of no use here), or has a `~` that escapes nothing.
    package init(_ pointer: String) throws(JSONPointerError) {
        guard pointer.utf8.first == UInt8(ascii: "/") else {
            throw JSONPointerError("\"\(pointer)\" is not a JSON Pointer, it must begin with \"/\", as in \"/text\"")
        }
        var tokens: [String] = []
        for part in pointer.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            var token: [UInt8] = []
            var rest = part
            while let byte = rest.popFirst() {
                guard byte == UInt8(ascii: "~") else {
                    token.append(byte)
                    continue
                }
                switch rest.popFirst() {
                case UInt8(ascii: "0"): token.append(UInt8(ascii: "~"))
                case UInt8(ascii: "1"): token.append(UInt8(ascii: "/"))
                default:
                    throw JSONPointerError(
                        "\"\(pointer)\" is not a JSON Pointer, \"~\" must be written \"~0\" (and \"/\" in a name \"~1\")"
                    )
                }
            }
            tokens.append(String(decoding: token, as: UTF8.self))
        }
        self.tokens = tokens
        description = pointer
    }

    /// Parses a pointer, or a path as people write it: names with dots between, and places in arrays as numbers or in
    /// brackets. `data.text`, `media.0.url`, `.media[0].url`.
    ///
    /// - Throws: ``JSONPointerError`` if it is neither. A name with a dot or a slash in it needs a pointer.
    package init(path: String) throws(JSONPointerError) {
        guard path.utf8.first != UInt8(ascii: "/") else {
            try self.init(path)
            return
        }
        let error = JSONPointerError(
            "\"\(path)\" is no key; write \"text\" or \"data.text\", or a JSON Pointer like \"/data/text\"")
        guard !path.utf8.contains(UInt8(ascii: "/")) else { throw error }
        var names: [Substring] = []
        for part in path.drop(while: { $0 == "." }).split(separator: ".", omittingEmptySubsequences: false) {
            let pieces = part.split(separator: "[", omittingEmptySubsequences: false)
            if !pieces[0].isEmpty || pieces.count == 1 { names.append(pieces[0]) }
            for place in pieces.dropFirst() {
                guard place.last == "]", Self.arrayIndex(String(place.dropLast())) != nil else { throw error }
                names.append(place.dropLast())
            }
        }
        guard !names.isEmpty, names.allSatisfy({ !$0.isEmpty }) else { throw error }
        self.init(tokens: names.map(String.init), path)
    }

    private init(tokens: [String], _ description: String) {
        self.tokens = tokens
        self.description = description
    }

    /// The pointer to a member of the top-level object.
    package init(member name: String) {
        tokens = [name]
        description = "/\(name)"
    }

    /// Where the value lies that the tokens from `index` on point at, in the value that begins at `start`.
    ///
    /// The last of several members of one name wins. An array is entered by a decimal index without leading zeros.
    package func resolve(in text: UTF8Span, from start: Int, token index: Int) throws(JSONError) -> Range<Int>? {
        var scanner = JSONScanner(text, at: start)
        guard index < tokens.count else { return try scanner.skipValue() }
        var found: Int?
        switch try scanner.kind() {
        case .object:
            try scanner.beginObject()
            while let member = try scanner.nextMember() {
                let value = try scanner.skipValue()
                if member.key == tokens[index] { found = value.lowerBound }
            }
        case .array:
            try scanner.beginArray()
            var remaining = Self.arrayIndex(tokens[index]) ?? -1
            while remaining >= 0, try scanner.nextElement() {
                let value = try scanner.skipValue()
                if remaining == 0 { found = value.lowerBound }
                remaining -= 1
            }
        default:
            break
        }
        guard let found else { return nil }
        return try resolve(in: text, from: found, token: index + 1)
    }

    /// A place in an array: decimal, without leading zeros.
    static func arrayIndex(_ token: String) -> Int? {
        guard token.utf8.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 }) else { return nil }
        return token.utf8.count > 1 && token.utf8.first == UInt8(ascii: "0") ? nil : Int(token)
    }
}

/// Why a string is not a JSON Pointer.
package struct JSONPointerError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The reason, with the string itself.
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
