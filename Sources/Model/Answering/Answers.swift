package import Geometry

/// The text side of a post, as a model reads it.
package struct PostText: Sendable {
    /// The post's text, exactly as it came.
    package var text: String
    /// Words that the caller has split already: Unicode scalar ranges of `text`. `nil` lets the model split.
    package var tokens: [Range<Int>]?
    /// Alternative text of the picture, if the feed carries it.
    package var alt: String?
    /// What is known about the post from elsewhere. It is read only by models that were trained with such texts
    /// (``TaggerConfiguration/knowledgePieces``), and beside posts that leave room for it.
    package var knowledge: String?
    /// What was seen in the picture, for models whose tagger looks (``Looks/beforeTagging``); others do not read it.
    package var picture: PictureFeatures?
    /// Entities that the caller knows already, by words of `tokens`; `nil` lets the model tag.
    package var entities: [TaggedEntity]?

    /// A post's text, with what else the feed knows of it.
    package init(
        text: String, tokens: [Range<Int>]? = nil, alt: String? = nil, knowledge: String? = nil,
        picture: PictureFeatures? = nil, entities: [TaggedEntity]? = nil
    ) {
        self.text = text
        self.tokens = tokens
        self.alt = alt
        self.knowledge = knowledge
        self.picture = picture
        self.entities = entities
    }
}

/// An entity that tagging found in a text.
package struct TaggedEntity: Sendable, Equatable {
    /// Words `[first, last)` of the reading.
    package var words: Range<Int>
    /// Unicode scalar offsets in the text, end exclusive.
    package var scalars: Range<Int>
    /// Name of the type, as the model's inventory spells it.
    package var type: String
    /// Position of the type in the model's inventory.
    package var typeIndex: Int
    /// Posterior probability of the span with its type, 0…1.
    package var score: Float

    /// An entity by its parts.
    package init(words: Range<Int>, scalars: Range<Int>, type: String, typeIndex: Int, score: Float) {
        self.words = words
        self.scalars = scalars
        self.type = type
        self.typeIndex = typeIndex
        self.score = score
    }
}

/// What the text of one post gave: entities, and the vectors that later stages need of them.
package struct Reading: Sendable {
    /// In text order, never overlapping.
    package var entities: [TaggedEntity]
    /// Whether looking at a picture could change the answer: there is an entity that could be visible, and the
    /// method has a gate. A post whose reading does not want a picture never has it decoded.
    package var wantsPicture: Bool
    /// One query row an entity (`entities.count × width`), empty where the method has no gate.
    package var queries: [Float]
    /// Rows of the alternative text (`altRows × width`), empty without `alt` or gate.
    package var alt: [Float]
    /// Rows of `alt`.
    package var altRows: Int
}

/// What the patch encoder saw in one picture: a row a patch. The only thing later stages know of the picture.
package struct PictureFeatures: Sendable {
    /// `rows × width`, CLS token first.
    package var tokens: [Float]
    /// Tokens of the picture.
    package var rows: Int
    /// Columns of a token.
    package var width: Int
}

/// One answer: an entity, whether it can be seen, and where.
package struct GroundedEntity: Sendable, Equatable {
    /// What tagging said.
    package var entity: TaggedEntity
    /// Probability that the picture shows the entity; `nil` where the method has no gate.
    package var visible: Float?
    /// Where the picture shows it; `nil` where it does not, or not surely enough.
    package var box: RelativeBox?
    /// Where the gate's evidence came from; filled only on request.
    package var explanation: Explanation?
}

/// Where the evidence for one entity came from.
package struct Explanation: Sendable, Equatable {
    /// Share of attention on alternative text and on the picture; they sum to 1 where there is any evidence.
    package var alt: Float
    /// See `alt`.
    package var picture: Float
    /// Where the picture shows the entity: the probability of each patch of a 16×16 grid, row by row, in tenths, as digits
    /// 0–9; empty without picture.
    package var heat: String
}
