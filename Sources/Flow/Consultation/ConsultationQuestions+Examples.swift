import Delegates
import Geometry
import JSON
import Wire

extension ConsultationQuestions {
    /// Questions that examples help with: where something is, and what it is in words (ReFineG, RiVEG).
    static let kindsWithExamples: Set<DelegateKind> = [.ground, .correctRegion, .expand]

    /// The member with labelled posts like this one, where there are any. They are looked for once, as that takes a while.
    var examples: [JSONValue.Member] {
        guard let finder else { return [] }
        let examples = found.get { finder.posts(like: post.text, entities).map(json) }
        return examples.isEmpty ? [] : [.init("examples", .array(examples))]
    }

    private func json(_ example: ExamplePost) -> JSONValue {
        let entities = example.entities.map { entity -> JSONValue in
            var members: [JSONValue.Member] = [
                .init("text", .string(entity.text)), .init("type", .string(entity.type)),
            ]
            if let boxes = entity.boxes { members.append(.init("boxes", .array(boxes.map(\.json)))) }
            return .object(members)
        }
        var members: [JSONValue.Member] = [.init("text", .string(example.text)), .init("entities", .array(entities))]
        if let location = example.image, var image = source(of: location) {
            if let size = example.size {
                image += [.init("w", .integer(size.width)), .init("h", .integer(size.height))]
            }
            members.append(.init("image", .object(image)))
        }
        return .object(members)
    }
}

/// What was found, once it was looked for.
final class FoundExamples {
    private var examples: [JSONValue]?

    func get(_ find: () -> [JSONValue]) -> [JSONValue] {
        if let examples { return examples }
        let found = find()
        examples = found
        return found
    }
}
