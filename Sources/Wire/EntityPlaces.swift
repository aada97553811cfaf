import Text

/// Finds the entities of a post in its text, and where they stand in the text as it was given, which may have markup.
struct EntityPlaces: ~Escapable {
    /// The text that was read, as UTF-8.
    let text: Span<UInt8>
    private let markup: Markup?
    private let unit: OffsetUnit
    private var cursor: OffsetCursor
    private var given: OffsetCursor

    /// Places in `text`, counted in `unit` in the text that was `given`: the same one unless there was markup.
    @_lifetime(copy text, copy given)
    init(_ text: UTF8Span, given: UTF8Span, _ markup: Markup?, unit: OffsetUnit) {
        self.text = text.span
        self.markup = markup
        self.unit = unit
        cursor = OffsetCursor(text)
        self.given = OffsetCursor(given)
    }

    /// The bytes of an entity in ``text``, and its offsets. What lies outside the text is cut off.
    mutating func find(_ triple: Triple) -> (bytes: Range<Int>, start: Int, end: Int) {
        cursor.move(toScalar: triple.start)
        let (first, start, startByte) = (cursor.scalar, cursor.offset(in: unit), cursor.utf8)
        cursor.move(toScalar: max(triple.start, triple.end))
        let bytes = startByte..<cursor.utf8
        guard let markup else { return (bytes, start, cursor.offset(in: unit)) }
        let range = markup.given(first..<cursor.scalar)
        given.move(toScalar: range.lowerBound)
        let givenStart = given.offset(in: unit)
        given.move(toScalar: range.upperBound)
        return (bytes, givenStart, given.offset(in: unit))
    }
}
