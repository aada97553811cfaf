import Wire
import JSON
import Geometry

/// Writes Label Studio tasks: one JSON array; text spans in code points, boxes in percent of the picture, a relation between an entity and
/// each of its boxes.
///
/// What is there is a prediction, from which labelling starts: an annotation would say that somebody has labelled the post here.
struct LabelStudioWriter {
    var project: LabelStudioProject

    func file(_ data: LabelledData) throws(DataError) -> ExportedFile {
        var tasks: [JSONValue] = []
        for post in data.posts {
            let scores = post.entities.compactMap(\.score)
            var prediction: [JSONValue.Member] = [
                .init("model_version", .string("gmner")), .init("result", .array(try results(post))),
            ]
            if !scores.isEmpty {
                prediction.append(.init("score", .number(scores.reduce(0, +) / Float(scores.count), decimals: 4)))
            }
            // Where a project shows pictures, each of its tasks has to have one: "" is none.
            let content = JSONValue.object([
                .init("text", .string(try post.knownText())),
                .init("image", .string(post.image.map(project.location) ?? "")), .init("id", .string(post.id)),
            ])
            tasks.append(
                .object([.init("data", content), .init("predictions", .array([.object(prediction)]))]))
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
            .init("id", .string(id)), .init("from_name", .string(project.labels)),
            .init("to_name", .string(project.text)),
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
            .init("id", .string(id)), .init("from_name", .string(project.boxes)),
            .init("to_name", .string(project.image)),
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
