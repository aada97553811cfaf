import JSON

/// Reads one line of the input as a ``Post``.
///
/// - `text` is needed unless `tokens` are given. Members that are `null` count as absent.
/// - A part of the wrong kind costs what hangs on it, and gives a warning; only without text and tokens there is no post.
/// - `tokens` are words: not empty, no white space at their ends (inside is fine: "New York" may be one token). With
///   a `text` they must be all of its words in order, with nothing but white space around them.
/// - Of several members with one name the last wins.
package struct PostParser: Sendable {
    private let keys: PostKeys
    private let html: Bool
    private let keep: Set<PostPart>
    private let passthrough: Bool
    private let reserved: Set<String>

    /// A parser for feeds whose parts lie under `keys`.
    ///
    /// With `html`, texts are read without their markup. The parts of `keep` are kept as they were written, under the names that they have here.
    ///
    /// With `passthrough`, members of the top-level object that the answer does not have itself are kept as they were
    /// written. Dropped are the members that `keys` name directly, and all names that an answer of the form `emit`
    /// (with `links`, where those have them) uses: an `error` in a feed must not look like one of ours. A member of which only a part is used (`/data/text`)
    /// is kept whole.
    package init(
        keys: PostKeys = PostKeys(), html: Bool = false, keep: Set<PostPart> = [], passthrough: Bool = false,
        emit: Emit = .posts, links: Bool = false
    ) {
        self.keys = keys
        self.html = html
        self.keep = keep
        self.passthrough = passthrough
        reserved = emit.memberNames(keeping: keep, links: links)
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
        var reader = PostReader(text: text, parts: parts, keys: keys, keep: keep)
        reader.html = html
        return try reader.post(line: number)
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
            try look(for: keys.regions, &parts.regions)
            try look(for: keys.tokens, &parts.tokens)
            if passthrough, !isKey, !reserved.contains(member.key) {
                parts.pass(text.span.extracting(member.start..<value.upperBound))
            }
        }
        try scanner.finish()
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
