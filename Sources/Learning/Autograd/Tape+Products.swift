import Model
package import Kernels

extension Tape {
    /// Scalar products within groups. With `S = scale · Q Kᵀ`: `∂Q = scale · G K`, `∂K = scale · Gᵀ Q`.
    package func products(
        _ queries: Value, _ keys: Value, queryLengths: [Int], keysPerGroup: Int, scale: Float
    ) throws(ShapeError) -> Value {
        let groups = try ProductGroups(queries, keys, queryLengths: queryLengths, keysPerGroup: keysPerGroup).groups
        let (out, block) = make(
            queries.rows, keysPerGroup, needsGradient: needsGradient(queries) || needsGradient(keys))
        var result = block
        var span = result.mutableSpan
        let (q, k) = (value(queries), value(keys))
        let inner = queries.columns
        for group in groups {
            var part = span._mutatingExtracting(group.products)
            try gemm(
                &part, q.span.extracting(group.queries), k.span.extracting(group.keys),
                ProductShape(rows: group.rows, columns: keysPerGroup, inner: inner, alpha: scale), transposeB: true)
        }
        record(out) { [self] (gradient) throws(ShapeError) in
            try accumulate(gradientOf: queries) { (into) throws(ShapeError) in
                for group in groups {
                    var part = into._mutatingExtracting(group.queries)
                    try gemm(
                        &part, gradient.span.extracting(group.products), k.span.extracting(group.keys),
                        ProductShape(rows: group.rows, columns: inner, inner: keysPerGroup, alpha: scale, beta: 1))
                }
            }
            try accumulate(gradientOf: keys) { (into) throws(ShapeError) in
                for group in groups {
                    var part = into._mutatingExtracting(group.keys)
                    try gemm(
                        &part, gradient.span.extracting(group.products), q.span.extracting(group.queries),
                        ProductShape(rows: keysPerGroup, columns: inner, inner: group.rows, alpha: scale, beta: 1),
                        transposeA: true)
                }
            }
        }
        return out
    }
}
