package import Kernels
package import Text

/// Tags coarse types by a CRF, and tells of each mention which of its type's fine ones it is (the sub-type head of H-Index'
/// successors on Twitter-FMNERG, Wang et al. 2023).
///
/// A mention of the words `i…j` has the scores `F₁ xᵢ + F₂ xⱼ + F₃ x̄` of all fine types, `x̄` being the mean of its words; those
/// of other coarse types are left out. As that is linear, it is scored word by word, before anybody knows of mentions.
package struct ParentMaskedHead: HeadPart {
    package typealias Configuration = PlainHeadConfiguration

    /// Tags of the coarse types.
    package let coarse: TagSet
    /// The fine types.
    package let inventory: TypeInventory
    /// Moves from tag to tag.
    package let chain: TagChain
    private let emissions: Linear
    private let fine: Linear

    /// Declares the head (`tagger`, `fine`).
    package init(_ configuration: Configuration, _ shapes: ModelShapes, in layout: inout ParameterLayout) {
        inventory = shapes.tags.inventory
        let (coarse, types, width) = (TagSet(inventory.coarse), inventory.count, shapes.text.width)
        self.coarse = coarse
        (emissions, chain) = layout.at("tagger") { layout in
            (
                layout.linear("emissions", inputs: width, outputs: coarse.count),
                TagChain(tags: coarse.count, in: &layout)
            )
        }
        fine = layout.at("fine") { $0.linear("first", "last", "mean", inputs: width, outputs: 3 * types) }
    }

    /// Scores of the coarse tags of each word, `words × tags`; beside them what a mention gets of each fine type that begins
    /// there, ends there and goes through there, `words × 3 types`.
    package func score<C: Computation>(
        _ words: C.Value, lengths: [Int], evidence: ShownEvidence<C.Value>, dropout: Float, on computation: C
    ) throws(ShapeError) -> TagScores<C.Value> {
        let words = try computation.dropout(words, rate: dropout)
        return TagScores(rows: try computation.linear(words, emissions, .identity), lengths: lengths)
            .beside(rows: try computation.linear(words, fine, .identity), lengths: lengths)
    }

    /// Scores of the fine types of some mentions, given the second kind of scores: `mentions × types`.
    package func fineScores<C: Computation>(
        of mentions: [Range<Int>], in rows: C.Value, on computation: C
    ) throws(ShapeError) -> C.Value {
        let types = inventory.count
        let ends = try computation.add(
            computation.gather(computation.columns(rows, 0..<types), mentions.map { Int32($0.lowerBound) }),
            computation.gather(
                computation.columns(rows, types..<2 * types), mentions.map { Int32($0.upperBound - 1) }))
        return try computation.add(
            ends, computation.mean(computation.columns(rows, 2 * types..<3 * types), over: mentions))
    }

    /// The field over coarse tags, and what makes fine types of them.
    package func decoder(_ read: (Parameter) -> [Float]) throws(ShapeError) -> any MentionDecoder {
        FineDecoder(coarse: try CRFDecoder(coarse, chain, read), inventory: inventory)
    }
}

/// The mentions of a CRF, each with the most probable of its type's fine ones.
struct FineDecoder: MentionDecoder {
    let coarse: CRFDecoder
    let inventory: TypeInventory

    func mentions(of windows: [ScoredWindow], words: Int) throws(ShapeError) -> [Mention] {
        let fine = windows.rows(of: 3 * inventory.count, behind: coarse.tags.count, words: words)
        return try coarse.mentions(of: windows, words: words).map { refined($0, fine) }
    }

    /// A mention with its fine type: probabilities of these are shares of those of their coarse types.
    private func refined(_ mention: Mention, _ fine: [Float]) -> Mention {
        let types = inventory.count
        func mean(_ type: Int) -> Float {
            let sum = mention.words.reduce(Float(0)) { $0 + fine[($1 * 3 + 2) * types + type] }
            return sum / Float(mention.words.count)
        }
        let scores = (0..<types).map { type in
            fine[mention.words.lowerBound * 3 * types + type]
                + fine[((mention.words.upperBound - 1) * 3 + 1) * types + type] + mean(type)
        }
        var posterior = [Float](repeating: 0, count: types)
        for (parent, share) in mention.posterior.enumerated() {
            let children = (0..<types).filter { inventory.coarseTypes[$0] == parent }
            for (type, part) in zip(children, children.map { scores[$0] }[...].softmax) {
                posterior[type] = share * part
            }
        }
        var refined = mention
        let own = (0..<types).filter { inventory.coarseTypes[$0] == mention.type }
        refined.type = own.max { posterior[$0] < posterior[$1] } ?? mention.type
        let share = mention.posterior[mention.type]
        refined.score = share > 0 ? mention.score * posterior[refined.type] / share : 0
        refined.posterior = posterior
        return refined
    }
}
