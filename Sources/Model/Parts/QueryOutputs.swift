import Kernels

/// What is read off queries.
struct QueryOutputs: Sendable {
    /// What queries look at.
    struct Seen<Value> {
        /// Queries of each text.
        let queries: [Int]
        let words: Value
        let lengths: [Int]
        /// Evidence; `nil` where no post shows anything.
        let shown: Value?
        let counts: [Int]
    }

    private let norm: LayerNorm
    private let asked: Linear
    private let gathered: Linear
    private let query: Linear
    private let word: Linear
    private let ends: Linear
    private let kind: Linear
    private let classes: Linear

    init(width: Int, types: Int, in layout: inout ParameterLayout) {
        norm = layout.layerNorm("query_norm", width: width, epsilon: 1e-6)
        asked = layout.linear("asked", inputs: width, outputs: width, bias: false)
        gathered = layout.linear("gathered", inputs: width, outputs: width)
        query = layout.linear("span_query", inputs: width, outputs: width)
        word = layout.linear("span_word", inputs: width, outputs: width, bias: false)
        ends = layout.linear("ends", inputs: width, outputs: 2)
        kind = layout.linear("kind", inputs: 3 * width, outputs: width)
        classes = layout.linear("classes", inputs: width, outputs: types + 1)
    }

    func score<C: Computation>(
        _ states: C.Value, _ seen: Seen<C.Value>, on computation: C
    ) throws(ShapeError) -> TagScores<C.Value> {
        let queries = try computation.normalize(states, norm)
        let groups = try PairGroups(queryLengths: seen.queries, keyLengths: seen.lengths)
        let about = try aggregate(queries, seen, groups, on: computation)
        let (askers, offered) = seen.pairs
        let spans = try computation.apply(
            .relu,
            computation.add(
                computation.gather(computation.linear(about, query, .identity), askers),
                computation.gather(computation.linear(seen.words, word, .identity), offered)))
        let ends = try computation.linear(spans, ends, .identity)
        // Words where the mention begins and ends, by their probabilities.
        let places = try computation.apply(.sigmoid, ends)
        let marked = try (0..<2).map { side throws(ShapeError) in
            try computation.pairSums(computation.columns(places, side..<side + 1), seen.words, groups)
        }
        let kinds = try computation.linear(computation.concatenateColumns([about] + marked), kind, .relu)
        return TagScores(rows: ends, lengths: zip(seen.queries, seen.lengths).map { $0 * $1 })
            .beside(rows: try computation.linear(kinds, classes, .identity), lengths: seen.queries)
    }

    /// What each query is about, by its similarity to words and evidence.
    private func aggregate<C: Computation>(
        _ queries: C.Value, _ seen: Seen<C.Value>, _ groups: PairGroups, on computation: C
    ) throws(ShapeError) -> C.Value {
        func similar(_ rows: C.Value, _ groups: PairGroups) throws(ShapeError) -> C.Value {
            let shares = try computation.pairSoftmax(
                computation.pairProducts(
                    queries, rows, groups, scale: 1 / Float(queries.columns).squareRoot()), groups, over: .keys)
            return try computation.scaled(computation.pairSums(shares, rows, groups), by: 0.5)
        }
        var sum = try computation.add(
            computation.linear(queries, asked, .identity), similar(seen.words, groups))
        if let shown = seen.shown {
            sum = try computation.add(
                sum, similar(shown, PairGroups(queryLengths: seen.queries, keyLengths: seen.counts)))
        }
        return try computation.linear(computation.apply(.tanh, sum), gathered, .identity)
    }
}

extension QueryOutputs.Seen {
    /// Query and word of each pair.
    fileprivate var pairs: (queries: [Int32], words: [Int32]) {
        var (queries, words): ([Int32], [Int32]) = ([], [])
        for (asking, offered) in zip(self.queries.ranges, lengths.ranges) {
            for query in asking {
                queries += repeatElement(Int32(query), count: offered.count)
                words += offered.map { Int32($0) }
            }
        }
        return (queries, words)
    }

    /// Words, then evidence, of each text.
    func together<C: Computation>(
        on computation: C
    ) throws(ShapeError) -> TransformerLayer.Rows<C.Value> where C.Value == Value {
        guard let shown else { return TransformerLayer.Rows(value: words, lengths: lengths) }
        let first = lengths.reduce(0, +)
        let order = zip(lengths.ranges, counts.ranges).flatMap { words, shown in
            words.map { Int32($0) } + shown.map { Int32(first + $0) }
        }
        return TransformerLayer.Rows(
            value: try computation.gather(computation.concatenateRows([words, shown]), order),
            lengths: zip(lengths, counts).map { $0 + $1 })
    }
}
