import Wire
import JSON
import Geometry
import Text

/// Writes COCO's object detection formats.
///
/// COCO knows images and categories by number. A post's number is its place among the ids in order, a type's is its place in the inventory, both
/// counted from 1: two files about the same posts and types have the same numbers, in whichever order their posts stand.
struct COCOWriter {
    private let data: LabelledData
    private let numberOfID: [ExactString: Int]
    private let types: [String]

    init(_ data: LabelledData) {
        self.data = data
        types = data.typeNames
        numberOfID = Dictionary(
            data.posts.map(\.id.exact).sorted().enumerated().map { ($1, $0 + 1) },
            uniquingKeysWith: { first, _ in first })
    }

    /// Gold: `images`, `annotations`, `categories`. Entities that cannot be seen have no annotation.
    func annotations() throws(DataError) -> ExportedFile {
        var images: [JSONValue] = []
        var annotations: [JSONValue] = []
        for post in data.posts {
            var image: [JSONValue.Member] = [
                .init("id", .integer(numberOfID[post.id.exact] ?? 0)), .init("post_id", .string(post.id)),
            ]
            if let name = post.image { image.append(.init("file_name", .string(name))) }
            // Masks tell it too; what draws annotations asks for it.
            if let picture = post.picture ?? post.entities.lazy.compactMap({ $0.masks?.first?.picture }).first {
                image += [.init("width", .integer(picture.width)), .init("height", .integer(picture.height))]
            }
            images.append(.object(image))
            for entity in post.entities {
                for annotation in regions(of: entity, post) {
                    let id = JSONValue.Member("id", .integer(annotations.count + 1))
                    annotations.append(
                        .object(
                            [id] + annotation + [.init("iscrowd", .integer(0)), .init("entity", .string(entity.name))]))
                }
            }
        }
        let categories = types.enumerated().map { index, name in
            JSONValue.object([.init("id", .integer(index + 1)), .init("name", .string(name))])
        }
        let document = JSONValue.object([
            .init("images", .array(images)), .init("annotations", .array(annotations)),
            .init("categories", .array(categories)),
        ])
        return ExportedFile("", document.text)
    }

    /// Detections: each box with the entity's score, or 1 where it has none.
    func results() throws(DataError) -> ExportedFile {
        var results: [JSONValue] = []
        for post in data.posts {
            for entity in post.entities {
                for box in entity.boxes ?? [] {
                    results.append(
                        .object(
                            head(entity, post) + [
                                .init("bbox", Self.edges(box)), .init("score", .number(entity.score ?? 1, decimals: 4)),
                            ]))
                }
            }
        }
        return ExportedFile("", JSONValue.array(results).text)
    }

    private func head(_ entity: LabelledEntity, _ post: LabelledPost) -> [JSONValue.Member] {
        [
            .init("image_id", .integer(numberOfID[post.id.exact] ?? 0)),
            .init("category_id", .integer((types.firstIndex { $0.exact == entity.type.exact } ?? -1) + 1)),
        ]
    }

    /// Masks where there are any, boxes otherwise.
    private func regions(of entity: LabelledEntity, _ post: LabelledPost) -> [[JSONValue.Member]] {
        let head = head(entity, post)
        if let masks = entity.masks, !masks.isEmpty {
            return masks.compactMap { mask in
                mask.box.map {
                    head + [
                        .init("bbox", Self.edges($0)), .init("area", .integer(mask.area)),
                        .init("segmentation", mask.json),
                    ]
                }
            }
        }
        return (entity.boxes ?? []).map { box in
            head + [
                .init("bbox", Self.edges(box)), .init("area", .number(Float(box.ordered.area), decimals: 2)),
                .init("segmentation", Self.outline(box)),
            ]
        }
    }

    /// The box as a polygon, which tools look for where there is no mask.
    private static func outline(_ box: PixelBox) -> JSONValue {
        let box = box.ordered
        let corners = [box.x1, box.y1, box.x2, box.y1, box.x2, box.y2, box.x1, box.y2]
        return .array([.array(corners.map { .number($0, decimals: 2) })])
    }

    /// x, y, width, height in pixels.
    private static func edges(_ box: PixelBox) -> JSONValue {
        let box = box.ordered
        return .array([box.x1, box.y1, box.x2 - box.x1, box.y2 - box.y1].map { .number($0, decimals: 2) })
    }
}
