/// Cuts a post's text that is very long into blocks that are read one after the other, so that memory depends on a block
/// and not on the text.
///
/// A block ends at white space where there is any near its end, else between two characters.
struct TextBlocks {
    /// One part of a post.
    struct Block {
        /// The part, as a post of its own.
        var post: PostText
        /// Its first Unicode scalar in the whole text.
        let firstScalar: Int
    }

    /// Bytes of a block, about; a text of no more is one.
    static let size = 1 << 14
    /// Bytes before a block's end among which white space is looked for.
    private static let reach = 1 << 10

    private let post: PostText
    private var position: String.Index
    private var scalar = 0
    private var token = 0

    /// The blocks of a post.
    init(_ post: PostText) {
        self.post = post
        position = post.text.startIndex
    }

    /// Whether a post has several blocks. One whose mentions are known is read whole.
    static func areSeveral(in post: PostText) -> Bool { post.text.utf8.count > size && post.mentions == nil }

    /// The first block of a text: more than one window of it.
    static func first(of text: String) -> String {
        guard text.utf8.count > size else { return text }
        var blocks = TextBlocks(PostText(text: text))
        return blocks.next()?.post.text ?? ""
    }

    /// The next block; `nil` after the last.
    mutating func next() -> Block? {
        post.tokens.map { nextOfTokens($0) } ?? nextOfText()
    }

    private mutating func nextOfText() -> Block? {
        guard position < post.text.endIndex else { return nil }
        let text = String(post.text[position..<end(from: position)])
        let block = Block(post: part(text, tokens: nil), firstScalar: scalar)
        position = post.text.utf8.index(position, offsetBy: text.utf8.count)
        scalar += text.unicodeScalars.count
        return block
    }

    private func end(from start: String.Index) -> String.Index {
        let text = post.text
        guard let most = text.utf8.index(start, offsetBy: Self.size, limitedBy: text.endIndex), most < text.endIndex
        else { return text.endIndex }
        var end = most
        for _ in 0..<Self.reach {
            if text.utf8[end] == 0x20 || text.utf8[end] == 0x0A { return end }
            text.utf8.formIndex(before: &end)
        }
        // No white space: between two characters, as far as their scalars tell. String would look for the beginning of a
        // character, which may be all of the text.
        let scalars = text.unicodeScalars
        end = most
        while end.samePosition(in: scalars) == nil { text.utf8.formIndex(before: &end) }
        let whole = end
        for _ in 0..<Self.reach {
            let before = scalars.index(before: end)
            if !Self.joins(scalars[before], scalars[end]) { return end }
            end = before
        }
        return whole
    }

    /// Whether two scalars are parts of one character: a mark, a selector or a modifier belongs to what stands before it.
    private static func joins(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Bool {
        let joiner: Unicode.Scalar = "\u{200D}"
        let properties = second.properties
        return first == joiner || second == joiner || properties.isGraphemeExtend || properties.isEmojiModifier
            || properties.generalCategory == .spacingMark
    }

    private mutating func nextOfTokens(_ tokens: [Range<Int>]) -> Block? {
        guard token < tokens.count else { return nil }
        let first = tokens[token].lowerBound
        var last = token + 1
        // A scalar has four bytes at most.
        while last < tokens.count, tokens[last].upperBound - first <= Self.size / 4 { last += 1 }
        let scalars = post.text.unicodeScalars
        let start = scalars.index(position, offsetBy: first - scalar)
        let end = scalars.index(start, offsetBy: tokens[last - 1].upperBound - first)
        let block = Block(
            post: part(
                String(scalars[start..<end]),
                tokens: tokens[token..<last].map { $0.lowerBound - first..<$0.upperBound - first }),
            firstScalar: first)
        (position, scalar, token) = (end, tokens[last - 1].upperBound, last)
        return block
    }

    private func part(_ text: String, tokens: [Range<Int>]?) -> PostText {
        var part = post
        (part.text, part.tokens) = (text, tokens)
        return part
    }
}
