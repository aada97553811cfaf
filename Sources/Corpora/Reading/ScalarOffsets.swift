package import Text

/// Offsets of another unit, turned into scalars of one text.
package struct ScalarOffsets {
    /// For each place between scalars, its offset in the unit.
    private let offsets: [Int]

    /// Offsets of a text in a unit.
    package init(_ text: String, _ unit: OffsetUnit) {
        var offsets = [0]
        for scalar in text.unicodeScalars {
            let width = unit == .utf16 ? UTF16.width(scalar) : unit == .utf8 ? UTF8.width(scalar) : 1
            offsets.append(offsets[offsets.count - 1] + width)
        }
        self.offsets = offsets
    }

    /// The range in scalars; `nil` where an end is inside a scalar or past the text.
    package func range(_ range: Range<Int>) -> Range<Int>? {
        guard let start = index(range.lowerBound), let end = index(range.upperBound) else { return nil }
        return start..<end
    }

    private func index(_ offset: Int) -> Int? {
        let index = offsets.firstInOrder { $0 >= offset }
        return index < offsets.count && offsets[index] == offset ? index : nil
    }
}
