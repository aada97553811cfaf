/// Probabilities of the patches of a square picture, 0…1.
package struct PatchMask: Sendable, Equatable {
    /// Patches in a row, and in a column.
    package let side: Int
    /// `side × side`, row by row.
    package let probabilities: [Float]

    /// A mask by its rows; as many numbers as a square has.
    package init(_ probabilities: [Float]) {
        self.probabilities = probabilities
        side = Int(Double(probabilities.count).squareRoot())
    }
}
