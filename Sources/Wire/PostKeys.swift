package import JSON

/// Where the parts of a post lie in the objects of a feed.
package struct PostKeys: Sendable, Equatable {
    /// The text, `/text` by default.
    package var text: JSONPointer
    /// The path of the picture, `/image` by default.
    package var image: JSONPointer
    /// The id, `/id` by default.
    package var id: JSONPointer
    /// The alternative text of the picture, `/alt` by default.
    package var alt: JSONPointer
    /// What is known about the post, `/knowledge` by default.
    package var knowledge: JSONPointer
    /// What an outside tool found in the picture, `/regions` by default.
    package var regions: JSONPointer
    /// The words, `/tokens` by default.
    package var tokens: JSONPointer

    /// Where the parts of a post lie.
    package init(
        text: JSONPointer? = nil, image: JSONPointer? = nil, id: JSONPointer? = nil, alt: JSONPointer? = nil,
        knowledge: JSONPointer? = nil, regions: JSONPointer? = nil, tokens: JSONPointer? = nil
    ) {
        self.text = text ?? JSONPointer(member: "text")
        self.image = image ?? JSONPointer(member: "image")
        self.id = id ?? JSONPointer(member: "id")
        self.alt = alt ?? JSONPointer(member: "alt")
        self.knowledge = knowledge ?? JSONPointer(member: "knowledge")
        self.regions = regions ?? JSONPointer(member: "regions")
        self.tokens = tokens ?? JSONPointer(member: "tokens")
    }
}

/// A part of a post that its answer can give back.
package enum PostPart: String, Sendable, CaseIterable {
    case text, image, alt, knowledge, regions, tokens
}
