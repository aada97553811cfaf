package import Kernels

/// Where the operands of grouped scalar products lie: ``Computation/products(_:_:queryLengths:keysPerGroup:scale:)``.
package struct ProductGroups {
    /// One group that has queries, with the elements of each matrix that belong to it.
    package struct Group {
        /// Queries of the group.
        package let rows: Int
        /// Elements of the queries.
        package let queries: Range<Int>
        /// Elements of the keys.
        package let keys: Range<Int>
        /// Elements of the result.
        package let products: Range<Int>
    }

    /// The groups, in order, without those that have no query.
    package let groups: [Group]

    /// Checks the shapes, and cuts.
    package init(
        _ queries: some MatrixValue, _ keys: some MatrixValue, queryLengths: [Int], keysPerGroup: Int
    ) throws(ShapeError) {
        let rows = queryLengths.reduce(0, +)
        guard queries.columns == keys.columns, queries.rows == rows, keys.rows == queryLengths.count * keysPerGroup
        else {
            throw ShapeError(
                "products", expected: "\(rows) queries, \(queryLengths.count) groups of \(keysPerGroup) keys",
                got: "\(queries.rows)×\(queries.columns) and \(keys.rows)×\(keys.columns)")
        }
        let columns = queries.columns
        var groups: [Group] = []
        var row = 0
        for (index, length) in queryLengths.enumerated() where length > 0 {
            let first = index * keysPerGroup * columns
            groups.append(
                Group(
                    rows: length, queries: row * columns..<(row + length) * columns,
                    keys: first..<first + keysPerGroup * columns,
                    products: row * keysPerGroup..<(row + length) * keysPerGroup))
            row += length
        }
        self.groups = groups
    }
}
