/// Multi-head attention (Vaswani et al. 2017, 3.2.2), group by group and without padding.
///
/// For each group and head: `out = softmax(queries · keysᵀ / √headWidth + bias) · values`. The operands start at the
/// first column of their first head; see ``AttentionShape``. Groups without keys give rows of zeros.
///
/// - Parameters:
///   - relativeBias: `(2·L − 1) × heads` for an `L` not below the longest group: row `j − i + L − 1` is added to the
///     scaled score of query `i` and key `j` (Raffel et al. 2020, 2.1; MPNet).
///   - scratch: at least `shape.scratchCount` elements.
package func attention(
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
    let scores = AttentionScores(shape, relativeBias: relativeBias, scratch: &scratch)
    let width = shape.headWidth, factors = shape.factorStart
    shape.forEachGroup { group in
        if !scores.hasBias, shape.isShort(group) {
            return out.attend(queries: queries, keys: keys, values: values, shape, group)
        }
        let stride = shape.scoreStride(group.keys)
        for head in 0..<shape.heads {
            let start = group.query &* shape.outStride &+ head &* width
            scores.fill(&scratch, queries, keys, group, head)
            product(
                &out, Block(offset: start, stride: shape.outStride), scratch.span, Block(stride: stride),
                values, Block(offset: group.key &* shape.valueStride &+ head &* width, stride: shape.valueStride),
                rows: group.queries, columns: width, inner: group.keys)
            if group.keys == 0 { continue }
            // A row of the output is shorter than one of the scores: the sum is divided out here.
            for row in 0..<group.queries {
                let first = start &+ row &* shape.outStride, factor = scratch[factors &+ row]
                out.update(first..<first &+ width) { value, _, _ in value * factor }
            }
        }
    }
}

/// The probabilities of ``attention``, all of them, in the order group, head, query, key.
///
/// - Parameters:
///   - probabilities: `shape.probabilityCount` elements.
///   - scratch: at least `shape.scratchCount` elements.
package func attentionProbabilities(
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
    let scores = AttentionScores(shape, relativeBias: relativeBias, scratch: &scratch)
    var start = 0
    shape.forEachGroup { group in
        for head in 0..<shape.heads {
            scores.fill(&scratch, queries, keys, group, head)
            scores.normalize(&scratch, group)
            for row in 0..<group.queries {
                probabilities.copy(
                    scratch.span, from: row &* shape.scoreStride(group.keys), to: start, count: group.keys)
                start &+= group.keys
            }
        }
    }
}
