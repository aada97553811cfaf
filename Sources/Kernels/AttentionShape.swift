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

    /// Every operand alone in its matrix: strides of `heads · headWidth`, to be changed where that is not so.
    package init(heads: Int, headWidth: Int, queryLengths: [Int], keyLengths: [Int]) {
        self.heads = heads
        self.headWidth = headWidth
        self.queryLengths = queryLengths
        self.keyLengths = keyLengths
        queryStride = heads * headWidth
        keyStride = heads * headWidth
        valueStride = heads * headWidth
        outStride = heads * headWidth
    }

    /// Each sequence within itself, queries, keys and values being the columns `[q | k | v]` of one matrix.
    package static func packed(heads: Int, headWidth: Int, lengths: [Int]) -> AttentionShape {
        var shape = AttentionShape(heads: heads, headWidth: headWidth, queryLengths: lengths, keyLengths: lengths)
        shape.queryStride *= 3
        shape.keyStride *= 3
        shape.valueStride *= 3
        return shape
    }

    /// Queries of their own, keys and values being the columns `[k | v]` of one matrix.
    package static func crossed(
        heads: Int, headWidth: Int, queryLengths: [Int], keyLengths: [Int]
    ) -> AttentionShape {
        var shape = AttentionShape(
            heads: heads, headWidth: headWidth, queryLengths: queryLengths, keyLengths: keyLengths)
        shape.keyStride *= 2
        shape.valueStride *= 2
        return shape
    }

    /// Elements of scratch for ``attention``: one head's scores of the largest group, a factor for each of its rows, and
    /// the bias table, head by head.
    package var scratchCount: Int { biasStart + heads * biasCount }

    /// Elements of scratch for ``attentionBackward``: that of ``attention``, and a gradient for all of it.
    package var backwardScratchCount: Int { 2 * scratchCount }

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

    /// Where one head of one group lies in each operand.
    struct HeadBlocks {
        var query: Block
        var key: Block
        var value: Block
        var out: Block

        @inline(__always)
        init(_ shape: AttentionShape, _ group: Group, _ head: Int) {
            let column = head &* shape.headWidth
            query = Block(offset: group.query &* shape.queryStride &+ column, stride: shape.queryStride)
            key = Block(offset: group.key &* shape.keyStride &+ column, stride: shape.keyStride)
            value = Block(offset: group.key &* shape.valueStride &+ column, stride: shape.valueStride)
            out = Block(offset: group.query &* shape.outStride &+ column, stride: shape.outStride)
        }
    }

    var queryCount: Int { queryLengths.reduce(0, +) }
    var keyCount: Int { keyLengths.reduce(0, +) }
}

extension AttentionShape {
    /// Throws unless the operands hold what the shape says.
    func check(_ operation: StaticString, _ operands: AttentionOperands) throws(ShapeError) {
        try Kernels.check(
            heads > 0 && headWidth > 0 && queryLengths.count == keyLengths.count
                && queryLengths.allSatisfy { $0 >= 0 } && keyLengths.allSatisfy { $0 >= 0 },
            operation, expected: "heads, and as many lengths of queries as of keys, none negative",
            got: "\(heads) × \(headWidth), \(queryLengths) and \(keyLengths)")
        try check(
            operation, queries: operands.queries.count, keys: operands.keys.count, values: operands.values.count)
        if let relativeBias = operands.relativeBias?.count {
            try Kernels.check(
                relativeBias % heads == 0 && relativeBias / heads % 2 == 1 && relativeBias / heads >= 2 * longest - 1,
                operation, expected: "an odd number of rows of \(heads), at least \(2 * longest - 1), as relative bias",
                got: "\(relativeBias) elements")
        }
    }

    /// Throws unless so many elements hold the rows of queries, keys and values.
    func check(_ operation: StaticString, queries: Int, keys: Int, values: Int) throws(ShapeError) {
        let width = heads * headWidth
        try Kernels.check(queries, queryCount, width, stride: queryStride, operation, "queries")
        try Kernels.check(keys, keyCount, width, stride: keyStride, operation, "keys")
        try Kernels.check(values, keyCount, width, stride: valueStride, operation, "values")
    }
}
