/// Multi-head attention (Vaswani et al. 2017, 3.2.2), group by group and without padding.
///
/// For each group and head: `out = softmax(queries · keysᵀ / √headWidth + bias) · values`. The operands start at the
/// first column of their first head; see ``AttentionShape``. Groups without keys give rows of zeros.
///
/// - Parameters:
///   - relativeBias: `(2·L − 1) × heads` for an `L` not below the longest group: row `j − i + L − 1` is added to the
///     scaled score of query `i` and key `j` (Raffel et al. 2020, 2.1; MPNet).
///   - scratch: at least `shape.scratchCount` elements.
public func attention(
    _ out: inout MutableSpan<Float>, queries: Span<Float>, keys: Span<Float>, values: Span<Float>,
    shape: AttentionShape, relativeBias: Span<Float>? = nil, scratch: inout MutableSpan<Float>
) throws(ShapeError) {
    try shape.check(
        "attention", queries: queries.count, keys: keys.count, values: values.count,
        relativeBias: relativeBias?.count)
    try check(
        out.count, shape.queryCount, shape.heads * shape.headWidth, stride: shape.outStride, "attention", "out")
    try check(
        scratch.count >= shape.scratchCount, "attention, scratch", expected: "\(shape.scratchCount) elements",
        got: "\(scratch.count)")
    let width = shape.headWidth
    for head in 0..<shape.heads {
        let biasStart = shape.largestGroup
        if let relativeBias { loadBias(&scratch, at: biasStart, relativeBias, shape, head) }
        shape.forEachGroup { group in
            let outStart = group.query &* shape.outStride &+ head &* width
            scores(
                &scratch, at: 0, queries, keys, shape, group, head, biasStart: relativeBias == nil ? nil : biasStart)
            for row in 0..<group.queries {
                normalizeRow(&scratch, row &* group.keys..<(row &+ 1) &* group.keys)
            }
            product(
                &out, Block(offset: outStart, stride: shape.outStride), scratch.span, Block(stride: group.keys),
                values, Block(offset: group.key &* shape.valueStride &+ head &* width, stride: shape.valueStride),
                rows: group.queries, columns: width, inner: group.keys)
        }
    }
}

/// The probabilities of ``attention``, all of them, in the order group, head, query, key.
///
/// - Parameters:
///   - probabilities: `shape.probabilityCount` elements.
///   - scratch: at least `shape.scratchCount` elements.
public func attentionProbabilities(
    _ probabilities: inout MutableSpan<Float>, queries: Span<Float>, keys: Span<Float>, shape: AttentionShape,
    relativeBias: Span<Float>? = nil, scratch: inout MutableSpan<Float>
) throws(ShapeError) {
    var shape = shape
    shape.valueStride = shape.keyStride
    try shape.check(
        "attentionProbabilities", queries: queries.count, keys: keys.count, values: keys.count,
        relativeBias: relativeBias?.count)
    try check(probabilities.count, 1, shape.probabilityCount, "attentionProbabilities", "probabilities")
    try check(
        scratch.count >= shape.scratchCount, "attentionProbabilities, scratch",
        expected: "\(shape.scratchCount) elements", got: "\(scratch.count)")
    for head in 0..<shape.heads {
        if let relativeBias { loadBias(&scratch, at: shape.largestGroup, relativeBias, shape, head) }
        var start = 0
        shape.forEachGroup { group in
            let size = group.queries &* group.keys
            scores(
                &scratch, at: 0, queries, keys, shape, group, head,
                biasStart: relativeBias == nil ? nil : shape.largestGroup)
            for row in 0..<group.queries {
                normalizeRow(&scratch, row &* group.keys..<(row &+ 1) &* group.keys)
            }
            probabilities.copy(scratch.span, from: 0, to: start &+ head &* size, count: size)
            start &+= shape.heads &* size
        }
    }
}

/// One head's scores of one group into `scratch`, `queries × keys` without gaps from `start` on.
func scores(
    _ scratch: inout MutableSpan<Float>, at start: Int, _ queries: Span<Float>, _ keys: Span<Float>,
    _ shape: AttentionShape, _ group: AttentionShape.Group, _ head: Int, biasStart: Int?
) {
    let column = head &* shape.headWidth
    product(
        &scratch, Block(offset: start, stride: group.keys),
        queries, Block(offset: group.query &* shape.queryStride &+ column, stride: shape.queryStride),
        keys, Block(offset: group.key &* shape.keyStride &+ column, stride: shape.keyStride, transposed: true),
        rows: group.queries, columns: group.keys, inner: shape.headWidth, alpha: shape.scale)
    guard let biasStart else { return }
    for row in 0..<group.queries {
        let rowStart = start &+ row &* group.keys
        // Key j of query i is at distance j − i, kept at j − i + longest − 1.
        let shift = biasStart &+ shape.longest &- 1 &- row &- rowStart
        for index in rowStart..<rowStart &+ group.keys { scratch[index] += scratch[index &+ shift] }
    }
}

/// One head's column of the bias table, the distances that occur, into `scratch`.
func loadBias(
    _ scratch: inout MutableSpan<Float>, at start: Int, _ relativeBias: Span<Float>, _ shape: AttentionShape,
    _ head: Int
) {
    let surplus = (relativeBias.count / shape.heads - shape.biasCount) / 2
    for row in 0..<shape.biasCount {
        scratch[start &+ row] = relativeBias[(row &+ surplus) &* shape.heads &+ head]
    }
}

/// The softmax of one row.
@inline(__always)
func normalizeRow(_ x: inout MutableSpan<Float>, _ range: Range<Int>) {
    let inverse = 1 / exponentials(&x, range)
    x.update(range) { value, _, _ in value * inverse }
}
