import JSON

/// Reads one line of the input as a ``Post``.
///
/// - `text` is needed unless `tokens` are given. Members that are `null` count as absent.
/// - `tokens` are words: not empty, no white space at their ends (inside is fine: "New York" may be one token). With
///   a `text` they must be all of its words in order, with nothing but white space around them.
/// - Of several members with one name the last wins.
package struct PostParser: Sendable {
    private let keys: PostKeys
    private let passthrough: Bool
    private let reserved: Set<String>

    /// A parser for feeds whose parts lie under `keys`.
    ///
    /// With `passthrough`, members of the top-level object that the answer does not have itself are kept as they were
    /// written. Dropped are the members that `keys` name directly, and all names that an answer of the form `emit`
    /// uses: an `error` in a feed must not look like one of ours. A member of which only a part is used (`/data/text`)
    /// is kept whole.
    package init(keys: PostKeys = PostKeys(), passthrough: Bool = false, emit: Emit = .posts) {
        self.keys = keys
        self.passthrough = passthrough
        reserved = emit.memberNames
    }

    /// Reads a line without its newline. `number` is its place in the stream, from 1.
    ///
    /// - Throws: ``RecordError`` of stage `parse`, with the record's id where that could be read.
    package func parse(_ line: [UInt8], number: Int) throws(RecordError) -> Post {
        try parse(line.span, number: number)
    }

    /// Reads a line without its newline. `number` is its place in the stream, from 1.
    ///
    /// - Throws: ``RecordError`` of stage `parse`, with the record's id where that could be read.
    package func parse(_ line: Span<UInt8>, number: Int) throws(RecordError) -> Post {
        var parts = PostParts()
        if passthrough { parts.passthrough = [] }
        let text: UTF8Span
        do {
            text = try UTF8Span(validating: line)
        } catch {
            let start = error.byteOffsets.lowerBound
            // What comes before the fault may hold the id.
            if let before = try? UTF8Span(validating: line.extracting(0..<start)) { try? find(&parts, in: before) }
            throw RecordError(
                .jsonUTF8, stage: "parse", message: "the line is not valid UTF-8", column: start + 1,
                id: PostReader.rawID(parts, in: line))
        }
        do {
            try find(&parts, in: text)
        } catch {
            throw RecordError(
                error.code, stage: "parse", message: error.message, column: error.offset + 1,
                id: PostReader.rawID(parts, in: line))
        }
        guard parts.isObject else {
            throw RecordError(
                .jsonNotObject, stage: "parse", message: "the line is JSON, but not an object", column: 1)
        }
        return try PostReader(text: text, parts: parts).post(line: number)
    }

    /// Finds the parts of a post in a line, and checks all of the line.
    private func find(_ parts: inout PostParts, in text: UTF8Span) throws(JSONError) {
        var scanner = JSONScanner(text)
        guard try scanner.kind() == .object else {
            try scanner.skipValue()
            return try scanner.finish()
        }
        parts.isObject = true
        try scanner.beginObject()
        while let member = try scanner.nextMember() {
            let value = try scanner.skipValue()
            var isKey = false
            func look(for pointer: JSONPointer, _ part: inout Range<Int>?) throws(JSONError) {
                guard pointer.tokens[0] == member.key else { return }
                part = try pointer.resolve(in: text, from: value.lowerBound, token: 1)
                if pointer.tokens.count == 1 { isKey = true }
            }
            try look(for: keys.text, &parts.text)
            try look(for: keys.image, &parts.image)
            try look(for: keys.id, &parts.id)
            try look(for: keys.alt, &parts.alt)
            try look(for: keys.knowledge, &parts.knowledge)
            try look(for: keys.tokens, &parts.tokens)
            if passthrough, !isKey, !reserved.contains(member.key) {
                parts.pass(text.span.extracting(member.start..<value.upperBound))
            }
        }
        try scanner.finish()
    }
}

/// Where in a line the values lie that a post is made of.
private struct PostParts {
    var isObject = false
    var text: Range<Int>?
    var image: Range<Int>?
    var id: Range<Int>?
    var alt: Range<Int>?
    var knowledge: Range<Int>?
    var tokens: Range<Int>?
    var passthrough: [UInt8]?

    mutating func pass(_ member: Span<UInt8>) {
        if passthrough?.isEmpty == false { passthrough?.append(UInt8(ascii: ",")) }
        unsafe member.withUnsafeBufferPointer { unsafe passthrough?.append(contentsOf: $0) }
    }
}

