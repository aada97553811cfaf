extension String {
    /// The part of a text in a range of Unicode scalars, which must lie within.
    package func slice(scalars range: Range<Int>) -> String {
        let start = unicodeScalars.index(unicodeScalars.startIndex, offsetBy: range.lowerBound)
        return String(unicodeScalars[start..<unicodeScalars.index(start, offsetBy: range.count)])
    }
}
