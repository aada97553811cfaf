extension Int {
    /// A number without what is behind its point, kept within bounds: what is less, or is NaN, comes to the lower one, what
    /// is more to the upper one.
    ///
    /// `Int(_:)` of a floating-point number stops the program where there is no such integer, and a model's numbers promise
    /// nothing.
    package init(_ value: some BinaryFloatingPoint, within bounds: ClosedRange<Int>) {
        self = bounds.lowerBound
        if value >= .init(bounds.upperBound) {
            self = bounds.upperBound
        } else if value > .init(bounds.lowerBound) {
            self = Int(value)
        }
    }
}
