/// Cuts a text of HTML into scalars, references and tags, from left to right, in linear time whatever it holds.
struct HTMLReader {
    enum Token: Equatable {
        /// A scalar that stands for itself.
        case scalar(Unicode.Scalar)
        /// A character reference.
        case reference(Unicode.Scalar)
        /// A tag between two lines.
        case lineBreak
        /// Any other tag, a comment, or what is no text.
        case nothing
    }

    private let scalars: [Unicode.Scalar]
    /// Where the next token begins.
    private(set) var place = 0
    /// No `>`, and no end of a comment, script or style, stands behind these places: nobody looks twice.
    private var lastClose: Int?
    private var hopeless: Set<String> = []

    init(_ scalars: [Unicode.Scalar]) {
        self.scalars = scalars
        lastClose = scalars.lastIndex(of: ">")
    }

    /// The next token, and how many scalars it takes; `nil` at the end.
    mutating func next() -> (Token, length: Int)? {
        guard place < scalars.count else { return nil }
        let start = place
        let token: Token
        switch scalars[start] {
        case "<": token = tag() ?? .scalar("<")
        case "&": token = reference().map { .reference($0) } ?? .scalar("&")
        case let scalar: token = .scalar(scalar)
        }
        if place == start { place += 1 }
        return (token, place - start)
    }

    // MARK: Tags

    private mutating func tag() -> Token? {
        guard let lastClose, place < lastClose else { return nil }
        if starts(with: "<!--") {
            guard let end = end(of: "-->", from: place + 4) else { return nil }
            place = end
            return .nothing
        }
        var nameStart = place + 1
        if nameStart < scalars.count, ["!", "?", "/"].contains(scalars[nameStart]) { nameStart += 1 }
        var name = ""
        var end = nameStart
        while end < scalars.count, end < nameStart + 16, Self.isName(scalars[end]) {
            name.unicodeScalars.append(scalars[end])
            end += 1
        }
        guard let first = name.unicodeScalars.first, first.properties.isAlphabetic else { return nil }
        guard let close = scalars[end...].firstIndex(of: ">") else { return nil }
        let opens = nameStart == place + 1
        place = close + 1
        name = name.lowercased()
        if opens, ["script", "style"].contains(name), let close = self.end(of: "</\(name)", from: place) {
            place = (scalars[close...].firstIndex(of: ">") ?? scalars.count - 1) + 1
        }
        return Self.lineBreaks.contains(name) ? .lineBreak : .nothing
    }

    private static let lineBreaks: Set<String> = [
        "address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "figcaption", "figure", "footer",
        "form",
        "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "table",
        "td",
        "th", "tr", "ul",
    ]

    private static func isName(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
    }

    private func starts(with text: String, at start: Int? = nil) -> Bool {
        let start = start ?? place
        guard start + text.utf8.count <= scalars.count else { return false }
        return zip(scalars[start...], text.unicodeScalars).allSatisfy { scalar, wanted in
            scalar == wanted || scalar.isASCII && wanted.properties.isAlphabetic && scalar.value | 0x20 == wanted.value
        }
    }

    /// The place behind a text, compared without case.
    private mutating func end(of text: String, from start: Int) -> Int? {
        guard !hopeless.contains(text) else { return nil }
        for place in start..<max(start, scalars.count - text.utf8.count + 1) where starts(with: text, at: place) {
            return place + text.utf8.count
        }
        hopeless.insert(text)
        return nil
    }

    // MARK: References

    /// The scalar that a reference stands for, and the place behind it.
    private mutating func reference() -> Unicode.Scalar? {
        var end = place + 1
        var name = ""
        while end < scalars.count, end <= place + 32, Self.isName(scalars[end]) || scalars[end] == "#" {
            name.unicodeScalars.append(scalars[end])
            end += 1
        }
        guard end < scalars.count, scalars[end] == ";", let scalar = HTMLReferences.scalar(name) else { return nil }
        place = end + 1
        return scalar
    }
}
