/// The gradients of ``attention``, with the probabilities computed again from queries and keys.
///
/// With probabilities `P` of one head and `S` its scores: `dV = Pᵀ · dOut`, `dP = dOut · Vᵀ`,
/// `dS = P ⊙ (dP − rowsum(dP ⊙ P))`, `dQ = dS · K / √headWidth`, `dK = dSᵀ · Q / √headWidth`. `dQueries`, `dKeys` and
/// `dValues` have the strides of their operands and are overwritten in the columns of the heads; `dRelativeBias` has
/// the shape of `relativeBias` and is added to.
///
/// - Parameter scratch: at least `shape.backwardScratchCount` elements.
public func attentionBackward(
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
    let gradientStart = shape.largestGroup, biasStart = 2 * shape.largestGroup
    let biasGradientStart = biasStart + shape.biasCount
    for head in 0..<shape.heads {
        if let relativeBias {
            loadBias(&scratch, at: biasStart, relativeBias, shape, head)
            scratch.fill(biasGradientStart..<biasGradientStart + shape.biasCount) { _, _ in Lanes() }
        }
        shape.forEachGroup { group in
            let probabilities = Block(stride: group.keys), transposed = Block(stride: group.keys, transposed: true)
            let gradient = Block(offset: gradientStart, stride: group.keys)
            let query = Block(offset: group.query &* shape.queryStride &+ head &* width, stride: shape.queryStride)
            let key = Block(offset: group.key &* shape.keyStride &+ head &* width, stride: shape.keyStride)
            var value = Block(offset: group.key &* shape.valueStride &+ head &* width, stride: shape.valueStride)
            let out = Block(offset: group.query &* shape.outStride &+ head &* width, stride: shape.outStride)
            scores(
                &scratch, at: 0, queries, keys, shape, group, head, biasStart: relativeBias == nil ? nil : biasStart)
            for row in 0..<group.queries {
                normalizeRow(&scratch, row &* group.keys..<(row &+ 1) &* group.keys)
            }
            product(
                &dValues, value, scratch.span, transposed, dOut, out,
                rows: group.keys, columns: width, inner: group.queries)
            value.transposed = true
            product(
                &scratch, gradient, dOut, out, values, value,
                rows: group.queries, columns: group.keys, inner: width)
            for row in 0..<group.queries {
                throughSoftmax(&scratch, row &* group.keys..<(row &+ 1) &* group.keys, gradientStart)
            }
            if relativeBias != nil { sumBias(&scratch, shape, group, gradientStart, biasGradientStart) }
            product(
                &dQueries, query, scratch.span, gradient, keys, key,
                rows: group.queries, columns: width, inner: group.keys, alpha: shape.scale)
            product(
                &dKeys, key, scratch.span, Block(offset: gradientStart, stride: probabilities.stride, transposed: true),
                queries, query, rows: group.keys, columns: width, inner: group.queries, alpha: shape.scale)
        }
        if let relativeBias {
            let surplus = (relativeBias.count / shape.heads - shape.biasCount) / 2
            for row in 0..<shape.biasCount {
                dRelativeBias[(row &+ surplus) &* shape.heads &+ head] += scratch[biasGradientStart &+ row]
            }
        }
    }
}

/// ``attentionBackward`` where queries, keys and values are the columns `[q | k | v]` of one packed matrix; `dPacked`
/// has the same shape and is overwritten. The shape's strides are those of the packed matrix.
public func attentionBackward(
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
public func attentionBackward(
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

/// `dS = P ⊙ (dP − Σ dP ⊙ P)` of one row, in place of `dP`, which lies `gap` elements behind `P`.
@inline(__always)
private func throughSoftmax(_ scratch: inout MutableSpan<Float>, _ row: Range<Int>, _ gap: Int) {
    var products = Lanes()
    each(row.count) { index, count in
        let start = row.lowerBound &+ index
        products += scratch.lanes(at: start, count: count) * scratch.lanes(at: start &+ gap, count: count)
    }
    let dot = products.total
    each(row.count) { index, count in
        let start = row.lowerBound &+ index
        let gradient = scratch.lanes(at: start &+ gap, count: count) - dot
        scratch.store(scratch.lanes(at: start, count: count) * gradient, at: start &+ gap, count: count)
    }
}

/// Adds the gradients of a group's scores up by the distance of key and query.
private func sumBias(
    _ scratch: inout MutableSpan<Float>, _ shape: AttentionShape, _ group: AttentionShape.Group,
    _ gradientStart: Int, _ biasGradientStart: Int
) {
    for row in 0..<group.queries {
        let rowStart = gradientStart &+ row &* group.keys
        let shift = biasGradientStart &+ shape.longest &- 1 &- row &- rowStart
        for index in rowStart..<rowStart &+ group.keys { scratch[index &+ shift] += scratch[index] }
    }
}
