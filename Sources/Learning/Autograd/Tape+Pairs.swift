import Model
package import Kernels

/// What works on a number for each pair of rows that meet; each operation's gradient is made of the others.
extension Tape {
    /// Scalar products; with `S = scale · Q Kᵀ`, `∂Q = scale · G K` and `∂K = scale · Gᵀ Q`.
    package func pairProducts(
        _ queries: Value, _ keys: Value, _ groups: PairGroups, scale: Float
    ) throws(ShapeError) -> Value {
        try requireRows("pairProducts, queries", queries, groups.queryCount, columns: keys.columns)
        try requireRows("pairProducts, keys", keys, groups.keyCount, columns: queries.columns)
        let (out, block) = make(groups.pairCount, 1, needsGradient: needsGradient(queries) || needsGradient(keys))
        let (asking, offered) = (value(queries), value(keys))
        var result = block
        var span = result.mutableSpan
        try Kernels.pairProducts(&span, asking.span, offered.span, groups, scale: scale)
        record(out) { [self] (gradient) throws(ShapeError) in
            try accumulate(gradientOf: queries) { (into) throws(ShapeError) in
                try addPairSums(&into, gradient.span, offered.span, groups, over: .keys, scale: scale)
            }
            try accumulate(gradientOf: keys) { (into) throws(ShapeError) in
                try addPairSums(&into, gradient.span, asking.span, groups, over: .queries, scale: scale)
            }
        }
        return out
    }

    /// Sums of keys' rows; the weights get products of the gradient with these rows, the rows sums of the gradient.
    package func pairSums(_ weights: Value, _ x: Value, _ groups: PairGroups) throws(ShapeError) -> Value {
        try requireRows("pairSums, weights", weights, groups.pairCount, columns: 1)
        try requireRows("pairSums", x, groups.keyCount, columns: x.columns)
        let (out, block) = make(
            groups.queryCount, x.columns, needsGradient: needsGradient(weights) || needsGradient(x))
        let (shares, source) = (value(weights), value(x))
        block.fill(0)
        var result = block
        var span = result.mutableSpan
        try addPairSums(&span, shares.span, source.span, groups, over: .keys)
        record(out) { [self] (gradient) throws(ShapeError) in
            try contribute(to: weights) { (into, accumulates) throws(ShapeError) in
                try Kernels.pairProducts(&into, gradient.span, source.span, groups, adds: accumulates)
            }
            try accumulate(gradientOf: x) { (into) throws(ShapeError) in
                try addPairSums(&into, shares.span, gradient.span, groups, over: .queries)
            }
        }
        return out
    }

    /// Softmax over one side.
    package func pairSoftmax(
        _ x: Value, _ groups: PairGroups, over side: PairGroups.Side
    ) throws(ShapeError) -> Value {
        try requireRows("pairSoftmax", x, groups.pairCount, columns: 1)
        let (out, block) = make(x.rows, 1, needsGradient: needsGradient(x))
        let source = value(x)
        var result = block
        var span = result.mutableSpan
        try Kernels.pairSoftmax(&span, source.span, groups, over: side)
        record(out) { [self] (gradient) throws(ShapeError) in
            try accumulate(gradientOf: x) { (into) throws(ShapeError) in
                try pairSoftmaxBackward(&into, gradient.span, block.span, groups, over: side)
            }
        }
        return out
    }

    /// Shares of what is similar enough; the threshold is learned too.
    package func filterPairs(
        _ x: Value, _ groups: PairGroups, threshold: Value, temperature: Float, epsilon: Float
    ) throws(ShapeError) -> Value {
        try requireRows("filterPairs", x, groups.pairCount, columns: 1)
        try requireRows("filterPairs, threshold", threshold, 1, columns: 1)
        let (out, block) = make(x.rows, 1, needsGradient: needsGradient(x) || needsGradient(threshold))
        let source = value(x)
        let filter = SimilarityFilter(threshold: value(threshold)[0], temperature: temperature, epsilon: epsilon)
        var result = block
        var span = result.mutableSpan
        try Kernels.filterPairs(&span, source.span, filter, groups)
        record(out) { [self] (gradient) throws(ShapeError) in
            let spare = arena.zeros(x.count)
            var work = spare
            var workSpan = work.mutableSpan
            let slope = try filterPairsBackward(&workSpan, gradient.span, source.span, filter, groups)
            try pass(spare, to: x)
            arena.give(spare)
            try accumulate(gradientOf: threshold) { (into) throws(ShapeError) in into[0] += slope }
        }
        return out
    }

    /// Pulls numbers towards their key's mean, each key as far as its weight says.
    package func levelPairs(_ x: Value, _ groups: PairGroups, by weights: Value) throws(ShapeError) -> Value {
        try requireRows("levelPairs", x, groups.pairCount, columns: 1)
        try requireRows("levelPairs, weights", weights, groups.keyCount, columns: 1)
        let (out, block) = make(x.rows, 1, needsGradient: needsGradient(x) || needsGradient(weights))
        let (source, pulls) = (value(x), value(weights))
        var result = block
        var span = result.mutableSpan
        try Kernels.levelPairs(&span, source.span, by: pulls.span, groups)
        record(out) { [self] (gradient) throws(ShapeError) in
            try accumulate(gradientOf: x) { (into) throws(ShapeError) in
                try levelPairsBackward(&into, gradient.span, by: pulls.span, groups)
            }
            try accumulate(gradientOf: weights) { (into) throws(ShapeError) in
                try levelPairsBackward(weights: &into, gradient.span, source.span, groups)
            }
        }
        return out
    }

    private func requireRows(
        _ operation: String, _ x: Value, _ rows: Int, columns: Int
    ) throws(ShapeError) {
        try require(
            x.rows == rows && x.columns == columns, operation, "\(rows) × \(columns)", "\(x.rows) × \(x.columns)")
    }
}
