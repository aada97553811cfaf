package import Geometry

/// A post as a page shows it.
package struct PagePost: Sendable {
    /// What was said about the text by somebody: a model, or gold.
    package struct Side: Sendable {
        /// Whose side it is; `nil` where there is but one.
        package var label: String?
        /// What was found, in the order of the text.
        package var entities: [PageEntity]

        /// What somebody said.
        package init(label: String? = nil, entities: [PageEntity]) {
            self.label = label
            self.entities = entities
        }
    }

    /// Its line in the file that it comes from.
    package var line: Int?
    /// Its id, as text.
    package var id: String?
    /// Its text; `nil` where nobody brought it.
    package var text: String?
    /// What was said about it.
    package var sides: [Side] = []
    /// Its pictures, in its order.
    package var pictures: [PagePicture] = []
    /// What else there is to say.
    package var remarks: [PageRemark] = []
    /// Names of further properties that a page's filter asks for; see ``PageSummary/flags``.
    package var flags: [PageFlag] = []

    /// A post of which nothing is known yet but where it stands.
    package init(line: Int? = nil, id: String? = nil, text: String? = nil) {
        self.line = line
        self.id = id
        self.text = text
    }

    /// All that was said, by whomever.
    var entities: [PageEntity] { sides.flatMap(\.entities) }
}

/// An entity as a page shows it.
package struct PageEntity: Sendable {
    /// What can be said where it is known what is right.
    package enum Verdict: Sendable, Equatable {
        /// Gold says the same.
        case right
        /// Gold says something else: this.
        case wrong(String)
        /// Gold has it, and nobody found it.
        case missed
    }

    /// As it is written.
    package var name: String
    /// Its type.
    package var type: String
    /// Its place in the text, in Unicode scalars; `nil` where the text has something else there.
    package var scalars: Range<Int>?
    /// Probability of the entity.
    package var score: Double?
    /// Probability that a picture shows it.
    package var visible: Double?
    /// Where it is seen, in pixels of the stored picture; empty: nowhere.
    package var boxes: [PixelBox] = []
    /// Outlines of its pixels there, each by its corners in pixels of the stored picture.
    package var outlines: [[SIMD2<Float>]] = []
    /// Where it should have been seen, where that is somewhere else.
    package var rightBoxes: [PixelBox] = []
    /// How far the box can be trusted.
    package var boxScore: Double?
    /// Which of the post's pictures its boxes are in.
    package var picture = 0
    /// Whether it is right.
    package var verdict: Verdict?
    /// Whether both sides of a comparison have it.
    package var isShared = false

    /// An entity with its place.
    package init(name: String, type: String, scalars: Range<Int>?) {
        self.name = name
        self.type = type
        self.scalars = scalars
    }
}

/// A picture of a post as a page shows it.
package struct PagePicture: Sendable {
    /// Where the page finds it: a path beside it, or a `data:` URI; `nil` where it is not shown.
    package var source: String?
    /// Size of the stored picture, which boxes count in.
    package var size: ImageSize
    /// Alternative text.
    package var alt: String?

    /// A picture.
    package init(source: String?, size: ImageSize, alt: String?) {
        self.source = source
        self.size = size
        self.alt = alt
    }
}

/// A property of posts that only some pages have.
package enum PageFlag: String, Sendable, CaseIterable {
    /// Of two sides, the first is right about something that the other has wrong.
    case one
    /// The other one is.
    case other

    /// How the filter calls it.
    var label: String {
        switch self {
        case .one: "a is right"
        case .other: "b is right"
        }
    }
}

/// Something about a post that is not an entity.
package struct PageRemark: Sendable, Hashable {
    /// How bad it is.
    package enum Kind: String, Sendable {
        /// There is no answer.
        case error
        /// A part of the post could not be used.
        case warning
        /// Worth knowing.
        case note
    }

    /// How bad it is.
    package var kind: Kind
    /// One sentence.
    package var message: String

    /// A remark.
    package init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }
}
