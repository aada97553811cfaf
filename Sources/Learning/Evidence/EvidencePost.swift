package import Model
package import Text
import Wire
package import Geometry
package import Corpora

/// A post whose entities are known, and what is shown with it: what gate and box head learn from.
package struct EvidencePost: Sendable, Equatable {
    /// An entity, and where it can be seen.
    package struct Entity: Sendable, Equatable {
        /// Words that it covers.
        package var words: Range<Int>
        /// Position of its type in the model's inventory.
        package var typeIndex: Int
        /// Whether it can be seen; `nil` where nobody looked.
        package var isVisible: Bool?
        /// Where; each is right by itself. Empty also where it can be seen and no box is known.
        package var boxes: [RelativeBox]
        /// Whether what it stands for is a person.
        package var isPerson: Bool
        /// Whether the tagger finds it: start and end are right; `nil` where it was not asked.
        var isFound: Bool?

        /// An entity by its parts.
        package init(words: Range<Int>, typeIndex: Int, isVisible: Bool?, boxes: [RelativeBox], isPerson: Bool) {
            self.words = words
            self.typeIndex = typeIndex
            self.isVisible = isVisible
            self.boxes = boxes
            self.isPerson = isPerson
        }
    }

    /// Where a post comes from.
    package enum Origin: Sendable {
        /// Somebody wrote it; its picture is not at hand, or by chance.
        case written
        /// Somebody wrote it beside the picture that is at hand.
        case pictured
        /// It was made of a photograph.
        case made
    }

    /// Words of the text.
    package var words: [String]
    /// Entities in text order.
    package var entities: [Entity]
    /// What is known about the post from elsewhere.
    package var knowledge: String?
    /// Where it comes from.
    package var origin = Origin.written
    /// Sentences about what is shown, as alternative text would say it.
    package var captions: [String]
    /// The sentences that evaluation takes as alternative text; `nil` for none.
    package var alt: String?
    /// Name of the picture, where there is one.
    package var image: String?
    /// Other ways in which training shows the picture.
    var framings: [PictureView.Framing] = []
    /// Names of other pictures, which show nothing of what can be seen in this one, as far as such are known.
    package var otherImages: [String] = []
    /// Objects in the picture, named or not.
    package var objects: [RelativeBox]
    /// What outside tools saw in the picture.
    package var regions: [SeenRegion] = []

    /// A post by its parts.
    package init(
        words: [String], entities: [Entity], captions: [String] = [], alt: String? = nil, image: String? = nil,
        objects: [RelativeBox] = []
    ) {
        self.words = words
        self.entities = entities
        self.captions = captions
        self.alt = alt
        self.image = image
        self.objects = objects
    }

    /// A post of a data set, with captions that stand in for its alternative text.
    ///
    /// Entities cover all words that they touch; those that touch none are left out. Of one that is unsure nobody knows
    /// whether it can be seen.
    ///
    /// - Parameter keepsUnsure: Whether boxes of unsure entities are kept, to learn from them where it is, if it is; none is
    ///   right enough to judge by.
    /// - Throws: ``TrainingError`` for a type that the model has none like.
    package init(
        _ post: LabelledPost, types: TypeInventory, captions: [String], image: String?, keepsUnsure: Bool = false
    ) throws(TrainingError) {
        var entities: [Entity] = []
        for entity in post.entities where !entity.words.isEmpty {
            let exact = entity.fineType.flatMap(types.index(of:))
            guard let type = exact ?? types.type(like: entity.type, turn: entities.count) else {
                throw TrainingError(.data, "post \(post.id): the model has no type like '\(entity.type)'")
            }
            var boxes: [RelativeBox] = []
            if let size = post.picture, keepsUnsure || !entity.isUnsure {
                boxes = (entity.boxes ?? []).map { RelativeBox($0.ordered, of: size) }
            }
            entities.append(
                Entity(
                    words: entity.words, typeIndex: type, isVisible: entity.isGrounded, boxes: boxes,
                    isPerson: types.role(of: type) == .person))
        }
        self.init(
            words: post.words, entities: entities, captions: captions,
            alt: captions.isEmpty ? nil : captions.joined(separator: " . "), image: image,
            objects: entities.flatMap(\.boxes))
        knowledge = post.knowledge
        guard let size = post.picture else { return }
        regions = post.regions.map {
            SeenRegion(box: RelativeBox($0.box, of: size), label: $0.label, score: $0.score, text: $0.text)
        }.filter { $0.box.area > 0 }
    }

    /// What the reader of texts gets: words joined by one space, and mentions that are not tagged again.
    var text: PostText {
        var tokens: [Range<Int>] = []
        var offset = 0
        for word in words {
            tokens.append(offset..<offset + word.unicodeScalars.count)
            offset += word.unicodeScalars.count + 1
        }
        let known = entities.map { entity in
            Mention(
                words: entity.words,
                scalars: tokens[entity.words.lowerBound].lowerBound..<tokens[entity.words.upperBound - 1].upperBound,
                type: entity.typeIndex, score: 1)
        }
        return PostText(
            text: words.joined(separator: " "), tokens: tokens, knowledge: knowledge, mentions: known)
    }

    /// Whether anything said of the post tells left from right, so that its picture must not be mirrored.
    var tellsSides: Bool {
        let said = words + captions.flatMap { $0.split(separator: " ").map(String.init) }
        return said.contains { ["left", "right"].contains($0.lowercased()) }
    }
}

extension [EvidencePost] {
    /// What outside tools saw in each picture, by its name; of several posts with one picture, the first of which anybody says
    /// so.
    var regionsByPicture: [String: [SeenRegion]] {
        Dictionary(
            compactMap { post in post.image.map { ($0, post.regions) } }, uniquingKeysWith: { $0.isEmpty ? $1 : $0 })
    }
}

extension TypeInventory {
    /// A type that something may have here which another data set calls by this name; `nil` where there is none.
    ///
    /// - Parameter turn: where several are of the same role, which of them: all of them are to learn.
    func type(like name: String, turn: Int) -> Int? {
        let types = types(like: name)
        return types.isEmpty ? nil : types[turn % types.count]
    }
}
