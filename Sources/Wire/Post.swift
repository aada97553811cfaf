import JSON
package import Text

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

/// One record of the input: a text, and perhaps pictures.
package struct Post: Sendable, Equatable {
    /// Number of its line in the stream, from 1.
    package var line: Int
    /// The id, a string or a number as it was written (quotes and escapes included); `nil` if there was none.
    package var id: RawJSON?
    /// The text. If only tokens were given, these joined by one space.
    package var text: String
    /// Where ``text`` is a text of HTML without its markup: what it was. Offsets of answers are those of the text as given.
    package var markup: Markup?
    /// The words, if the record came split into words: Unicode scalar ranges of ``text``, ascending, none empty.
    package var tokens: [Range<Int>]?
    /// The pictures, in the feed's order; at most ``mostPictures``.
    package var images: [PostPicture]
    /// Alternative text of the pictures that have none of their own.
    package var alt: String?
    /// What is known about the post from elsewhere: background for models that read it beside the text.
    package var knowledge: String?
    /// Members that mean nothing here, as they were written and separated by commas; `nil` unless asked for.
    package var passthrough: [UInt8]?
    /// Parts of the record that could not be used.
    package var warnings: [Warning] = []

    /// More pictures than any platform lets a post have, a few excepted.
    package static let mostPictures = 8

    /// A post from its parts, with no picture or one.
    package init(
        line: Int, id: RawJSON? = nil, text: String, tokens: [Range<Int>]? = nil, image: String? = nil,
        alt: String? = nil, knowledge: String? = nil, passthrough: [UInt8]? = nil
    ) {
        self.line = line
        self.id = id
        self.text = text
        self.tokens = tokens
        images = image.map { [PostPicture(location: $0)] } ?? []
        self.alt = alt
        self.knowledge = knowledge
        self.passthrough = passthrough
    }

    /// Whether it has several pictures. Its triples then say which of them they speak of.
    package var hasSeveralPictures: Bool { images.count > 1 }

    /// Alternative text of one picture: its own, or else the post's.
    package func alt(of picture: Int) -> String? { images[picture].alt ?? alt }

    /// Alternative text of all pictures together, each once, with a full stop between them.
    package var allAlt: String? {
        guard images.contains(where: { $0.alt != nil }) else { return alt }
        var texts: [String] = []
        for text in images.indices.compactMap(alt(of:)) where !text.isEmpty && !texts.contains(text) {
            texts.append(text)
        }
        return texts.joined(separator: " . ")
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
