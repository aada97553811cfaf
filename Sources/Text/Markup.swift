/// A text of HTML without its markup, and where each part of it stands in the text as it was given.
///
/// Tags go, those that break a line leave a line end, and character references are what they stand for. It reads what feeds
/// have, not pages: there is no nesting, a tag ends at the next `>`, and what is no tag or reference stays as it is.
package struct Markup: Sendable, Equatable {
    /// The text as it was given.
    package let given: String
    /// The text without markup.
    package private(set) var text = ""
    private var segments: [Segment] = []

    /// A part of the text that stands as it was given, or one that stands for something of another length.
    private struct Segment: Equatable {
        /// First Unicode scalar in the text without markup, and in the text as given.
        var plain: Int
        var given: Int
        /// Unicode scalars there.
        var plainCount = 0
        var givenCount = 0
        /// Whether each scalar stands for itself.
        var isVerbatim: Bool { plainCount == givenCount }
    }

    /// Takes the markup out of a text; `nil` where there is none.
    package init?(html: String) {
        guard html.utf8.contains(where: { $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: "&") }) else { return nil }
        given = html
        var reader = HTMLReader(Array(html.unicodeScalars))
        var plain = String.UnicodeScalarView()
        var count = 0
        while let (token, length) = reader.next() {
            let place = reader.place - length
            switch token {
            case .scalar(let scalar):
                let isNew = segments.last.map { !$0.isVerbatim || $0.given + $0.givenCount != place } ?? true
                if isNew { segments.append(Segment(plain: count, given: place)) }
                segments[segments.count - 1].plainCount += 1
                segments[segments.count - 1].givenCount += 1
                plain.append(scalar)
                count += 1
            case .reference(let scalar):
                append(scalar, for: length, at: place, &plain, &count)
            case .lineBreak:
                if count > 0, plain.last != "\n" { append("\n", for: length, at: place, &plain, &count) }
            case .nothing: break
            }
        }
        text = String(plain)
    }

    private mutating func append(
        _ scalar: Unicode.Scalar, for length: Int, at place: Int, _ plain: inout String.UnicodeScalarView,
        _ count: inout Int
    ) {
        segments.append(Segment(plain: count, given: place, plainCount: 1, givenCount: length))
        plain.append(scalar)
        count += 1
    }

    // MARK: Places

    /// Where a range of the text without markup stands in the text as given, both in Unicode scalars. What stands before its
    /// first scalar or behind its last is not in it.
    package func given(_ plain: Range<Int>) -> Range<Int> {
        guard !plain.isEmpty else {
            let place = given(ofScalar: plain.lowerBound).lowerBound
            return place..<place
        }
        return given(ofScalar: plain.lowerBound).lowerBound..<given(ofScalar: plain.upperBound - 1).upperBound
    }

    /// The part of the text without markup that a range of the text as given shows, both in Unicode scalars.
    package func plain(_ given: Range<Int>) -> Range<Int> {
        let start = plain(at: given.lowerBound, end: false)
        return start..<max(start, plain(at: given.upperBound, end: true))
    }

    private func given(ofScalar plain: Int) -> Range<Int> {
        guard let segment = segments[..<first { $0.plain > plain }].last else { return 0..<0 }
        guard segment.isVerbatim, plain < segment.plain + segment.plainCount else {
            return segment.given..<segment.given + segment.givenCount
        }
        let place = segment.given + plain - segment.plain
        return place..<place + 1
    }

    /// The first scalar that is not wholly before a place; at an end, the first that does not begin before it.
    private func plain(at given: Int, end: Bool) -> Int {
        guard let segment = segments[..<first { $0.given >= given + (end ? 0 : 1) }].last else { return 0 }
        let inside = given - segment.given
        if inside >= segment.givenCount { return segment.plain + segment.plainCount }
        if segment.isVerbatim { return segment.plain + inside }
        return segment.plain + (end ? segment.plainCount : 0)
    }

    /// The first segment for which something holds that then holds for all that follow.
    private func first(where holds: (Segment) -> Bool) -> Int {
        var (low, high) = (0, segments.count)
        while low < high {
            let middle = (low + high) / 2
            if holds(segments[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
