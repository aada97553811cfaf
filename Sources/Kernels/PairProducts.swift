/// `out = scale · queries · keysᵀ`, group by group: a scalar product for each pair. With `adds`, added to what is there.
package func pairProducts(
    _ out: inout MutableSpan<Float>, _ queries: Span<Float>, _ keys: Span<Float>, _ groups: PairGroups,
    scale: Float = 1, adds: Bool = false
) throws(ShapeError) {
    let columns = try groups.columns(queries.count, keys.count, "pairProducts")
    try groups.check(pairs: out.count, "pairProducts")
    for group in groups.groups {
        var part = out._mutatingExtracting(group.pairs)
        let shape = ProductShape(
            rows: group.queries.count, columns: group.keys.count, inner: columns, alpha: scale, beta: adds ? 1 : 0)
        try gemm(
            &part, queries.extracting(group.queries.elements(columns)), keys.extracting(group.keys.elements(columns)),
            shape, transposeB: true)
    }
}

/// Adds sums of rows, weighted by pairs: over the keys of each query (`out[i] += scale · Σⱼ wᵢⱼ x[j]`), or over the queries
/// of each key. What goes back through ``pairProducts``, and through itself to what was summed.
package func addPairSums(
    _ out: inout MutableSpan<Float>, _ weights: Span<Float>, _ x: Span<Float>, _ groups: PairGroups,
    over side: PairGroups.Side, scale: Float = 1
) throws(ShapeError) {
    let overKeys = side == .keys
    let columns = try groups.columns(
        overKeys ? out.count : x.count, overKeys ? x.count : out.count, "addPairSums")
    try groups.check(pairs: weights.count, "addPairSums")
    for group in groups.groups {
        let (to, from) = overKeys ? (group.queries, group.keys) : (group.keys, group.queries)
        var part = out._mutatingExtracting(to.elements(columns))
        try gemm(
            &part, weights.extracting(group.pairs), x.extracting(from.elements(columns)),
            ProductShape(rows: to.count, columns: columns, inner: from.count, alpha: scale, beta: 1),
            transposeA: !overKeys)
    }
}
