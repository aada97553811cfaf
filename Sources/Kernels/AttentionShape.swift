/// How the rows of an attention are cut into groups and heads.
///
/// Group `g` has `queryLengths[g]` rows of queries and `keyLengths[g]` rows of keys and values; the groups lie one
/// after the other without padding. Head `h` is columns `h · headWidth ..< (h + 1) · headWidth` of every operand.
/// The strides are the distances of two rows, so that queries, keys and values can be parts of one packed matrix.
package struct AttentionShape: Sendable {
    /// The number of heads.
    package var heads: Int
    /// Columns of one head.
    package var headWidth: Int
    /// Rows of queries, by group.
    package var queryLengths: [Int]
    /// Rows of keys and values, by group.
    package var keyLengths: [Int]
    /// From one row of queries to the next.
    package var queryStride: Int
    /// From one row of keys to the next.
    package var keyStride: Int
    /// From one row of values to the next.
    package var valueStride: Int
    /// From one row of the output to the next.
    package var outStride: Int

    /// Strides that are not given are `heads · headWidth`, one operand alone in its matrix.
    package init(
        heads: Int, headWidth: Int, queryLengths: [Int], keyLengths: [Int], queryStride: Int? = nil,
        keyStride: Int? = nil, valueStride: Int? = nil, outStride: Int? = nil
    ) {
        self.heads = heads
        self.headWidth = headWidth
        self.queryLengths = queryLengths
        self.keyLengths = keyLengths
        self.queryStride = queryStride ?? heads * headWidth
        self.keyStride = keyStride ?? heads * headWidth
        self.valueStride = valueStride ?? heads * headWidth
        self.outStride = outStride ?? heads * headWidth
    }

    /// Elements of scratch for ``attention``: one head's scores of the largest group, a factor for each of its rows, and
    /// the bias table, head by head.
    package var scratchCount: Int { biasStart + heads * biasCount }

    /// Elements of scratch for ``attentionBackward``: that of ``attention``, and a gradient for all of it.
    package var backwardScratchCount: Int { 2 * scratchCount }

    /// Elements of all probabilities, as ``attentionProbabilities`` lays them out: group, head, query, key.
    package var probabilityCount: Int { heads * zip(queryLengths, keyLengths).reduce(0) { $0 + $1.0 * $1.1 } }

    /// The scale of the scores, `1 / √headWidth`, as powers of two are taken of them.
    var binaryScale: Float { scale * 1.442_695_04 }

    /// `1 / √headWidth`.
    var scale: Float { 1 / Float(headWidth).squareRoot() }

    /// From one row of scores to the next: whole lanes, so that no row has a rest to be treated apart.
    func scoreStride(_ keys: Int) -> Int { (keys + Lanes.scalarCount - 1) / Lanes.scalarCount * Lanes.scalarCount }

    /// Where the factors of the rows begin in the scratch: behind the scores of the largest group.
    var factorStart: Int { zip(queryLengths, keyLengths).reduce(0) { max($0, $1.0 * scoreStride($1.1)) } }

    /// Where the bias table begins in the scratch.
    var biasStart: Int { factorStart + (queryLengths.max() ?? 0) }

    /// The longer side of all groups.
    var longest: Int { max(queryLengths.max() ?? 0, keyLengths.max() ?? 0) }

    /// Distances from key to query that occur, and room for the lanes that reach beyond.
    var biasCount: Int { max(2 * longest - 1, 0) + Lanes.scalarCount }

    /// How many rows of a bias table of `count` elements come before those that occur.
    func surplusRows(_ count: Int) -> Int { (count / heads - max(2 * longest - 1, 0)) / 2 }

    /// Runs `body` for every group.
    @inline(__always)
    func forEachGroup(_ body: (_ group: Group) -> Void) {
        var query = 0, key = 0
        for (queries, keys) in zip(queryLengths, keyLengths) {
            body(Group(query: query, queries: queries, key: key, keys: keys))
            query += queries
            key += keys
        }
    }

    /// The rows of one group: the first query and key, and how many.
    struct Group {
        let query: Int, queries: Int, key: Int, keys: Int
    }

    /// Throws unless the operands hold what the shape says.
    func check(
        _ operation: StaticString, queries: Int, keys: Int, values: Int, relativeBias: Int?
    ) throws(ShapeError) {
        try Kernels.check(
            heads > 0 && headWidth > 0 && queryLengths.count == keyLengths.count
                && queryLengths.allSatisfy { $0 >= 0 } && keyLengths.allSatisfy { $0 >= 0 },
            operation, expected: "heads, and as many lengths of queries as of keys, none negative",
            got: "\(heads) × \(headWidth), \(queryLengths) and \(keyLengths)")
        let width = heads * headWidth
        try Kernels.check(queries, queryCount, width, stride: queryStride, operation, "queries")
        try Kernels.check(keys, keyCount, width, stride: keyStride, operation, "keys")
        try Kernels.check(values, keyCount, width, stride: valueStride, operation, "values")
        if let relativeBias {
            try Kernels.check(
                relativeBias % heads == 0 && relativeBias / heads % 2 == 1 && relativeBias / heads >= 2 * longest - 1,
                operation, expected: "an odd number of rows of \(heads), at least \(2 * longest - 1), as relative bias",
                got: "\(relativeBias) elements")
        }
    }

    var queryCount: Int { queryLengths.reduce(0, +) }
    var keyCount: Int { keyLengths.reduce(0, +) }
}
