package import JSON

/// A JSON value exactly as it was written, so that it can go out again without having been understood.
package struct RawJSON: Sendable, Equatable, CustomStringConvertible {
    /// The bytes of the value, without white space around it.
    package let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// A string.
    package init(string: String) {
        var bytes: [UInt8] = []
        bytes.appendString(string)
        self.bytes = bytes
    }

    /// The value as text.
    package var description: String { String(decoding: bytes, as: UTF8.self) }
}

/// One record of the input: a text, and perhaps a picture.
package struct Post: Sendable, Equatable {
    /// Number of its line in the stream, from 1.
    package var line: Int
    /// The id, a string or a number as it was written (quotes and escapes included); `nil` if there was none.
    package var id: RawJSON?
    /// The text. If only tokens were given, these joined by one space.
    package var text: String
    /// The words, if the record came split into words: Unicode scalar ranges of ``text``, ascending, none empty.
    package var tokens: [Range<Int>]?
    /// Path of the picture as it was written. It comes from data and may hold anything, also NUL characters.
    package var image: String?
    /// Alternative text of the picture.
    package var alt: String?
    /// What is known about the post from elsewhere: background for models that read it beside the text.
    package var knowledge: String?
    /// Members that mean nothing here, as they were written and separated by commas; `nil` unless asked for.
    package var passthrough: [UInt8]?

    /// A post from its parts.
    package init(
        line: Int, id: RawJSON? = nil, text: String, tokens: [Range<Int>]? = nil, image: String? = nil,
        alt: String? = nil, knowledge: String? = nil, passthrough: [UInt8]? = nil
    ) {
        self.line = line
        self.id = id
        self.text = text
        self.tokens = tokens
        self.image = image
        self.alt = alt
        self.knowledge = knowledge
        self.passthrough = passthrough
    }

    /// Whether the record came split into words. Its triples then say which words they cover.
    package var tokensGiven: Bool { tokens != nil }

    /// Which of the given words a range of scalars touches; `nil` if none were given, or if it touches none.
    package func tokens(touching scalars: Range<Int>) -> Range<Int>? {
        guard let tokens else { return nil }
        let start = tokens.firstIndexInOrder { $0.upperBound > scalars.lowerBound }
        let end = tokens.firstIndexInOrder { $0.lowerBound >= scalars.upperBound }
        return start < end ? start..<end : nil
    }
}

extension [Range<Int>] {
    /// Index of the first element for which something holds that then holds for all that follow. By halves: a long post
    /// has as many questions as it has words.
    fileprivate func firstIndexInOrder(where holds: (Range<Int>) -> Bool) -> Int {
        var low = startIndex
        var high = endIndex
        while low < high {
            let middle = low + (high - low) / 2
            if holds(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

/// Where the parts of a post lie in the objects of a feed.
package struct PostKeys: Sendable, Equatable {
    /// The text, `/text` by default.
    package var text: JSONPointer
    /// The path of the picture, `/image` by default.
    package var image: JSONPointer
    /// The id, `/id` by default.
    package var id: JSONPointer
    /// The alternative text of the picture, `/alt` by default.
    package var alt: JSONPointer
    /// What is known about the post, `/knowledge` by default.
    package var knowledge: JSONPointer
    /// The words, `/tokens` by default.
    package var tokens: JSONPointer

    /// Where the parts of a post lie.
    package init(
        text: JSONPointer? = nil, image: JSONPointer? = nil, id: JSONPointer? = nil, alt: JSONPointer? = nil,
        knowledge: JSONPointer? = nil
    ) {
        self.text = text ?? JSONPointer(member: "text")
        self.image = image ?? JSONPointer(member: "image")
        self.id = id ?? JSONPointer(member: "id")
        self.alt = alt ?? JSONPointer(member: "alt")
        self.knowledge = knowledge ?? JSONPointer(member: "knowledge")
        tokens = JSONPointer(member: "tokens")
    }
}
