package import Kernels
package import Text

/// Tags fine types by a CRF that knows of the coarse ones (hierarchy injection of GEM, EMNLP 2024 Findings).
///
/// With the scores `y_c` of coarse tags and `y_f` of fine ones: `y_f + β softmax(y_c) M`. `M`, from coarse to fine tags, is
/// learned; it begins as 1 where a fine tag's type is of the coarse one's and both begin or go on.
package struct TransferHead: ChainHead, HeadPart {
    /// The head's shape.
    package struct Configuration: HeadConfiguration {
        /// How much coarse tags say: `β`.
        package var strength: Float = 0.1

        /// The defaults.
        package init() {}

        /// A shape by its number.
        package init(strength: Float) { self.strength = strength }

        package func validate() throws(ModelError) {
            try ModelError.require("head", "strength", strength, 0...1000)
        }
    }

    /// Tags of the fine types.
    package let tags: TagSet
    /// Moves from fine tag to fine tag.
    package let chain: TagChain
    /// Tags of the coarse types.
    package let coarse: TagSet
    /// Moves from coarse tag to coarse tag.
    package let coarseChain: TagChain
    /// `M`: `coarse tags × fine tags`.
    package let transfer: Parameter
    private let strength: Float
    private let emissions: Linear
    private let coarseEmissions: Linear

    /// Declares the head (`tagger`, `coarse`).
    package init(_ configuration: Configuration, _ shapes: ModelShapes, in layout: inout ParameterLayout) {
        strength = configuration.strength
        let (tags, coarse, width) = (shapes.tags, TagSet(shapes.tags.inventory.coarse), shapes.text.width)
        (self.tags, self.coarse) = (tags, coarse)
        (emissions, chain) = layout.at("tagger") { layout in
            (layout.linear("emissions", inputs: width, outputs: tags.count), TagChain(tags: tags.count, in: &layout))
        }
        (coarseEmissions, coarseChain, transfer) = layout.at("coarse") { layout in
            (
                layout.linear("emissions", inputs: width, outputs: coarse.count, bias: false),
                TagChain(tags: coarse.count, in: &layout),
                layout.parameter(["transfer"], rows: coarse.count, columns: tags.count, .zeros, .matrix)
            )
        }
    }

    /// What `M` begins with, row by row.
    package var firstTransfer: [Float] {
        (0..<coarse.count).flatMap { above in
            (0..<tags.count).map { tag -> Float in
                guard let type = tags.type(of: tag), let parent = coarse.type(of: above) else {
                    return tag == above ? 1 : 0
                }
                return tags.inventory.coarseTypes[type] == parent && tags.isInside(tag) == coarse.isInside(above)
                    ? 1 : 0
            }
        }
    }

    /// Scores of the fine tags of each word, `words × tags`, and beside them of the coarse ones.
    package func score<C: Computation>(
        _ words: C.Value, lengths: [Int], evidence: ShownEvidence<C.Value>, dropout: Float, on computation: C
    ) throws(ShapeError) -> TagScores<C.Value> {
        let words = try computation.dropout(words, rate: dropout)
        let above = try computation.linear(words, coarseEmissions, .identity)
        // The same once more, a number for each pair of word and tag, as shares are made of pairs.
        let groups = try PairGroups(queryLengths: [words.rows], keyLengths: [coarse.count])
        let all = (0..<coarse.count).map { Int32($0) }
        let shares = try computation.pairSoftmax(
            computation.pairProducts(words, computation.gather(coarseEmissions.weight, all), groups, scale: 1), groups,
            over: .keys)
        let said = try computation.scaled(
            computation.pairSums(shares, computation.gather(transfer, all), groups), by: strength)
        let rows = try computation.add(computation.linear(words, emissions, .identity), said)
        return TagScores(rows: rows, lengths: lengths).beside(rows: above, lengths: lengths)
    }
}
