extension [Int] {
    /// Where runs of these lengths lie, one after the other.
    package var ranges: [Range<Int>] {
        var start = 0
        return map { length in
            defer { start += length }
            return start..<start + length
        }
    }
}
