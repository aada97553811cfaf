/// Which rows meet: in each group, every query every key.
///
/// A number for each pair is a column of ``pairCount``: group by group, query by query, key by key, without gaps. So what
/// works on scores of attention works on their matrix, however many keys each group has.
package struct PairGroups: Sendable {
    /// One group that has pairs.
    struct Group {
        /// Rows of its queries.
        let queries: Range<Int>
        /// Rows of its keys.
        let keys: Range<Int>
        /// Its pairs.
        let pairs: Range<Int>
    }

    /// One of the sides that meet.
    package enum Side: Sendable {
        case queries, keys
    }

    /// Rows of all queries.
    package let queryCount: Int
    /// Rows of all keys.
    package let keyCount: Int
    /// Pairs of all groups.
    package let pairCount: Int
    /// The groups that have pairs, in order.
    let groups: [Group]

    /// Groups with so many rows each, which follow one another in their matrices.
    ///
    /// - Throws: ``ShapeError`` where one side has more groups than the other.
    package init(queryLengths: [Int], keyLengths: [Int]) throws(ShapeError) {
        try Kernels.check(
            queryLengths.count == keyLengths.count && (queryLengths + keyLengths).allSatisfy { $0 >= 0 }, "pairs",
            expected: "as many lengths of queries as of keys, none negative", got: "\(queryLengths) and \(keyLengths)")
        var groups: [Group] = []
        var (query, key, pair) = (0, 0, 0)
        for (queries, keys) in zip(queryLengths, keyLengths) {
            let group = Group(
                queries: query..<query + queries, keys: key..<key + keys, pairs: pair..<pair + queries * keys)
            if !group.pairs.isEmpty { groups.append(group) }
            (query, key, pair) = (group.queries.upperBound, group.keys.upperBound, group.pairs.upperBound)
        }
        (queryCount, keyCount, pairCount) = (query, key, pair)
        self.groups = groups
    }

    /// How many rows a side has.
    func count(_ side: Side) -> Int { side == .queries ? queryCount : keyCount }

    /// Columns of two matrices that hold the rows of queries and of keys.
    ///
    /// - Throws: ``ShapeError`` where they do not, or have not the same.
    func columns(_ queries: Int, _ keys: Int, _ operation: StaticString) throws(ShapeError) -> Int {
        let columns = queryCount > 0 ? queries / queryCount : keys / max(keyCount, 1)
        try Kernels.check(queries, queryCount, columns, operation, "queries")
        try Kernels.check(keys, keyCount, columns, operation, "keys")
        return columns
    }

    /// Throws unless there is one number for each pair.
    func check(pairs: Int, _ operation: StaticString) throws(ShapeError) {
        try Kernels.check(pairs, pairCount, 1, operation, "pairs")
    }
}

extension PairGroups.Group {
    /// The pairs of one query.
    func row(_ query: Int) -> Range<Int> {
        let first = pairs.lowerBound &+ query &* keys.count
        return first..<first &+ keys.count
    }
}

extension Range<Int> {
    /// Elements of such rows of `columns`.
    func elements(_ columns: Int) -> Range<Int> { lowerBound &* columns..<upperBound &* columns }
}
