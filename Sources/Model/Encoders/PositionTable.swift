import Glibc

/// A vision transformer's table of positions, brought to another grid.
enum PositionTable {
    /// Resamples the grid behind the first row (CLS) by bicubic interpolation (Keys 1981, a = −0.75), pixel centres
    /// aligned, edges repeated: what DINOv2 does for pictures of another size than it was trained on.
    ///
    /// - Parameter table: `(1 + n²) × columns` for some n.
    /// - Returns: `(1 + grid²) × columns`.
    static func resample(_ table: [Float], columns: Int, grid: Int) throws(ModelError) -> [Float] {
        let side = try side(table.count, columns: columns, at: "position table")
        if side == grid { return table }
        let taps = taps(from: side, to: grid)
        var result = Array(table[..<columns])
        result.reserveCapacity((1 + grid * grid) * columns)
        for down in taps {
            for across in taps {
                var row = [Float](repeating: 0, count: columns)
                for (y, weightDown) in down {
                    for (x, weightAcross) in across {
                        let start = (1 + y * side + x) * columns
                        let weight = weightDown * weightAcross
                        for column in 0..<columns { row[column] += weight * table[start + column] }
                    }
                }
                result += row
            }
        }
        return result
    }

    /// Side of the grid of a table of so many numbers; `place` is where messages say that it is.
    static func side(_ count: Int, columns: Int, at place: String) throws(ModelError) -> Int {
        let cells = count / columns - 1
        let side = Int(Double(max(cells, 0)).squareRoot().rounded())
        guard side > 0, side * side == cells, count == (1 + cells) * columns else {
            throw ModelError(
                .invalid, "\(place): \(count) numbers are no square grid of \(columns) columns behind one row")
        }
        return side
    }

    /// The four cells that each new cell looks at, along one side, and their weights.
    private static func taps(from side: Int, to grid: Int) -> [[(cell: Int, weight: Float)]] {
        (0..<grid).map { cell in
            let centre = (Double(cell) + 0.5) * Double(side) / Double(grid) - 0.5
            let base = floor(centre)
            return (-1...2).map { step in
                let place = base + Double(step)
                let weight = cubic(abs(centre - place))
                return (min(max(Int(place), 0), side - 1), Float(weight))
            }
        }
    }

    private static func cubic(_ distance: Double) -> Double {
        let a = -0.75
        return distance <= 1
            ? ((a + 2) * distance - (a + 3)) * distance * distance + 1
            : ((a * distance - 5 * a) * distance + 8 * a) * distance - 4 * a
    }
}
