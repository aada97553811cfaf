import Wire
import JSON
import Geometry

/// The names that a Label Studio project gives its controls and objects; results have to use the same.
package struct LabelStudioNames: Sendable, Equatable {
    /// `name` of `<Labels>`.
    package var labels = "label"
    /// `name` of `<Text>`, whose value is `$text`.
    package var text = "text"
    /// `name` of `<RectangleLabels>`.
    package var boxes = "box"
    /// `name` of `<Image>`, whose value is `$image`.
    package var image = "image"

    /// The names of the usual templates.
    package init() {}
}

/// Writes Label Studio tasks: one JSON array; text spans in code points, boxes in percent of the picture, a relation between an entity and
/// each of its boxes. Entities with scores are predictions, others annotations.
struct LabelStudioWriter {
    var names: LabelStudioNames

    func file(_ data: LabelledData) throws(DataError) -> ExportedFile {
        var tasks: [JSONValue] = []
        for post in data.posts {
            let scores = post.entities.compactMap(\.score)
            var set: [JSONValue.Member] = [.init("result", .array(try results(post)))]
            if !scores.isEmpty {
                set.insert(.init("model_version", .string("gmner")), at: 0)
                set.append(.init("score", .number(scores.reduce(0, +) / Float(scores.count), decimals: 4)))
            }
            let content = JSONValue.object([
                .init("text", .string(try post.knownText())), .init("image", .string(post.imageName)),
                .init("id", .string(post.id)),
            ])
            tasks.append(
                .object([
                    .init("data", content),
                    .init(scores.isEmpty ? "annotations" : "predictions", .array([.object(set)])),
                ]))
        }
        return ExportedFile("", JSONValue.array(tasks).text)
    }

    private func results(_ post: LabelledPost) throws(DataError) -> [JSONValue] {
        var results: [JSONValue] = []
        for (index, entity) in post.entities.enumerated() {
            let id = "e\(index + 1)"
            results.append(span(entity, id))
            for (number, box) in (entity.boxes ?? []).enumerated() {
                let boxID = "\(id)b\(number + 1)"
                results.append(rectangle(box, entity.type, boxID, try post.knownPicture()))
                results.append(
                    .object([
                        .init("type", .string("relation")), .init("from_id", .string(id)),
                        .init("to_id", .string(boxID)),
                        .init("direction", .string("right")),
                    ]))
            }
        }
        return results
    }

    private func span(_ entity: LabelledEntity, _ id: String) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("id", .string(id)), .init("from_name", .string(names.labels)), .init("to_name", .string(names.text)),
            .init("type", .string("labels")),
            .init(
                "value",
                .object([
                    .init("start", .integer(entity.scalars.lowerBound)),
                    .init("end", .integer(entity.scalars.upperBound)),
                    .init("text", .string(entity.name)), .init("labels", .array([.string(entity.type)])),
                ])),
        ]
        if let score = entity.score { members.append(.init("score", .number(score, decimals: 4))) }
        return .object(members)
    }

    private func rectangle(
        _ box: PixelBox, _ type: String, _ id: String, _ picture: (width: Double, height: Double)
    ) -> JSONValue {
        let box = box.ordered
        func percent(_ pixels: Float, of side: Double) -> JSONValue {
            .number(Float(Double(pixels) / side * 100), decimals: 4)
        }
        return .object([
            .init("id", .string(id)), .init("from_name", .string(names.boxes)), .init("to_name", .string(names.image)),
            .init("type", .string("rectanglelabels")), .init("original_width", .integer(Int(picture.width))),
            .init("original_height", .integer(Int(picture.height))), .init("image_rotation", .integer(0)),
            .init(
                "value",
                .object([
                    .init("x", percent(box.x1, of: picture.width)), .init("y", percent(box.y1, of: picture.height)),
                    .init("width", percent(box.x2 - box.x1, of: picture.width)),
                    .init("height", percent(box.y2 - box.y1, of: picture.height)), .init("rotation", .integer(0)),
                    .init("rectanglelabels", .array([.string(type)])),
                ])),
        ])
    }
}
