import Kernels

/// What works on a number for each pair of rows that meet.
extension Evaluator {
    func pairProducts(
        _ queries: Value, _ keys: Value, _ groups: PairGroups, scale: Float
    ) throws(ShapeError) -> Value {
        try check("pairProducts, queries", queries, rows: groups.queryCount, columns: keys.columns)
        try check("pairProducts, keys", keys, rows: groups.keyCount, columns: queries.columns)
        let out = try workspace.allocate(rows: groups.pairCount, columns: 1)
        var span = write(out)
        try Kernels.pairProducts(&span, read(queries), read(keys), groups, scale: scale)
        return out
    }

    func pairSums(_ weights: Value, _ x: Value, _ groups: PairGroups) throws(ShapeError) -> Value {
        try check("pairSums, weights", weights, rows: groups.pairCount, columns: 1)
        try check("pairSums", x, rows: groups.keyCount, columns: x.columns)
        let out = try workspace.allocate(rows: groups.queryCount, columns: x.columns)
        var span = write(out)
        span.update(repeating: 0)
        try addPairSums(&span, read(weights), read(x), groups, over: .keys)
        return out
    }

    func pairSoftmax(_ x: Value, _ groups: PairGroups, over side: PairGroups.Side) throws(ShapeError) -> Value {
        try check("pairSoftmax", x, rows: groups.pairCount, columns: 1)
        let out = try workspace.allocate(rows: x.rows, columns: 1)
        var span = write(out)
        try Kernels.pairSoftmax(&span, read(x), groups, over: side)
        return out
    }

    func filterPairs(
        _ x: Value, _ groups: PairGroups, threshold: Value, temperature: Float, epsilon: Float
    ) throws(ShapeError) -> Value {
        try check("filterPairs", x, rows: groups.pairCount, columns: 1)
        try check("filterPairs, threshold", threshold, rows: 1, columns: 1)
        let filter = SimilarityFilter(threshold: read(threshold)[0], temperature: temperature, epsilon: epsilon)
        let out = try workspace.allocate(rows: x.rows, columns: 1)
        var span = write(out)
        try Kernels.filterPairs(&span, read(x), filter, groups)
        return out
    }

    func levelPairs(_ x: Value, _ groups: PairGroups, by weights: Value) throws(ShapeError) -> Value {
        try check("levelPairs", x, rows: groups.pairCount, columns: 1)
        try check("levelPairs, weights", weights, rows: groups.keyCount, columns: 1)
        let out = try workspace.allocate(rows: x.rows, columns: 1)
        var span = write(out)
        try Kernels.levelPairs(&span, read(x), by: read(weights), groups)
        return out
    }

    /// The mean: an answer is not drawn.
    func sample(_ mean: Value, logVariance: Value) throws(ShapeError) -> Value {
        try check("sample", mean, logVariance)
        return mean
    }

    func boundedSum(_ x: Value, _ y: Value, limit: Float, lengths: [Int]) throws(ShapeError) -> Value {
        try check("boundedSum", x, y)
        let out = try workspace.allocate(rows: x.rows, columns: x.columns)
        var span = write(out)
        try Kernels.boundedSum(&span, read(x), read(y), limit: limit, lengths: lengths, columns: x.columns)
        return out
    }
}
