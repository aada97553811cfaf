/// How attention was shared out over its keys, and how much another share would change what is made of it.
///
/// With `A = softmax(Q · Kᵀ / √headWidth)` and `O = A · V` of each head, and slopes `G` by `O`: the slopes by `A` are `G · Vᵀ`, as
/// though the shares did not have to add up to 1, and those by `Q` go through the softmax:
/// `(A ⊙ (G · Vᵀ − rowsum(G · Vᵀ ⊙ A))) · K / √headWidth`.
package struct AttentionSlopes: Sendable {
    private let shape: AttentionShape
    private let queries: [Float]
    private let keysValues: [Float]
    /// `A`: a row of keys for each query of each head of each group.
    package private(set) var shares: [Float]
    /// `G · Vᵀ`, in the same order.
    package private(set) var slopes: [Float]

    /// - Parameters:
    ///   - queries: A row a query.
    ///   - keysValues: `[k | v]`, a row a key.
    ///   - outputSlopes: `G`, a row a query.
    ///   - shape: How the rows of both are cut; ``AttentionShape/crossed(heads:headWidth:queryLengths:keyLengths:)``.
    /// - Throws: ``ShapeError`` where an operand is not of that shape.
    package init(
        queries: [Float], keysValues: [Float], outputSlopes: [Float], _ shape: AttentionShape
    ) throws(ShapeError) {
        let width = shape.heads * shape.headWidth
        let operands = AttentionOperands(queries: queries.span, keysValues: keysValues.span, width: width)
        try shape.check("attentionSlopes", operands)
        try check(outputSlopes.count, shape.queryCount, width, "attentionSlopes", "outputSlopes")
        (self.queries, self.keysValues) = (queries, keysValues)
        let given = outputSlopes.span
        self.shape = shape
        let count = shape.heads * zip(shape.queryLengths, shape.keyLengths).reduce(0) { $0 + $1.0 * $1.1 }
        var shares = [Float](repeating: 0, count: count)
        var slopes = shares
        var shareSpan = shares.mutableSpan
        var slopeSpan = slopes.mutableSpan
        Self.forEachHead(shape) { group, _, blocks, start in
            let cells = Block(offset: start, stride: group.keys)
            var key = blocks.key
            key.transposed = true
            product(
                &slopeSpan, cells, Operand(operands.queries, blocks.query), Operand(operands.keys, key),
                ProductShape(rows: group.queries, columns: group.keys, inner: shape.headWidth, alpha: shape.scale))
            for row in 0..<(group.keys > 0 ? group.queries : 0) {
                let first = start + row * group.keys
                softmax(&shareSpan, slopeSpan.span, first..<first + group.keys)
            }
            var value = blocks.value
            value.transposed = true
            product(
                &slopeSpan, cells, Operand(given, blocks.out), Operand(operands.values, value),
                ProductShape(rows: group.queries, columns: group.keys, inner: shape.headWidth))
        }
        self.shares = shares
        self.slopes = slopes
    }

    /// Slopes by the queries, a row each.
    package func querySlopes() -> [Float] {
        let operands = AttentionOperands(
            queries: queries.span, keysValues: keysValues.span, width: shape.heads * shape.headWidth)
        var scores = [Float](repeating: 0, count: shares.count)
        var result = [Float](repeating: 0, count: shape.queryCount * shape.heads * shape.headWidth)
        var scoreSpan = scores.mutableSpan
        var out = result.mutableSpan
        let given = shares.span
        let by = slopes.span
        Self.forEachHead(shape) { group, _, blocks, start in
            for row in 0..<group.queries {
                let cells = start + row * group.keys..<start + (row + 1) * group.keys
                let mean = scalarProduct(given, by, cells)
                scoreSpan.fill(cells) { place, count in
                    given.lanes(at: place, count: count) * (by.lanes(at: place, count: count) - mean)
                }
            }
            product(
                &out, blocks.out, Operand(scoreSpan.span, Block(offset: start, stride: group.keys)),
                Operand(operands.keys, blocks.key),
                ProductShape(rows: group.queries, columns: shape.headWidth, inner: group.keys, alpha: shape.scale))
        }
        return result
    }

    /// For each query, the mean over the heads of `max(slope, 0) · share` of each of its keys, groups one after the other: what
    /// of the attention raises what the slopes are of (Grad-CAM on attention).
    package func heat() -> [[Float]] {
        var maps: [[Float]] = []
        Self.forEachHead(shape) { group, head, _, start in
            if head == 0 {
                maps += repeatElement([Float](repeating: 0, count: group.keys), count: group.queries)
            }
            for row in 0..<group.queries {
                let map = maps.count - group.queries + row
                for key in 0..<group.keys {
                    let place = start + row * group.keys + key
                    maps[map][key] += max(slopes[place], 0) * shares[place] / Float(shape.heads)
                }
            }
        }
        return maps
    }

    /// Calls `body` for each head of each group, with where its cells begin.
    private static func forEachHead(
        _ shape: AttentionShape,
        _ body: (
            _ group: AttentionShape.Group, _ head: Int, _ blocks: AttentionShape.HeadBlocks, _ start: Int
        ) -> Void
    ) {
        var start = 0
        shape.forEachGroup { group in
            for head in 0..<shape.heads {
                body(group, head, AttentionShape.HeadBlocks(shape, group, head), start)
                start += group.queries * group.keys
            }
        }
    }
}
