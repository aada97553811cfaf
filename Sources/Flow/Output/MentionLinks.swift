import KnowledgeBase
import Model

extension EntityLinks {
    /// The id of what each mention of a text means, where the base has that.
    func links(of mentions: [Mention], in text: String) -> [String?] {
        var names = SlicesInOrder(text)
        return mentions.map { link(names.next($0.scalars), type: $0.type) }
    }
}

/// Parts of a text, each found from where the last one began: in order, all of them cost no more than one.
private struct SlicesInOrder {
    private let scalars: String.UnicodeScalarView
    private var place: (index: String.Index, offset: Int)

    init(_ text: String) {
        scalars = text.unicodeScalars
        place = (scalars.startIndex, 0)
    }

    /// The text in a range of scalars, as far as there is one.
    mutating func next(_ range: Range<Int>) -> String {
        if range.lowerBound < place.offset { place = (scalars.startIndex, 0) }
        let start =
            scalars.index(place.index, offsetBy: range.lowerBound - place.offset, limitedBy: scalars.endIndex)
            ?? scalars.endIndex
        place = (start, range.lowerBound)
        let end = scalars.index(start, offsetBy: range.count, limitedBy: scalars.endIndex) ?? scalars.endIndex
        return String(scalars[start..<end])
    }
}
