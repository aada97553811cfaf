/// The text side of a post, as a model reads it.
public struct PostText: Sendable {
    /// The post's text, exactly as it came.
    public var text: String
    /// Words that the caller has split already: Unicode scalar ranges of `text`. `nil` lets the model split.
    public var tokens: [Range<Int>]?
    /// Alternative text of the picture, if the feed carries it.
    public var alt: String?
    /// What is known about the post from elsewhere. It is read only by models that were trained with such texts
    /// (``TaggerConfiguration/knowledgePieces``), and beside posts that leave room for it.
    public var knowledge: String?
    /// Entities that the caller knows already, by words of `tokens`; `nil` lets the model tag.
    public var entities: [TaggedEntity]?

    /// A post's text, with what else the feed knows of it.
    public init(
        text: String, tokens: [Range<Int>]? = nil, alt: String? = nil, knowledge: String? = nil,
        entities: [TaggedEntity]? = nil
    ) {
        self.text = text
        self.tokens = tokens
        self.alt = alt
        self.knowledge = knowledge
        self.entities = entities
    }
}

/// An entity that tagging found in a text.
public struct TaggedEntity: Sendable, Equatable {
    /// Words `[first, last)` of the reading.
    public var words: Range<Int>
    /// Unicode scalar offsets in the text, end exclusive.
    public var scalars: Range<Int>
    /// Name of the type, as the model's inventory spells it.
    public var type: String
    /// Position of the type in the model's inventory.
    public var typeIndex: Int
    /// Posterior probability of the span with its type, 0…1.
    public var score: Float

    /// An entity by its parts.
    public init(words: Range<Int>, scalars: Range<Int>, type: String, typeIndex: Int, score: Float) {
        self.words = words
        self.scalars = scalars
        self.type = type
        self.typeIndex = typeIndex
        self.score = score
    }
}

/// What the text of one post gave: entities, and the vectors that later stages need of them.
public struct Reading: Sendable {
    /// In text order, never overlapping.
    public var entities: [TaggedEntity]
    /// Whether looking at a picture could change the answer: there is an entity that could be visible, and the
    /// method has a gate. A post whose reading does not want a picture never has it decoded.
    public var wantsPicture: Bool
    /// One query row an entity (`entities.count × width`), empty where the method has no gate.
    public var queries: [Float]
    /// Rows of the alternative text (`altRows × width`), empty without `alt` or gate.
    public var alt: [Float]
    /// Rows of `alt`.
    public var altRows: Int
}

/// What the patch encoder saw in one picture: a row a patch. The only thing later stages know of the picture.
public struct PictureFeatures: Sendable {
    /// `rows × width`, CLS token first.
    public var tokens: [Float]
    /// Tokens of the picture.
    public var rows: Int
    /// Columns of a token.
    public var width: Int
}

/// A box in relative coordinates of the picture, each 0…1.
public struct RelativeBox: Sendable, Equatable {
    /// Left edge.
    public var x1: Float
    /// Upper edge.
    public var y1: Float
    /// Right edge, not left of `x1`.
    public var x2: Float
    /// Lower edge, not above `y1`.
    public var y2: Float

    /// A box by its corners.
    public init(x1: Float, y1: Float, x2: Float, y2: Float) {
        self.x1 = x1
        self.y1 = y1
        self.x2 = x2
        self.y2 = y2
    }
}

/// One answer: an entity, whether it can be seen, and where.
public struct GroundedEntity: Sendable, Equatable {
    /// What tagging said.
    public var entity: TaggedEntity
    /// Probability that the picture shows the entity; `nil` where the method has no gate.
    public var visible: Float?
    /// Where the picture shows it; `nil` where it does not, or not surely enough.
    public var box: RelativeBox?
    /// Where the gate's evidence came from; filled only on request.
    public var explanation: Explanation?
}

/// Where the evidence for one entity came from.
public struct Explanation: Sendable, Equatable {
    /// Share of attention on alternative text and on the picture; they sum to 1 where there is any evidence.
    public var alt: Float
    /// See `alt`.
    public var picture: Float
    /// Where the picture shows the entity: the probability of each patch of a 16×16 grid, row by row, in tenths, as digits
    /// 0–9; empty without picture.
    public var heat: String
}
