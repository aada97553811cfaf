public import Kernels

/// Lets each entity look for itself in what a post shows: patches of the picture, words of the alternative text, both
/// or neither (entity-guided attention as in Yu et al. 2023, with RiVEG's order: after tagging).
///
/// Pre-norm layers over the queries alone: `q ← q + attention(norm(q), evidence)`, `q ← q + feedForward(norm(q))`.
/// Evidence rows never change, so a post costs in proportion to entities × evidence.
public struct EvidenceReader: Sendable {
    struct Layer: Sendable {
        let queryNorm: LayerNorm
        let query: Linear
        let keyValue: Linear
        let attended: Linear
        let outputNorm: LayerNorm
        let widen: Linear
        let narrow: Linear
    }

    /// Widths and depth.
    public let configuration: EvidenceConfiguration
    let query: Linear
    let types: Parameter
    let picture: Linear
    let places: Parameter
    let alt: Linear
    let evidenceNorm: LayerNorm
    let layers: [Layer]
    let norm: LayerNorm

    static let epsilon: Float = 1e-6

    /// Declares the reader for queries of `queryWidth` columns, `typeCount` entity types, and evidence rows as wide as
    /// the two encoders make them; `places` rows of a picture get a learned position.
    public init(
        _ configuration: EvidenceConfiguration, queryWidth: Int, textWidth: Int, pictureWidth: Int, places: Int,
        typeCount: Int, in layout: inout ParameterLayout
    ) {
        self.configuration = configuration
        let width = configuration.width
        query = layout.linear("query", inputs: queryWidth, outputs: width)
        types = layout.table("types", rows: typeCount, width: width)
        picture = layout.linear("picture", inputs: pictureWidth, outputs: width)
        self.places = layout.table("places", rows: places, width: width)
        alt = layout.linear("alt", inputs: textWidth, outputs: width)
        evidenceNorm = layout.layerNorm("evidence_norm", width: width, epsilon: Self.epsilon)
        layers = (0..<configuration.layers).map { index in
            layout.at("layer.\(index)") { layout in
                Layer(
                    queryNorm: layout.layerNorm("query_norm", width: width, epsilon: Self.epsilon),
                    query: layout.linear("query", inputs: width, outputs: width),
                    keyValue: layout.linear("key", "value", inputs: width, outputs: 2 * width),
                    attended: layout.linear("attended", inputs: width, outputs: width),
                    outputNorm: layout.layerNorm("output_norm", width: width, epsilon: Self.epsilon),
                    widen: layout.linear("widen", inputs: width, outputs: 4 * width),
                    narrow: layout.linear("narrow", inputs: 4 * width, outputs: width))
            }
        }
        norm = layout.layerNorm("norm", width: width, epsilon: Self.epsilon)
    }

    /// Evidence rows of one picture's tokens (`tokens × pictureWidth`).
    public func see<C: Computation>(picture tokens: C.Value, on computation: C) throws(ShapeError) -> C.Value {
        let rows = (0..<tokens.rows).map { Int32($0) }
        return try computation.normalize(
            computation.add(computation.linear(tokens, picture, .identity), computation.gather(places, rows)),
            evidenceNorm)
    }

    /// Evidence rows of the words of an alternative text (`words × textWidth`).
    public func see<C: Computation>(alt words: C.Value, on computation: C) throws(ShapeError) -> C.Value {
        try computation.normalize(computation.linear(words, alt, .identity), evidenceNorm)
    }

    /// Reads the evidence for several posts: `queries.rows × width`.
    ///
    /// - Parameters:
    ///   - queries: One row an entity, post by post.
    ///   - kinds: Index of each entity's type.
    ///   - evidence: Rows of ``see(picture:on:)`` and ``see(alt:on:)``, post by post; `nil` where no post has any.
    ///   - queryLengths: Entities of each post.
    ///   - evidenceLengths: Evidence rows of each post; 0 for a post without.
    public func read<C: Computation>(
        _ queries: C.Value, kinds: [Int32], evidence: C.Value?, queryLengths: [Int], evidenceLengths: [Int],
        dropout: Float = 0, on computation: C
    ) throws(ShapeError) -> C.Value {
        var x = try computation.add(
            computation.linear(queries, query, .identity), computation.gather(types, kinds))
        for layer in layers {
            if let evidence {
                let looked = try computation.crossAttention(
                    computation.linear(computation.normalize(x, layer.queryNorm), layer.query, .identity),
                    computation.linear(evidence, layer.keyValue, .identity),
                    heads: configuration.heads, queryLengths: queryLengths, keyLengths: evidenceLengths)
                x = try computation.add(
                    x, computation.dropout(computation.linear(looked, layer.attended, .identity), rate: dropout))
            }
            let wide = try computation.linear(computation.normalize(x, layer.outputNorm), layer.widen, .gelu)
            x = try computation.add(
                x, computation.dropout(computation.linear(wide, layer.narrow, .identity), rate: dropout))
        }
        return try computation.normalize(x, norm)
    }
}
