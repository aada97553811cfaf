package import Geometry
package import Text

/// What an outside tool saw in one place of a picture: a detector an object, a reader of letters some words.
package struct SeenRegion: Sendable, Equatable {
    /// Where it is.
    package var box: RelativeBox
    /// What the tool calls it.
    package var label: String?
    /// How sure the tool was, 0…1.
    package var score: Float?
    /// What is written there.
    package var text: String?

    /// A region by its parts.
    package init(box: RelativeBox, label: String? = nil, score: Float? = nil, text: String? = nil) {
        self.box = box
        self.label = label
        self.score = score
        self.text = text
    }

    /// How far what is written there, or what the tool calls it, is this name, 0…1.
    package func match(of name: NameMatch) -> Float {
        max(text.map(name.similarity) ?? 0, label.map(name.similarity) ?? 0)
    }
}

extension [SeenRegion] {
    /// Whether a detector has looked: something among them is called by what it is.
    package var areDetected: Bool { contains { $0.label != nil } }
}
