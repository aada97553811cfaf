package import Kernels

/// Brings patches and words of the alternative text to rows of one width: what every fusion begins with.
package struct ShownRows: Sendable {
    /// From patches; `nil` for models without a patch encoder.
    let picture: Linear?
    /// From words of the alternative text.
    let alt: Linear

    /// Declares the two maps (`picture`, `alt`) to rows of `width` columns.
    package init(_ shapes: ModelShapes, width: Int, in layout: inout ParameterLayout) {
        picture = shapes.picture.map { layout.linear("picture", inputs: $0.width, outputs: width) }
        alt = layout.linear("alt", inputs: shapes.text.width, outputs: width)
    }

    /// The evidence of each sequence, patches first, and how many rows that is; `nil` where no post shows anything.
    package func rows<C: Computation>(
        _ evidence: ShownEvidence<C.Value>, dropout: Float, on computation: C
    ) throws(ShapeError) -> (rows: C.Value, counts: [Int])? {
        var sources: [C.Value] = []
        var tokenCounts = evidence.tokenCounts
        if let tokens = evidence.tokens, let picture {
            sources.append(
                try computation.linear(computation.dropout(tokens, rate: dropout), picture, .identity))
        } else {
            tokenCounts = tokenCounts.map { _ in 0 }
        }
        if let words = evidence.alt {
            sources.append(try computation.linear(computation.dropout(words, rate: dropout), alt, .identity))
        }
        guard !sources.isEmpty else { return nil }
        var (token, word) = (0, tokenCounts.reduce(0, +))
        var order: [Int32] = []
        for (tokens, words) in zip(tokenCounts, evidence.altCounts) {
            order += (token..<token + tokens).map(Int32.init) + (word..<word + words).map(Int32.init)
            token += tokens
            word += words
        }
        let all = sources.count == 1 ? sources[0] : try computation.concatenateRows(sources)
        return (try computation.gather(all, order), zip(tokenCounts, evidence.altCounts).map { $0 + $1 })
    }
}
