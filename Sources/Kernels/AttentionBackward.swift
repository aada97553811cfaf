/// Where the gradients of attention's operands go: views with the strides of the operands. They may overlap in memory, as
/// the columns of one packed matrix do; each is written in its own columns alone.
package struct AttentionGradients: ~Copyable, ~Escapable {
    var queries: MutableSpan<Float>
    var keys: MutableSpan<Float>
    var values: MutableSpan<Float>
    /// Empty without a bias.
    var relativeBias: MutableSpan<Float>

    @_lifetime(copy queries, copy keys, copy values, copy relativeBias)
    init(
        queries: consuming MutableSpan<Float>, keys: consuming MutableSpan<Float>,
        values: consuming MutableSpan<Float>, relativeBias: consuming MutableSpan<Float>
    ) {
        self.queries = queries
        self.keys = keys
        self.values = values
        self.relativeBias = relativeBias
    }
}

/// The gradients of ``attention``, with the probabilities computed again from queries and keys.
///
/// With probabilities `P` of one head and `S` its scores: `dV = Pᵀ · dOut`, `dP = dOut · Vᵀ`,
/// `dS = P ⊙ (dP − rowsum(dP ⊙ P))`, `dQ = dS · K / √headWidth`, `dK = dSᵀ · Q / √headWidth`. Those of queries, keys and
/// values are overwritten in the columns of the heads; that of the bias has its shape and is added to.
///
/// - Parameter scratch: at least `shape.backwardScratchCount` elements.
private func attentionBackward(
    _ gradients: inout AttentionGradients, _ dOut: Span<Float>, _ operands: AttentionOperands,
    _ shape: AttentionShape, scratch: inout MutableSpan<Float>
) throws(ShapeError) {
    let operation: StaticString = "attentionBackward"
    try shape.check(operation, operands)
    try shape.check(
        operation, queries: gradients.queries.count, keys: gradients.keys.count, values: gradients.values.count)
    try check(
        dOut.count, shape.queryCount, shape.heads * shape.headWidth, stride: shape.outStride, operation, "dOut")
    try check(gradients.relativeBias.count, 1, operands.relativeBias?.count ?? 0, operation, "dRelativeBias")
    try check(
        scratch.count >= shape.backwardScratchCount, operation,
        expected: "\(shape.backwardScratchCount) elements of scratch", got: "\(scratch.count)")
    let scores = AttentionScores(shape, relativeBias: operands.relativeBias, scratch: &scratch)
    // The gradient of each element of the scratch lies this far behind it.
    let gap = shape.scratchCount
    if scores.hasBias { scratch.fill(gap + shape.biasStart..<2 * gap) { _, _ in Lanes() } }
    shape.forEachGroup { group in
        for head in 0..<shape.heads {
            scores.fill(&scratch, operands, group, head)
            scores.normalize(&scratch, group)
            let blocks = AttentionShape.HeadBlocks(shape, group, head)
            throughHead(&gradients, dOut, operands, (scores, group, blocks), &scratch)
            if scores.hasBias { sumBias(&scratch, shape, group, head, gap) }
        }
    }
    guard let relativeBias = operands.relativeBias else { return }
    let surplus = shape.surplusRows(relativeBias.count)
    for head in 0..<shape.heads {
        let start = gap + shape.biasStart + head * shape.biasCount
        for row in 0..<shape.biasCount - Lanes.scalarCount {
            gradients.relativeBias[(row &+ surplus) &* shape.heads &+ head] += scratch[start &+ row]
        }
    }
}

/// One head of one group, whose probabilities lie in `scratch`; leaves the gradient of its scores behind them.
private func throughHead(
    _ gradients: inout AttentionGradients, _ dOut: Span<Float>, _ operands: AttentionOperands,
    _ place: (scores: AttentionScores, group: AttentionShape.Group, blocks: AttentionShape.HeadBlocks),
    _ scratch: inout MutableSpan<Float>
) {
    let (scores, group, blocks) = place
    let (shape, gap) = (scores.shape, scores.shape.scratchCount)
    let (width, stride) = (shape.headWidth, shape.scoreStride(group.keys))
    var gradient = Block(offset: gap, stride: stride)
    let out = Operand(dOut, blocks.out)
    product(
        &gradients.values, blocks.value, Operand(scratch.span, Block(stride: stride, transposed: true)), out,
        ProductShape(rows: group.keys, columns: width, inner: group.queries))
    var value = blocks.value
    value.transposed = true
    scores.padRows(&scratch, at: gap, group, with: 0)
    product(
        &scratch, gradient, out, Operand(operands.values, value),
        ProductShape(rows: group.queries, columns: group.keys, inner: width))
    for row in 0..<group.queries { throughSoftmax(&scratch, row &* stride, stride, gap) }
    product(
        &gradients.queries, blocks.query, Operand(scratch.span, gradient), Operand(operands.keys, blocks.key),
        ProductShape(rows: group.queries, columns: width, inner: group.keys, alpha: shape.scale))
    gradient.transposed = true
    product(
        &gradients.keys, blocks.key, Operand(scratch.span, gradient), Operand(operands.queries, blocks.query),
        ProductShape(rows: group.keys, columns: width, inner: group.queries, alpha: shape.scale))
}

