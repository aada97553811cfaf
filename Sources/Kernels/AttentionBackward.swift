/// The gradients of ``attention``, with the probabilities computed again from queries and keys.
///
/// With probabilities `P` of one head and `S` its scores: `dV = Pᵀ · dOut`, `dP = dOut · Vᵀ`,
/// `dS = P ⊙ (dP − rowsum(dP ⊙ P))`, `dQ = dS · K / √headWidth`, `dK = dSᵀ · Q / √headWidth`. `dQueries`, `dKeys` and
/// `dValues` have the strides of their operands and are overwritten in the columns of the heads; `dRelativeBias` has
/// the shape of `relativeBias` and is added to.
///
/// - Parameter scratch: at least `shape.backwardScratchCount` elements.
package func attentionBackward(
    dQueries: inout MutableSpan<Float>, dKeys: inout MutableSpan<Float>, dValues: inout MutableSpan<Float>,
    dRelativeBias: inout MutableSpan<Float>, _ dOut: Span<Float>, queries: Span<Float>, keys: Span<Float>,
    values: Span<Float>, shape: AttentionShape, relativeBias: Span<Float>?, scratch: inout MutableSpan<Float>
) throws(ShapeError) {
    let operation: StaticString = "attentionBackward"
    try shape.check(
        operation, queries: queries.count, keys: keys.count, values: values.count, relativeBias: relativeBias?.count)
    try shape.check(
        operation, queries: dQueries.count, keys: dKeys.count, values: dValues.count, relativeBias: nil)
    let width = shape.headWidth
    try check(dOut.count, shape.queryCount, shape.heads * width, stride: shape.outStride, operation, "dOut")
    try check(dRelativeBias.count, 1, relativeBias?.count ?? 0, operation, "dRelativeBias")
    try check(
        scratch.count >= shape.backwardScratchCount, operation,
        expected: "\(shape.backwardScratchCount) elements of scratch", got: "\(scratch.count)")
    let scores = AttentionScores(shape, relativeBias: relativeBias, scratch: &scratch)
    // The gradient of each element of the scratch lies this far behind it.
    let gap = shape.scratchCount
    if scores.hasBias { scratch.fill(gap + shape.biasStart..<2 * gap) { _, _ in Lanes() } }
    shape.forEachGroup { group in
        let stride = shape.scoreStride(group.keys)
        for head in 0..<shape.heads {
            let column = head &* width
            let query = Block(offset: group.query &* shape.queryStride &+ column, stride: shape.queryStride)
            let key = Block(offset: group.key &* shape.keyStride &+ column, stride: shape.keyStride)
            var value = Block(offset: group.key &* shape.valueStride &+ column, stride: shape.valueStride)
            let out = Block(offset: group.query &* shape.outStride &+ column, stride: shape.outStride)
            var gradient = Block(offset: gap, stride: stride)
            scores.fill(&scratch, queries, keys, group, head)
            scores.normalize(&scratch, group)
            product(
                &dValues, value, scratch.span, Block(stride: stride, transposed: true), dOut, out,
                rows: group.keys, columns: width, inner: group.queries)
            value.transposed = true
            scores.padRows(&scratch, at: gap, group, with: 0)
            product(
                &scratch, gradient, dOut, out, values, value,
                rows: group.queries, columns: group.keys, inner: width)
            for row in 0..<group.queries { throughSoftmax(&scratch, row &* stride, stride, gap) }
            if scores.hasBias { sumBias(&scratch, shape, group, head, gap) }
            product(
                &dQueries, query, scratch.span, gradient, keys, key,
                rows: group.queries, columns: width, inner: group.keys, alpha: shape.scale)
            gradient.transposed = true
            product(
                &dKeys, key, scratch.span, gradient, queries, query,
                rows: group.keys, columns: width, inner: group.queries, alpha: shape.scale)
        }
    }
    guard let relativeBias else { return }
    let surplus = shape.surplusRows(relativeBias.count)
    for head in 0..<shape.heads {
        let start = gap + shape.biasStart + head * shape.biasCount
        for row in 0..<shape.biasCount - Lanes.scalarCount {
            dRelativeBias[(row &+ surplus) &* shape.heads &+ head] += scratch[start &+ row]
        }
    }
}

/// ``attentionBackward`` where queries, keys and values are the columns `[q | k | v]` of one packed matrix; `dPacked`
/// has the same shape and is overwritten. The shape's strides are those of the packed matrix.
package func attentionBackward(
    dPacked: inout MutableSpan<Float>, dRelativeBias: inout MutableSpan<Float>, _ dOut: Span<Float>,
    packed: Span<Float>, shape: AttentionShape, relativeBias: Span<Float>?, scratch: inout MutableSpan<Float>
) throws(ShapeError) {
    let width = shape.heads * shape.headWidth
    try check(packed.count, shape.keyCount, 3 * width, "attentionBackward", "packed")
    try check(dPacked.count, shape.queryCount, 3 * width, "attentionBackward", "dPacked")
    try split(&dPacked, at: width) { dQueries, dKeys, dValues throws(ShapeError) in
        try attentionBackward(
            dQueries: &dQueries, dKeys: &dKeys, dValues: &dValues, dRelativeBias: &dRelativeBias, dOut,
            queries: packed, keys: suffix(packed, width), values: suffix(packed, 2 * width), shape: shape,
            relativeBias: relativeBias, scratch: &scratch)
    }
}

/// ``attentionBackward`` where keys and values are the columns `[k | v]` of one packed matrix; `dKeysValues` has the
/// same shape and is overwritten. The shape's key and value strides are those of the packed matrix.
package func attentionBackward(
    dQueries: inout MutableSpan<Float>, dKeysValues: inout MutableSpan<Float>, _ dOut: Span<Float>,
    queries: Span<Float>, keysValues: Span<Float>, shape: AttentionShape, scratch: inout MutableSpan<Float>
) throws(ShapeError) {
    let width = shape.heads * shape.headWidth
    try check(keysValues.count, shape.keyCount, 2 * width, "attentionBackward", "keysValues")
    try check(dKeysValues.count, shape.keyCount, 2 * width, "attentionBackward", "dKeysValues")
    try split(&dKeysValues, at: width) { dKeys, dValues, _ throws(ShapeError) in
        var none = MutableSpan<Float>()
        try attentionBackward(
            dQueries: &dQueries, dKeys: &dKeys, dValues: &dValues, dRelativeBias: &none, dOut, queries: queries,
            keys: keysValues, values: suffix(keysValues, width), shape: shape, relativeBias: nil, scratch: &scratch)
    }
}

/// One packed matrix as up to three spans, from column 0, `width` and `2 · width` on.
///
/// They overlap in memory: their columns interleave row by row, and ``attentionBackward`` writes each in its own
/// columns only.
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

/// What follows the first `count` elements; nothing of an empty span.
@_lifetime(copy span)
private func suffix(_ span: Span<Float>, _ count: Int) -> Span<Float> {
    span.extracting(min(count, span.count)..<span.count)
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
