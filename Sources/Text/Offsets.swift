/// What offsets into a text count.
public enum OffsetUnit: String, CaseIterable, Sendable {
    /// Unicode scalars, as Python, brat and spaCy count them.
    case scalar
    /// UTF-16 code units, as JavaScript, Java and C# count them.
    case utf16
    /// UTF-8 bytes, as Go and Rust count them.
    case utf8

    /// Turns scalar ranges of a text into ranges of this unit. The text is walked once, however many ranges there are.
    ///
    /// Offsets past the end of the text become its end.
    public func ranges(_ ranges: [Range<Int>], of text: String) -> [Range<Int>] {
        if self == .scalar || ranges.isEmpty { return ranges }
        let bounds = ranges.flatMap { [$0.lowerBound, $0.upperBound] }
        let order = bounds.indices.sorted { bounds[$0] < bounds[$1] }
        var converted = bounds
        var scalars = text.unicodeScalars.makeIterator()
        var scalarOffset = 0
        var offset = 0
        for bound in order {
            while scalarOffset < bounds[bound], let scalar = scalars.next() {
                offset += width(of: scalar)
                scalarOffset += 1
            }
            converted[bound] = offset
        }
        return ranges.indices.map { converted[2 * $0]..<converted[2 * $0 + 1] }
    }

    /// How many units one scalar takes.
    private func width(of scalar: Unicode.Scalar) -> Int {
        switch self {
        case .scalar: 1
        case .utf16: UTF16.width(scalar)
        case .utf8: UTF8.width(scalar)
        }
    }
}