/// Reads the values that ``PostParser`` found. All of them are valid JSON by then; their types are not known.
private struct PostReader: ~Escapable {
    let text: UTF8Span
    let parts: PostParts

    @_lifetime(copy text)
    init(text: UTF8Span, parts: PostParts) {
        self.text = text
        self.parts = parts
    }

    func post(line: Int) throws(RecordError) -> Post {
        var post = Post(line: line, text: "")
        post.id = try id()
        post.passthrough = parts.passthrough
        let text = try string(parts.text, .textType, "the text")
        if let tokens = try tokens() {
            do {
                if let text {
                    post.tokens = try TokenAlignment.find(tokens, in: text)
                    post.text = text
                } else {
                    (post.text, post.tokens) = try TokenAlignment.join(tokens)
                }
            } catch {
                throw fail(error.code, error.message, parts.tokens)
            }
        } else if let text {
            post.text = text
        } else {
            throw fail(.textMissing, "there is neither a text nor tokens", nil)
        }
        post.image = try string(parts.image, .imageType, "the path of the picture")
        post.alt = try string(parts.alt, .altType, "the alternative text")
        post.knowledge = try string(parts.knowledge, .knowledgeType, "the knowledge")
        return post
    }

    /// The bytes of the id, if there is one and it is a string or a number.
    static func rawID(_ parts: PostParts, in line: Span<UInt8>) -> RawJSON? {
        guard let range = parts.id else { return nil }
        switch line[range.lowerBound] {
        case UInt8(ascii: "\""), UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            return RawJSON(range.map { line[$0] })
        default:
            return nil
        }
    }

    private func id() throws(RecordError) -> RawJSON? {
        guard let range = parts.id, let kind = kind(range), kind != .null else { return nil }
        guard let id = Self.rawID(parts, in: text.span) else {
            throw fail(.idType, "the id must be a string or a number, it is \(kind.phrase)", range)
        }
        return id
    }

    private func string(_ range: Range<Int>?, _ code: RecordError.Code, _ name: String) throws(RecordError) -> String? {
        guard let range, let kind = kind(range), kind != .null else { return nil }
        guard kind == .string else { throw fail(code, "\(name) must be a string, it is \(kind.phrase)", range) }
        return decoded(range.lowerBound)
    }

    private func tokens() throws(RecordError) -> [String]? {
        guard let range = parts.tokens, let kind = kind(range), kind != .null else { return nil }
        guard kind == .array else {
            throw fail(.tokensType, "the tokens must be an array of strings, they are \(kind.phrase)", range)
        }
        var tokens: [String] = []
        var scanner = JSONScanner(text, at: range.lowerBound)
        do throws(JSONError) {
            try scanner.beginArray()
            while try scanner.nextElement() {
                let kind = try scanner.kind()
                guard kind == .string else {
                    throw JSONError(
                        fault: .syntax, offset: scanner.position,
                        message: "token \(tokens.count) must be a string, it is \(kind.phrase)")
                }
                tokens.append(try scanner.string())
            }
        } catch {
            throw fail(.tokensType, error.message, error.offset..<error.offset)
        }
        return tokens
    }

    private func kind(_ range: Range<Int>) -> JSONKind? {
        var scanner = JSONScanner(text, at: range.lowerBound)
        return try? scanner.kind()
    }

    private func decoded(_ start: Int) -> String? {
        var scanner = JSONScanner(text, at: start)
        return try? scanner.string()
    }

    private func fail(_ code: RecordError.Code, _ message: String, _ range: Range<Int>?) -> RecordError {
        RecordError(
            code, stage: "parse", message: message, column: range.map { $0.lowerBound + 1 },
            id: Self.rawID(parts, in: text.span), passthrough: parts.passthrough)
    }
}

extension JSONError {
    fileprivate var code: RecordError.Code {
        switch fault {
        case .syntax: .jsonSyntax
        case .nul: .jsonNUL
        case .depth: .jsonDepth
        }
    }
}

extension JSONKind {
    fileprivate var phrase: String {
        switch self {
        case .object: "an object"
        case .array: "an array"
        case .string: "a string"
        case .number: "a number"
        case .boolean: "a boolean"
        case .null: "null"
        }
    }
}
