package import Kernels

/// The smallest fusion: a word's row, and gated what it attends to among patches and words of the alternative text.
///
/// `a = attention(w, evidence)`, `g = σ(G [w; a])`, `w ← w + g ⊙ (A a)` with a gate for each column (the visual gate of
/// UMT, Yu et al. 2020, equation 9, without its transformers). `A` has no bias and attention over nothing is zero, so a
/// post that shows nothing is tagged from its text alone.
package struct GatedSum: Fusion {
    /// Widths.
    package struct Configuration: Codable, Sendable, Equatable {
        /// Columns of queries, keys and values.
        package var width = 128
        /// Attention heads; divides `width`.
        package var heads = 4

        /// The defaults.
        package init(width: Int = 128, heads: Int = 4) {
            self.width = width
            self.heads = heads
        }

        func validate() throws(ModelError) {
            let width: ModelError.NamedSize = ("width", width, SizeLimits.fusionWidth)
            let heads: ModelError.NamedSize = ("heads", heads, SizeLimits.partHeads)
            try ModelError.require("fusion", [width, heads])
            try ModelError.requireEven("fusion", width: width, heads: heads)
        }
    }

    /// Widths.
    package let configuration: Configuration
    let query: Linear
    /// From patches, and from words of the alternative text; `nil` for models without a patch encoder.
    let picture: Linear?
    let alt: Linear
    let evidenceNorm: LayerNorm
    let keyValue: Linear
    let gate: Linear
    let added: Linear

    private static let epsilon: Float = 1e-6

    /// Declares the part (`fusion`) for words of `textWidth` columns and patches of `pictureWidth`.
    package init(
        _ configuration: Configuration, textWidth: Int, pictureWidth: Int?, in layout: inout ParameterLayout
    ) {
        self.configuration = configuration
        let width = configuration.width
        (query, picture, alt, evidenceNorm, keyValue, gate, added) = layout.at("fusion") { layout in
            (
                layout.linear("query", inputs: textWidth, outputs: width),
                pictureWidth.map { layout.linear("picture", inputs: $0, outputs: width) },
                layout.linear("alt", inputs: textWidth, outputs: width),
                layout.layerNorm("evidence_norm", width: width, epsilon: Self.epsilon),
                layout.linear("key", "value", inputs: width, outputs: 2 * width),
                layout.linear("gate", inputs: textWidth + width, outputs: textWidth),
                layout.linear("added", inputs: width, outputs: textWidth, bias: false)
            )
        }
    }

    /// Adds to each word what it finds; see ``Fusion``.
    package func fuse<C: Computation>(
        _ words: C.Value, lengths: [Int], evidence: ShownEvidence<C.Value>, dropout: Float, on computation: C
    ) throws(ShapeError) -> C.Value {
        guard let (rows, counts) = try rows(evidence, dropout: dropout, on: computation) else { return words }
        let asked = try computation.linear(words, query, .identity)
        let offered = try computation.linear(computation.normalize(rows, evidenceNorm), keyValue, .identity)
        let found = try computation.crossAttention(
            asked, offered, heads: configuration.heads, queryLengths: lengths, keyLengths: counts)
        let open = try computation.linear(computation.concatenateColumns([words, found]), gate, .sigmoid)
        let new = try computation.linear(computation.dropout(found, rate: dropout), added, .identity)
        return try computation.add(words, computation.multiply(open, new))
    }

    /// The evidence of each sequence, patches first, as rows of one width; `nil` where no post shows anything.
    private func rows<C: Computation>(
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
