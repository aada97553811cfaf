package import Kernels
package import Text

/// A linear chain over tags (Lafferty et al. 2001): a score for each move from tag to tag.
package struct TagChain: Sendable {
    /// `tags × tags`, from row to column.
    package let transitions: Parameter
    /// `1 × tags`: score of starting with a tag.
    package let start: Parameter
    /// `1 × tags`: score of ending with a tag.
    package let end: Parameter

    /// Declares the chain over so many tags.
    package init(tags: Int, in layout: inout ParameterLayout) {
        transitions = layout.parameter(["transitions"], rows: tags, columns: tags, .zeros, .vector)
        start = layout.parameter(["start"], rows: 1, columns: tags, .zeros, .vector)
        end = layout.parameter(["end"], rows: 1, columns: tags, .zeros, .vector)
    }

    /// The field over these numbers, which allows legal tags alone.
    fileprivate func field(_ tags: TagSet, _ read: (Parameter) -> [Float]) throws(ShapeError) -> CRF {
        let (transitions, start, end) = (read(transitions), read(start), read(end))
        return try CRF(
            transitions: transitions.span, start: start.span, end: end.span,
            allowed: TagMoves(starts: tags.allowedStarts, moves: tags.allowedMoves))
    }
}

/// A head that scores the tags of each word, `words × tags`, for a chain over them.
package protocol ChainHead: TagHead {
    /// Tags of the types.
    var tags: TagSet { get }
    /// The chain.
    var chain: TagChain { get }
}

extension ChainHead {
    /// The field over these numbers, which allows legal tags alone.
    package func field(_ read: (Parameter) -> [Float]) throws(ShapeError) -> CRF {
        try chain.field(tags, read)
    }

    /// Reads tags off the field over these numbers.
    package func decoder(_ read: (Parameter) -> [Float]) throws(ShapeError) -> any MentionDecoder {
        try CRFDecoder(tags, chain, read)
    }
}

/// Tags words by a linear-chain CRF (the text side of BERT-CRF in Yu et al. 2023): a score for each tag of each word, and
/// for each move from tag to tag.
package struct CRFHead: ChainHead, HeadPart {
    package typealias Configuration = PlainHeadConfiguration

    /// Tags of the types.
    package let tags: TagSet
    /// Word rows to scores, one column a tag.
    package let emissions: Linear
    /// Moves from tag to tag.
    package let chain: TagChain

    /// Declares the head (`tagger`) for words of `width` columns.
    package init(_ tags: TagSet, width: Int, in layout: inout ParameterLayout) {
        self.tags = tags
        (emissions, chain) = layout.at("tagger") { layout in
            (
                layout.linear("emissions", inputs: width, outputs: tags.count),
                TagChain(tags: tags.count, in: &layout)
            )
        }
    }

    /// Declares the head for words as wide as the text encoder's.
    package init(_ configuration: Configuration, _ shapes: ModelShapes, in layout: inout ParameterLayout) {
        self.init(shapes.tags, width: shapes.text.width, in: &layout)
    }

    /// Scores of the tags of each word: `words × tags`.
    package func score<C: Computation>(
        _ words: C.Value, lengths: [Int], evidence: ShownEvidence<C.Value>, dropout: Float, on computation: C
    ) throws(ShapeError) -> TagScores<C.Value> {
        TagScores(
            rows: try computation.linear(computation.dropout(words, rate: dropout), emissions, .identity),
            lengths: lengths)
    }
}

/// The most probable legal tags of a text (Viterbi), and how probable what they say is (forward and backward).
struct CRFDecoder: MentionDecoder {
    let tags: TagSet
    let crf: CRF

    /// A field over tags with these numbers, which allows legal tags alone.
    init(_ tags: TagSet, _ chain: TagChain, _ read: (Parameter) -> [Float]) throws(ShapeError) {
        self.tags = tags
        crf = try chain.field(tags, read)
    }

    /// One field over the whole text: each word's row comes from the window that owns it.
    func mentions(of windows: [ScoredWindow], words: Int) throws(ShapeError) -> [Mention] {
        let emissions = windows.rows(of: tags.count, words: words)
        let lattice = try CRFLattice(crf, emissions.span)
        let path = try crf.viterbi(emissions.span).path
        return try tags.spans(of: path.map(Int.init), orphans: .strict).map { span throws(ShapeError) in
            let scores = try types(of: span.words, in: lattice)
            let all = scores.reduce(0, +)
            return Mention(
                words: span.words, type: span.type, score: Float(scores[span.type]),
                posterior: scores.map { Float($0 / all) })
        }
    }

    func shares(
        of mentions: [Mention], in windows: [ScoredWindow], words: Int
    ) throws(ShapeError) -> [MentionShares] {
        let lattice = try CRFLattice(crf, windows.rows(of: tags.count, words: words).span)
        return try mentions.map { mention throws(ShapeError) in
            MentionShares(types: try types(of: mention.words, in: lattice).map { Float($0) })
        }
    }

    /// Probability of an entity of each type at these words.
    private func types(of words: Range<Int>, in lattice: CRFLattice) throws(ShapeError) -> [Double] {
        try (0..<tags.inventory.count).map { type throws(ShapeError) in
            try lattice.probability(of: words, begin: tags.begin(type), inside: tags.inside(type))
        }
    }
}
