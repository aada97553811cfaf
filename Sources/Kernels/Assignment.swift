/// The cheapest way to give each row a column of its own (Hungarian method, as shortest augmenting paths with potentials,
/// Jonker & Volgenant 1987): O(rows² · columns).
package enum Assignment {
    /// The column of each row. Among columns that cost the same the first is taken, so that the same costs always give the
    /// same answer.
    ///
    /// - Parameter costs: `rows × columns`, row by row; at least as many columns as rows.
    /// - Throws: ``ShapeError`` where there are fewer, and for costs that are no finite numbers.
    package static func columns(_ costs: [Double], rows: Int, columns: Int) throws(ShapeError) -> [Int] {
        try check(
            costs.count == rows * columns && rows <= columns, "assignment",
            expected: "\(rows) × \(columns) costs, no more rows than columns", got: "\(costs.count)")
        try check(
            costs.allSatisfy(\.isFinite), "assignment", expected: "finite costs",
            got: "\(costs.first { !$0.isFinite } ?? 0)")
        var search = Search(costs: costs, columns: columns, rows: rows)
        for row in 0..<rows { search.add(row) }
        var result = [Int](repeating: 0, count: rows)
        for (column, row) in search.owners.enumerated() {
            if let row { result[row] = column }
        }
        return result
    }

    private struct Search {
        let costs: [Double]
        let columns: Int
        /// The row that has each column.
        var owners: [Int?]
        var rowPotentials: [Double]
        var columnPotentials: [Double]

        init(costs: [Double], columns: Int, rows: Int) {
            self.costs = costs
            self.columns = columns
            owners = [Int?](repeating: nil, count: columns)
            rowPotentials = [Double](repeating: 0, count: rows)
            columnPotentials = [Double](repeating: 0, count: columns)
        }

        /// Gives a row a column, along the cheapest path of rows that change theirs.
        mutating func add(_ row: Int) {
            var distances = [Double](repeating: .infinity, count: columns)
            // The column before each on its path; `nil`: the new row itself.
            var before = [Int?](repeating: nil, count: columns)
            var isDone = [Bool](repeating: false, count: columns)
            var (current, last, reached) = (row, Int?.none, 0.0)
            while true {
                var nearest = -1
                for column in 0..<columns where !isDone[column] {
                    let length =
                        reached + costs[current * columns + column] - rowPotentials[current] - columnPotentials[column]
                    if length < distances[column] {
                        distances[column] = length
                        before[column] = last
                    }
                    if nearest < 0 || distances[column] < distances[nearest] { nearest = column }
                }
                isDone[nearest] = true
                reached = distances[nearest]
                guard let owner = owners[nearest] else {
                    settle(row, distances, isDone, reached)
                    return hand(row, nearest, before)
                }
                (current, last) = (owner, nearest)
            }
        }

        /// Raises the potentials of what the search has passed.
        private mutating func settle(_ row: Int, _ distances: [Double], _ isDone: [Bool], _ reached: Double) {
            rowPotentials[row] += reached
            for column in 0..<columns where isDone[column] && distances[column] < reached {
                if let owner = owners[column] { rowPotentials[owner] += reached - distances[column] }
                columnPotentials[column] -= reached - distances[column]
            }
        }

        /// Hands each column of the path to the row before.
        private mutating func hand(_ row: Int, _ end: Int, _ before: [Int?]) {
            var column = end
            while let previous = before[column] {
                owners[column] = owners[previous]
                column = previous
            }
            owners[column] = row
        }
    }
}
