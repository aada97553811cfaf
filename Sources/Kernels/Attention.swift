/// What attention reads, each from the first column of its first head on; see ``AttentionShape``.
package struct AttentionOperands: ~Escapable {
    let queries: Span<Float>
    let keys: Span<Float>
    let values: Span<Float>
    /// `(2·L − 1) × heads` for an `L` not below the longest group: row `j − i + L − 1` is added to the scaled score of
    /// query `i` and key `j` (Raffel et al. 2020, 2.1; MPNet).
    let relativeBias: Span<Float>?

    /// Operands that may lie anywhere.
    @_lifetime(copy queries, copy keys, copy values, copy relativeBias)
    package init(queries: Span<Float>, keys: Span<Float>, values: Span<Float>, relativeBias: Span<Float>? = nil) {
        self.queries = queries
        self.keys = keys
        self.values = values
        self.relativeBias = relativeBias
    }

    /// The columns `[q | k | v]` of one matrix, `width` each.
    @_lifetime(copy packed, copy relativeBias)
    package init(packed: Span<Float>, width: Int, relativeBias: Span<Float>? = nil) {
        self.init(
            queries: packed, keys: suffix(packed, width), values: suffix(packed, 2 * width),
            relativeBias: relativeBias)
    }

    /// Queries of their own, and the columns `[k | v]` of one matrix, `width` each.
    @_lifetime(copy queries, copy keysValues)
    package init(queries: Span<Float>, keysValues: Span<Float>, width: Int) {
        self.init(queries: queries, keys: keysValues, values: suffix(keysValues, width))
    }
}

/// What follows the first `count` elements; nothing of an empty span.
@_lifetime(copy span)
private func suffix(_ span: Span<Float>, _ count: Int) -> Span<Float> {
    span.extracting(min(count, span.count)..<span.count)
}

/// Multi-head attention (Vaswani et al. 2017, 3.2.2), group by group and without padding.
///
/// For each group and head: `out = softmax(queries · keysᵀ / √headWidth + bias) · values`. Groups without keys give rows
/// of zeros. A query whose scores are no numbers, or overflow, gives a row of NaN.
///
/// - Parameter scratch: at least `shape.scratchCount` elements.
package func attention(
    _ out: inout MutableSpan<Float>, _ operands: AttentionOperands, _ shape: AttentionShape,
    scratch: inout MutableSpan<Float>
) throws(ShapeError) {
    try shape.check("attention", operands)
    try check(
        out.count, shape.queryCount, shape.heads * shape.headWidth, stride: shape.outStride, "attention", "out")
    try check(
        scratch.count >= shape.scratchCount, "attention, scratch", expected: "\(shape.scratchCount) elements",
        got: "\(scratch.count)")
    let scores = AttentionScores(shape, relativeBias: operands.relativeBias, scratch: &scratch)
    let width = shape.headWidth, factors = shape.factorStart
    shape.forEachGroup { group in
        if !scores.hasBias, shape.isShort(group) { return out.attend(operands, shape, group) }
        let stride = shape.scoreStride(group.keys)
        for head in 0..<shape.heads {
            let blocks = AttentionShape.HeadBlocks(shape, group, head)
            scores.fill(&scratch, operands, group, head)
            product(
                &out, blocks.out, Operand(scratch.span, Block(stride: stride)),
                Operand(operands.values, blocks.value),
                ProductShape(rows: group.queries, columns: width, inner: group.keys))
            if group.keys == 0 { continue }
            // A row of the output is shorter than one of the scores: the sum is divided out here.
            for row in 0..<group.queries {
                let first = blocks.out.offset &+ row &* shape.outStride, factor = scratch[factors &+ row]
                out.update(first..<first &+ width) { value, _, _ in value * factor }
            }
        }
    }
}
