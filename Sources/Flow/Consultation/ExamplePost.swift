package import Geometry
import JSON

/// A labelled post that can be shown as an example.
package struct ExamplePost: Sendable {
    /// An entity of it.
    package struct Entity: Sendable {
        /// The words.
        package var text: String
        /// The type.
        package var type: String
        /// Where it can be seen, in pixels; empty: it cannot. `nil`: nobody looked.
        package var boxes: [PixelBox]?

        /// An entity from its parts.
        package init(text: String, type: String, boxes: [PixelBox]?) {
            (self.text, self.type, self.boxes) = (text, type, boxes)
        }
    }

    /// The text.
    package var text: String
    /// Its entities, in the order of the text.
    package var entities: [Entity]
    /// The picture, as a feed names it; `nil` where there is none.
    package var image: String?
    /// Size of the picture, where somebody says it.
    package var size: ImageSize?

    /// A post from its parts.
    package init(text: String, entities: [Entity], image: String? = nil, size: ImageSize? = nil) {
        (self.text, self.entities, self.image, self.size) = (text, entities, image, size)
    }

    /// Names and types of its entities in one line, by which posts are compared.
    var names: String { Self.names(entities.map { ($0.text, $0.type) }) }

    /// Names and types in one line.
    static func names(_ entities: [(text: String, type: String)]) -> String {
        entities.map { "\($0.text) \($0.type)" }.joined(separator: " , ")
    }
}
