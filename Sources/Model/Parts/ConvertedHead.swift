package import Kernels
package import Text

/// UMT's head (Yu et al. 2020, section 3.4): tags by a CRF, helped by spans without types, which are found beside them.
///
/// With emissions `Eₘ` over the tags and `Eₐ` over {O, B, I}: `E = ½ (Eₘ + Eₐ M)`. `M` is fixed: a span's tag goes to those
/// of all types in equal parts, `O` to `O`.
package struct ConvertedHead: ChainHead, HeadPart {
    package typealias Configuration = PlainHeadConfiguration

    /// Tags of the types.
    package let tags: TagSet
    /// Moves from tag to tag.
    package let chain: TagChain
    /// Moves among O, B and I.
    package let spanChain: TagChain
    private let width: Int
    private let emissions: Linear
    private let spanEmissions: Linear

    /// Declares the head (`tagger`, `spans`) for rows of twice the text encoder's columns: those for tags, then those for
    /// spans.
    package init(_ configuration: Configuration, _ shapes: ModelShapes, in layout: inout ParameterLayout) {
        let (tags, width) = (shapes.tags, shapes.text.width)
        self.tags = tags
        self.width = width
        (emissions, chain) = layout.at("tagger") { layout in
            (
                layout.linear("emissions", inputs: width, outputs: tags.count),
                TagChain(tags: tags.count, in: &layout)
            )
        }
        (spanEmissions, spanChain) = layout.at("spans") { layout in
            (layout.linear("emissions", inputs: width, outputs: 3), TagChain(tags: 3, in: &layout))
        }
    }

    /// Scores of the tags of each word: `words × tags`.
    package func score<C: Computation>(
        _ words: C.Value, lengths: [Int], evidence: ShownEvidence<C.Value>, dropout: Float, on computation: C
    ) throws(ShapeError) -> TagScores<C.Value> {
        let main = try computation.linear(
            computation.dropout(computation.columns(words, 0..<width), rate: dropout), emissions, .identity)
        let spans = try scoreSpans(words, dropout: dropout, on: computation)
        let conversion = conversion
        let weights = try computation.constant(rows: tags.count, columns: tags.count + 3, conversion.span)
        let both = try computation.concatenateColumns([main, spans])
        return TagScores(
            rows: try computation.products(
                both, weights, queryLengths: [words.rows], keysPerGroup: tags.count, scale: 0.5),
            lengths: lengths)
    }

    /// Scores of O, B and I: `words × 3`.
    package func scoreSpans<C: Computation>(
        _ words: C.Value, dropout: Float, on computation: C
    ) throws(ShapeError) -> C.Value {
        let rows = try computation.columns(words, width..<2 * width)
        return try computation.linear(computation.dropout(rows, rate: dropout), spanEmissions, .identity)
    }

    /// A tag without its type: 0 for O, 1 for B, 2 for I.
    package func withoutType(_ tag: Int) -> Int { tag == TagSet.outside ? 0 : tags.isInside(tag) ? 2 : 1 }

    /// `[identity | Mᵀ]`, `tags × (tags + 3)`.
    private var conversion: [Float] {
        (0..<tags.count).flatMap { tag -> [Float] in
            let own = (0..<tags.count).map { Float($0 == tag ? 1 : 0) }
            let share = tag == TagSet.outside ? 1 : 1 / Float(tags.inventory.count)
            return own + (0..<3).map { $0 == withoutType(tag) ? share : 0 }
        }
    }
}
