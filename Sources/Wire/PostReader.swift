import JSON
import Text

/// Where in a line the values lie that a post is made of.
struct PostParts {
    var isObject = false
    var text: Range<Int>?
    var image: Range<Int>?
    var id: Range<Int>?
    var alt: Range<Int>?
    var knowledge: Range<Int>?
    var regions: Range<Int>?
    var tokens: Range<Int>?
    var passthrough: [UInt8]?

    /// Where a part that an answer can give back lies.
    func place(of part: PostPart) -> Range<Int>? {
        switch part {
        case .text: text
        case .image: image
        case .alt: alt
        case .knowledge: knowledge
        case .regions: regions
        case .tokens: tokens
        }
    }

    mutating func pass(_ member: Span<UInt8>) {
        if passthrough?.isEmpty == false { passthrough?.append(UInt8(ascii: ",")) }
        unsafe member.withUnsafeBufferPointer { unsafe passthrough?.append(contentsOf: $0) }
    }
}

/// Reads the values that ``PostParser`` found. All of them are valid JSON by then; their types are not known.
struct PostReader: ~Escapable {
    let text: UTF8Span
    let parts: PostParts
    let keys: PostKeys
    let keep: Set<PostPart>
    /// Whether the text is HTML.
    var html = false

    @_lifetime(copy text)
    init(text: UTF8Span, parts: PostParts, keys: PostKeys, keep: Set<PostPart>) {
        self.text = text
        self.parts = parts
        self.keys = keys
        self.keep = keep
    }

    /// The post, or why there is none.
    func post(line: Int) throws(RecordError) -> Post {
        var post = Post(line: line, text: "")
        post.id = id(&post.warnings)
        try readText(into: &post)
        post.passthrough = returned(joined: post.text)
        post.images = pictures(&post.warnings)
        giveRegions(to: &post.images, &post.warnings)
        post.alt = string(parts.alt, "alt.type", "the alternative text", &post.warnings)
        post.knowledge = string(parts.knowledge, "knowledge.type", "the knowledge", &post.warnings)
        return post
    }

    /// Text and words. Where one of them is of the wrong kind, the other is enough.
    private func readText(into post: inout Post) throws(RecordError) {
        var text: String?
        var faults: [RecordError] = []
        do throws(RecordError) { text = try given() } catch { faults.append(error) }
        if html, let markup = text.flatMap({ Markup(html: $0) }) {
            (text, post.markup) = (markup.text, markup)
        }
        do throws(RecordError) {
            if let words = try words() {
                try align(words, with: text, in: &post)
                text = post.text
            }
        } catch {
            guard error.code == .tokensType else { throw error }
            faults.append(error)
        }
        guard let text else {
            throw faults.first
                ?? fail(.textMissing, "there is neither a text at \(keys.text) nor tokens at \(keys.tokens)", nil)
        }
        post.text = text
        for fault in faults { post.warnings.append(wrong(fault.code.rawValue, fault.message)) }
    }

    private func align(_ words: [String], with text: String?, in post: inout Post) throws(RecordError) {
        do throws(TokenAlignment.Fault) {
            if let text {
                post.tokens = try TokenAlignment.find(words, in: text)
                post.text = text
            } else {
                (post.text, post.tokens) = try TokenAlignment.join(words)
            }
        } catch {
            throw fail(error.code, error.message, parts.tokens)
        }
    }

    // MARK: What is given back

    /// Members to give back: the parts to keep as they were written, then all that means nothing here. Where there were words
    /// alone, their text is what they were `joined` to.
    private func returned(joined: String? = nil) -> [UInt8]? {
        guard !keep.isEmpty else { return parts.passthrough }
        var members: [UInt8] = []
        for part in PostPart.allCases where keep.contains(part) {
            var value: [UInt8] = []
            if let range = parts.place(of: part), kind(range) != .null {
                value = range.map { text.span[$0] }
            } else if part == .text, let joined {
                value.appendString(joined)
            }
            guard !value.isEmpty else { continue }
            if !members.isEmpty { members.append(UInt8(ascii: ",")) }
            members.appendString(part.rawValue)
            members.append(UInt8(ascii: ":"))
            members += value
        }
        guard let passed = parts.passthrough, !passed.isEmpty else { return members }
        return members.isEmpty ? passed : members + [UInt8(ascii: ",")] + passed
    }

    // MARK: Values

    /// The most bytes of an id. It is repeated wherever something is said of the post, so it must not be a megabyte.
    static let mostIDBytes = 4096

    /// The bytes of the id, if there is one and it is a string or a number of bearable length.
    static func rawID(_ parts: PostParts, in line: Span<UInt8>) -> RawJSON? {
        guard let range = parts.id, range.count <= mostIDBytes else { return nil }
        switch line[range.lowerBound] {
        case UInt8(ascii: "\""), UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            return RawJSON(range.map { line[$0] })
        default:
            return nil
        }
    }

    private func id(_ warnings: inout [Warning]) -> RawJSON? {
        guard let range = parts.id, let kind = kind(range), kind != .null else { return nil }
        let id = Self.rawID(parts, in: text.span)
        if range.count > Self.mostIDBytes {
            let bound =
                "the id has \(range.count) bytes, and may have \(Self.mostIDBytes); the line's number stands for it"
            warnings.append(wrong("id.too_long", bound))
        } else if id == nil {
            warnings.append(wrong("id.type", "the id must be a string or a number, it is \(kind.phrase)"))
        }
        return id
    }

    /// A string, where there is one.
    func string(
        _ range: Range<Int>?, _ code: String, _ name: String, _ warnings: inout [Warning]
    ) -> String? {
        guard let range, let kind = kind(range), kind != .null else { return nil }
        guard kind == .string else {
            warnings.append(wrong(code, "\(name) must be a string, it is \(kind.phrase)"))
            return nil
        }
        return decoded(range.lowerBound)
    }

    private func given() throws(RecordError) -> String? {
        guard let range = parts.text, let kind = kind(range), kind != .null else { return nil }
        guard kind == .string else { throw fail(.textType, "the text must be a string, it is \(kind.phrase)", range) }
        return decoded(range.lowerBound)
    }

    private func words() throws(RecordError) -> [String]? {
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

    /// The kind of a value.
    func kind(_ range: Range<Int>) -> JSONKind? {
        var scanner = JSONScanner(text, at: range.lowerBound)
        return try? scanner.kind()
    }

    /// The string that begins at a place.
    func decoded(_ start: Int) -> String? {
        var scanner = JSONScanner(text, at: start)
        return try? scanner.string()
    }

    /// What is said of a part that is of the wrong kind.
    func wrong(_ code: String, _ message: String) -> Warning { Warning(code: code, stage: "parse", message: message) }

    private func fail(_ code: RecordError.Code, _ message: String, _ range: Range<Int>?) -> RecordError {
        RecordError(
            code, stage: "parse", message: message, column: range.map { $0.lowerBound + 1 },
            id: Self.rawID(parts, in: text.span), passthrough: returned())
    }
}

extension JSONKind {
    /// How messages name it.
    var phrase: String {
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