/// The gradients of ``attention`` where the operands are the columns `[q | k | v]` of one packed matrix; `dPacked` has the
/// same shape and is overwritten. `dRelativeBias` has the shape of the bias, or is empty without one, and is added to.
///
/// - Parameter scratch: at least `shape.backwardScratchCount` elements.
package func attentionBackward(
    dPacked: inout MutableSpan<Float>, dRelativeBias: inout MutableSpan<Float>, _ dOut: Span<Float>,
    _ operands: AttentionOperands, _ shape: AttentionShape, scratch: inout MutableSpan<Float>
) throws(ShapeError) {
    let width = shape.heads * shape.headWidth
    try check(operands.queries.count, shape.keyCount, 3 * width, "attentionBackward", "packed")
    try check(dPacked.count, shape.queryCount, 3 * width, "attentionBackward", "dPacked")
    try split(&dPacked, at: width) { (dQueries, dKeys, dValues) throws(ShapeError) in
        var gradients = AttentionGradients(
            queries: dQueries._mutatingExtracting(droppingLast: 0), keys: dKeys._mutatingExtracting(droppingLast: 0),
            values: dValues._mutatingExtracting(droppingLast: 0),
            relativeBias: dRelativeBias._mutatingExtracting(droppingLast: 0))
        try attentionBackward(&gradients, dOut, operands, shape, scratch: &scratch)
    }
}

/// The gradients of ``attention`` where keys and values are the columns `[k | v]` of one packed matrix; `dKeysValues` has
/// the same shape. Both are overwritten.
///
/// - Parameter scratch: at least `shape.backwardScratchCount` elements.
package func attentionBackward(
    dQueries: inout MutableSpan<Float>, dKeysValues: inout MutableSpan<Float>, _ dOut: Span<Float>,
    _ operands: AttentionOperands, _ shape: AttentionShape, scratch: inout MutableSpan<Float>
) throws(ShapeError) {
    let width = shape.heads * shape.headWidth
    try check(operands.keys.count, shape.keyCount, 2 * width, "attentionBackward", "keysValues")
    try check(dKeysValues.count, shape.keyCount, 2 * width, "attentionBackward", "dKeysValues")
    try split(&dKeysValues, at: width) { (dKeys, dValues, _) throws(ShapeError) in
        var gradients = AttentionGradients(
            queries: dQueries._mutatingExtracting(droppingLast: 0), keys: dKeys._mutatingExtracting(droppingLast: 0),
            values: dValues._mutatingExtracting(droppingLast: 0), relativeBias: MutableSpan())
        try attentionBackward(&gradients, dOut, operands, shape, scratch: &scratch)
    }
}

/// One packed matrix as up to three spans, from column 0, `width` and `2 · width` on.
///
/// They overlap in memory: their columns interleave row by row, and what goes backward writes each in its own columns
/// only.
private func split(
    _ matrix: inout MutableSpan<Float>, at width: Int,
    _ body: (
        _ first: inout MutableSpan<Float>, _ second: inout MutableSpan<Float>, _ third: inout MutableSpan<Float>
    ) throws(ShapeError) -> Void
) throws(ShapeError) {
    try unsafe matrix.withUnsafeMutableBufferPointer { buffer throws(ShapeError) in
        let second = unsafe UnsafeMutableBufferPointer(rebasing: buffer.dropFirst(width))
        let third = unsafe UnsafeMutableBufferPointer(rebasing: buffer.dropFirst(2 * width))
        var first = unsafe buffer.mutableSpan
        var secondSpan = unsafe second.mutableSpan
        var thirdSpan = unsafe third.mutableSpan
        try body(&first, &secondSpan, &thirdSpan)
    }
}

/// `dS = P ⊙ (dP − Σ dP ⊙ P)` of one row of whole lanes, in place of `dP`, which lies `gap` elements behind `P`.
@inline(__always)
private func throughSoftmax(_ scratch: inout MutableSpan<Float>, _ start: Int, _ count: Int, _ gap: Int) {
    var products = Lanes()
    each(count) { index, _ in
        products += scratch.lanes(at: start &+ index) * scratch.lanes(at: start &+ index &+ gap)
    }
    let dot = products.total
    each(count) { index, _ in
        let gradient = scratch.lanes(at: start &+ index &+ gap) - dot
        scratch.store(scratch.lanes(at: start &+ index) * gradient, at: start &+ index &+ gap)
    }
}

/// Adds the gradients of a group's scores up by the distance of key and query.
private func sumBias(
    _ scratch: inout MutableSpan<Float>, _ shape: AttentionShape, _ group: AttentionShape.Group, _ head: Int,
    _ gap: Int
) {
    let stride = shape.scoreStride(group.keys)
    let bias = gap &+ shape.biasStart &+ head &* shape.biasCount &+ shape.longest &- 1
    for row in 0..<group.queries {
        each(stride) { index, _ in
            let sum =
                scratch.lanes(at: bias &- row &+ index)
                + scratch.lanes(at: gap &+ row &* stride &+ index)
            scratch.store(sum, at: bias &- row &+ index)
        }
    }
}
