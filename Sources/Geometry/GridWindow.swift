/// A rectangle of whole cells of a square picture that is cut into `side × side` of them: pixels, or patches.
package struct GridWindow: Sendable, Equatable {
    /// From left to right.
    package let columns: Range<Int>
    /// From top to bottom.
    package let rows: Range<Int>

    /// The cells that a box touches, at least one, and those around it as far as a share of the box's sides reaches.
    package init(_ box: RelativeBox, side: Int, margin: Float) {
        func range(_ low: Float, _ high: Float) -> Range<Int> {
            let more = (high - low) * margin
            let first = Int(((low - more) * Float(side)).rounded(.down), within: 0...side - 1)
            return first..<Int(((high + more) * Float(side)).rounded(.up), within: first + 1...side)
        }
        columns = range(box.x1, box.x2)
        rows = range(box.y1, box.y2)
    }

    /// Cells of a row.
    package var width: Int { columns.count }
    /// Cells of a column.
    package var height: Int { rows.count }

    /// The same rectangle as a box.
    package func box(side: Int) -> RelativeBox {
        RelativeBox(
            x1: Float(columns.lowerBound) / Float(side), y1: Float(rows.lowerBound) / Float(side),
            x2: Float(columns.upperBound) / Float(side), y2: Float(rows.upperBound) / Float(side))
    }

    /// Whether a cell is in it.
    package func contains(_ x: Int, _ y: Int) -> Bool { columns.contains(x) && rows.contains(y) }

    /// Numbers of its cells in the picture, row by row.
    package func places(side: Int) -> [Int] { rows.flatMap { row in columns.map { row * side + $0 } } }
}
