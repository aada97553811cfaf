/// Finds words that were split elsewhere in the text that they come from.
enum TokenAlignment {
    /// Why words do not fit: which one, and what is wrong with it.
    struct Fault: Error {
        var code: RecordError.Code
        var message: String
    }

    /// Where the tokens lie in a text that is made of them, joined by one space.
    static func join(_ tokens: [String]) throws(Fault) -> (text: String, ranges: [Range<Int>]) {
        var text = ""
        var ranges: [Range<Int>] = []
        ranges.reserveCapacity(tokens.count)
        var start = 0
        for (index, token) in tokens.enumerated() {
            try check(token, index)
            if index > 0 { text.unicodeScalars.append(" ") }
            text.append(token)
            let end = start + token.unicodeScalars.count
            ranges.append(start..<end)
            start = end + 1
        }
        return (text, ranges)
    }

    /// Where the tokens lie in `text`: in order, with nothing but white space before, between and after them.
    static func find(_ tokens: [String], in text: String) throws(Fault) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        ranges.reserveCapacity(tokens.count)
        var rest = text.unicodeScalars[...]
        var position = 0
        func skipWhitespace() {
            while let scalar = rest.first, scalar.properties.isWhitespace {
                rest.removeFirst()
                position += 1
            }
        }
        for (index, token) in tokens.enumerated() {
            try check(token, index)
            skipWhitespace()
            let start = position
            for scalar in token.unicodeScalars {
                guard rest.first == scalar else {
                    throw Fault(
                        code: .tokensMismatch,
                        message: "token \(index) is not what the text has at scalar \(start)")
                }
                rest.removeFirst()
                position += 1
            }
            ranges.append(start..<position)
        }
        skipWhitespace()
        guard rest.isEmpty else {
            throw Fault(code: .tokensMismatch, message: "the text goes on after the last token, at scalar \(position)")
        }
        return ranges
    }

    /// A token may hold white space inside ("New York"), but at its ends the place of a word would be ambiguous.
    private static func check(_ token: String, _ index: Int) throws(Fault) {
        guard let first = token.unicodeScalars.first, let last = token.unicodeScalars.last else {
            throw Fault(code: .tokensType, message: "token \(index) is empty")
        }
        guard !first.properties.isWhitespace, !last.properties.isWhitespace else {
            throw Fault(code: .tokensType, message: "token \(index) begins or ends with white space")
        }
    }
}
