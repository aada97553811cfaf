/// A post: a text, and what is shown with it.
public struct Post: Sendable {
    /// The text, exactly as it is.
    public var text: String
    /// The picture, where there is one.
    public var picture: Picture?
    /// What other programs saw in the picture, for models that choose among that; the first 100 count, and what lies
    /// outside of the picture does not.
    public var regions: [Region] = []
    /// Alternative text of the picture.
    public var alternativeText: String?
    /// What is known about the post from elsewhere; read by models that were trained with such texts.
    public var knowledge: String?

    /// A post by its parts.
    public init(
        _ text: String, picture: Picture? = nil, alternativeText: String? = nil, knowledge: String? = nil
    ) {
        self.text = text
        self.picture = picture
        self.alternativeText = alternativeText
        self.knowledge = knowledge
    }
}

/// What another program saw in a picture: a detector an object, a reader of letters some words.
public struct Region: Sendable, Equatable {
    /// Where it is.
    public var box: Box
    /// What the program calls it.
    public var label: String?
    /// How sure the program is, 0…1.
    public var score: Double?
    /// What is written there.
    public var text: String?

    /// A region by its parts.
    public init(_ box: Box, label: String? = nil, score: Double? = nil, text: String? = nil) {
        self.box = box
        self.label = label
        self.score = score
        self.text = text
    }
}

/// A named entity of a post, and whether and where its picture shows it.
public struct Entity: Sendable, Equatable {
    /// The words, as the text has them.
    public let name: String
    /// Where they are in the text.
    public let range: Range<String.Index>
    /// What it is: one of ``GroundingModel/types``.
    public let type: String
    /// Probability of the words being an entity of this type, 0…1.
    public let score: Double
    /// Probability of each type, in the order of ``GroundingModel/types``, given that there is an entity.
    public let typeProbabilities: [Double]
    /// Probability that the picture shows it, 0…1; `nil` where there is neither a picture nor alternative text, and from
    /// models that only tag.
    public let visible: Double?
    /// Where the picture shows it; `nil` where it does not, or not surely enough.
    public let box: Box?
    /// Probability that the box that was drawn is right, given that the entity is visible; `nil` where none was drawn.
    public let boxScore: Double?
}

/// A rectangle in pixels of the stored picture, after its EXIF orientation, from its upper left corner.
public struct Box: Sendable, Equatable {
    /// Left edge.
    public let x1: Double
    /// Upper edge.
    public let y1: Double
    /// Right edge.
    public let x2: Double
    /// Lower edge.
    public let y2: Double

    /// A rectangle by its edges.
    public init(x1: Double, y1: Double, x2: Double, y2: Double) {
        self.x1 = x1
        self.y1 = y1
        self.x2 = x2
        self.y2 = y2
    }
}
