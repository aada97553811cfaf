import Corpora
import Text

/// Where the entities of an answer stand in the text that is shown, which has no markup.
struct EntityPlaces {
    private let scalars: [Unicode.Scalar]?
    private let markup: Markup?
    private let converter: ScalarOffsets?

    /// Places in a text, counted in a unit of the text as it was given. Without a text they are taken as they come.
    init(_ text: String?, markup: Markup?, _ unit: OffsetUnit) {
        scalars = text.map { Array($0.unicodeScalars) }
        self.markup = markup
        converter = unit == .scalar ? nil : text.map { ScalarOffsets(markup?.given ?? $0, unit) }
    }

    /// An entity's place and what stands there; `nil` where that is something else than its name.
    func find(_ place: Range<Int>, named name: String) -> (scalars: Range<Int>, name: String)? {
        guard let scalars else { return (place, name) }
        guard var range = converter == nil ? place : converter?.range(place) else { return nil }
        if let markup { range = markup.plain(range) }
        guard !range.isEmpty, range.upperBound <= scalars.count else { return nil }
        let written = scalars.text(range)
        return name.isEmpty || written.exact == name.exact ? (range, written) : nil
    }
}
