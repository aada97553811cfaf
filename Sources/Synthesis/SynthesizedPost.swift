import Text
import Wire
package import Geometry
package import JSON

/// A post made from a photograph's caption, with entities whose place in the picture is known.
package struct SynthesizedPost: Sendable, Equatable {
    /// Words of the text, split as Twitter-GMNER splits: `@` and `#` are words of their own.
    package var words: [String]
    /// The entities, in text order, never overlapping.
    package var entities: [SynthesizedEntity]
    /// Name of the picture file that the post shows.
    package var image: String
    /// A caption of the picture that is shown, as feeds carry alternative text; `nil` in about half of the posts.
    package var alt: String?
    /// Whether the text is of one photograph and the picture another, so that nothing named can be seen.
    package var isContradiction: Bool

    /// The text: the words joined by one space.
    package var text: String { words.joined(separator: " ") }
}

/// A name in a synthesised post.
package struct SynthesizedEntity: Sendable, Equatable {
    /// The words that it covers, end exclusive.
    package var words: Range<Int>
    /// Position of its type in ``type(of:)``'s inventory, `TypeInventory.coarse`.
    package var typeIndex: Int
    /// Whether the picture shows it.
    package var visible: Bool
    /// Where; `nil` where it cannot be seen, and also where it can but no box fits: to learn visibility from, not place.
    package var box: RelativeBox?
    /// The noun that the name stands for, such as "dog"; `nil` for names that were only added.
    package var counterpart: String?
    /// What kind of thing it stands for, where the text or the name says; what contradictions are checked against.
    var noun: CaptionNoun?
    /// Whether the person's name or noun is a man's; `nil` where neither says.
    var isMale: Bool?

    /// Name of the type.
    package var type: String { TypeInventory.coarse.names[typeIndex] }
}

extension SynthesizedPost {
    /// The post as gold data in the filter's own format, which ``NDJSONReader`` reads and `gmner-stream` takes as input.
    ///
    /// - Parameters:
    ///   - id: the post's id.
    ///   - path: path of the picture.
    ///   - size: size of the picture, which boxes count in.
    package func json(id: String, path: String, size: ImageSize) -> JSONValue {
        var starts: [Int] = []
        var offset = 0
        for word in words {
            starts.append(offset)
            offset += word.unicodeScalars.count + 1
        }
        let triples: [JSONValue] = entities.map { entity in
            let last = entity.words.upperBound - 1
            var members: [JSONValue.Member] = [
                .init("entity", .string(words[entity.words].joined(separator: " "))),
                .init("type", .string(entity.type)),
                .init("start", .integer(starts[entity.words.lowerBound])),
                .init("end", .integer(starts[last] + words[last].unicodeScalars.count)),
                .init("token_start", .integer(entity.words.lowerBound)),
                .init("token_end", .integer(entity.words.upperBound)),
                .init("visible", .integer(entity.visible ? 1 : 0)),
            ]
            if let box = entity.box {
                let edges = [
                    box.x1 * Float(size.width), box.y1 * Float(size.height), box.x2 * Float(size.width),
                    box.y2 * Float(size.height),
                ]
                members.append(.init("box", .array(edges.map { .number($0, decimals: 2) })))
            } else if !entity.visible {
                members.append(.init("box", .null))
            }
            if let counterpart = entity.counterpart { members.append(.init("counterpart", .string(counterpart))) }
            return .object(members)
        }
        var members: [JSONValue.Member] = [
            .init("id", .string(id)), .init("text", .string(text)),
            .init("tokens", .array(words.map { .string($0) })), .init("image", .string(path)),
        ]
        if let alt { members.append(.init("alt", .string(alt))) }
        members.append(.init("contradiction", .boolean(isContradiction)))
        members.append(.init("triples", .array(triples)))
        return .object(members)
    }
}
