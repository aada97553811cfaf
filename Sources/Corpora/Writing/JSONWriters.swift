import Geometry
import JSON
import Wire

/// Writes posts with triples, one JSON object a line, as ``NDJSONReader`` reads them.
enum NDJSONWriter {
    static func file(_ data: LabelledData) -> ExportedFile {
        var bytes: [UInt8] = []
        for post in data.posts {
            line(post).write(into: &bytes)
            bytes.append(UInt8(ascii: "\n"))
        }
        return ExportedFile("", bytes)
    }

    private static func line(_ post: LabelledPost) -> JSONValue {
        var members = [JSONValue.Member("id", .string(post.id))]
        if post.isTextKnown { members.append(.init("text", .string(post.text))) }
        if post.hasNothingButSpaceBetweenWords {
            members.append(.init("tokens", .array(post.words.map(JSONValue.string))))
        }
        if let image = post.image { members.append(.init("image", .string(image))) }
        // Beside the path, also where there is none: an image that is a size is nothing that the filter can look at.
        if let picture = post.picture {
            members += [
                .init("width", .integer(picture.width)), .init("height", .integer(picture.height)),
            ]
        }
        if let alt = post.alt { members.append(.init("alt", .string(alt))) }
        if let knowledge = post.knowledge { members.append(.init("knowledge", .string(knowledge))) }
        members.append(.init("triples", .array(post.entities.map(triple))))
        return .object(members)
    }

    private static func triple(_ entity: LabelledEntity) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("entity", .string(entity.name)), .init("type", .string(entity.type)),
            .init("start", .integer(entity.scalars.lowerBound)),
            .init("end", .integer(entity.scalars.upperBound)),
        ]
        if let fine = entity.fineType { members.append(.init("fine_type", .string(fine))) }
        if let score = entity.score { members.append(.init("score", .number(score, decimals: 4))) }
        if let visible = entity.visible {
            members.append(.init("visible", .number(visible, decimals: 4)))
        }
        if let score = entity.boxScore {
            members.append(.init("box_score", .number(score, decimals: 4)))
        }
        if let uncertainty = entity.uncertainty { members.append(.init("uncertainty", uncertainty.json)) }
        if let boxes = entity.boxes {
            switch boxes.count {
            case 0: members.append(.init("box", .null))
            case 1: members.append(.init("box", edges(boxes[0])))
            default: members.append(.init("boxes", .array(boxes.map(edges))))
            }
        }
        if let masks = entity.masks { members.append(.init("masks", .array(masks.map(\.json)))) }
        if entity.isUnsure { members.append(.init("unsure", .boolean(true))) }
        return .object(members)
    }

    private static func edges(_ box: PixelBox) -> JSONValue {
        .array([box.x1, box.y1, box.x2, box.y2].map { .number($0, decimals: 2) })
    }
}

extension StatedUncertainty {
    /// As an answer says it.
    fileprivate var json: JSONValue {
        .object([
            .init("span", .number(span, decimals: 4)), .init("type", .number(type, decimals: 4)),
            .init("region", region.map { .number($0, decimals: 4) } ?? .null),
        ])
    }
}

extension LabelledPost {
    /// Whether the words can be found again in the text: what the stream demands of tokens.
    var hasNothingButSpaceBetweenWords: Bool {
        guard !words.isEmpty else { return false }
        var inWord = [Bool](repeating: false, count: text.unicodeScalars.count)
        for range in wordScalars {
            for place in range { inWord[place] = true }
        }
        return zip(text.unicodeScalars, inWord).allSatisfy { $1 || $0.properties.isWhitespace }
            && words.allSatisfy { word in
                word.unicodeScalars.first?.properties.isWhitespace == false
                    && word.unicodeScalars.last?.properties.isWhitespace == false
            }
    }
}

extension Mask {
    /// The mask as COCO's run lengths.
    var json: JSONValue {
        .object([
            .init("size", .array([.integer(picture.height), .integer(picture.width)])),
            .init("counts", .array(counts.map(JSONValue.integer))),
        ])
    }
}

/// Writes one JSON file of masks a post, in LabelMe's layout with run lengths in place of corners.
enum MaskWriter {
    static func files(_ data: LabelledData, in folder: String) -> [ExportedFile] {
        var files: [ExportedFile] = []
        let names = FileNames(data)
        for post in data.posts {
            let masks = post.entities.flatMap { entity in (entity.masks ?? []).map { (entity.name, $0) } }
            guard let picture = masks.first?.1.picture else { continue }
            let shapes = masks.map { name, mask in
                JSONValue.object([
                    .init("label", .string(name)), .init("shape_type", .string("mask")),
                    .init("mask", mask.json),
                ])
            }
            let document: [JSONValue.Member] = [
                .init("imageWidth", .integer(picture.width)), .init("imageHeight", .integer(picture.height)),
                .init("shapes", .array(shapes)),
            ]
            let path = post.image.map { [JSONValue.Member("imagePath", .string($0))] } ?? []
            files.append(names.file(folder, post, ".json", JSONValue.object(path + document).text))
        }
        return files
    }
}

/// Writes the JSON of CCKS-2025 GMNER. An entity has one box at most there: the first.
enum CCKSWriter {
    static func file(_ data: LabelledData) throws(DataError) -> ExportedFile {
        var members: [JSONValue.Member] = []
        for post in data.posts {
            _ = try post.knownText()
            let entities = post.entities.map { entity in
                JSONValue.object([
                    .init("name", .string(entity.name)), .init("label", .string(entity.type)),
                    .init("bnd", entity.boxes?.first.map(edges) ?? .null),
                ])
            }
            members.append(.init(post.id, .array(entities)))
        }
        return ExportedFile("", JSONValue.object(members).text)
    }

    private static func edges(_ box: PixelBox) -> JSONValue {
        .object([
            .init("xmin", .number(box.x1, decimals: 2)), .init("ymin", .number(box.y1, decimals: 2)),
            .init("xmax", .number(box.x2, decimals: 2)), .init("ymax", .number(box.y2, decimals: 2)),
        ])
    }
}

/// Writes displaCy's manual mode: `[{"text","ents":[{"start","end","label"}],"title"}]`, offsets in code points.
enum DisplaCyWriter {
    static func file(_ data: LabelledData) throws(DataError) -> ExportedFile {
        var documents: [JSONValue] = []
        for post in data.posts {
            // displaCy draws from left to right and needs them in order.
            let entities = post.entities.sorted { $0.scalars.lowerBound < $1.scalars.lowerBound }.map {
                entity in
                JSONValue.object([
                    .init("start", .integer(entity.scalars.lowerBound)),
                    .init("end", .integer(entity.scalars.upperBound)),
                    .init("label", .string(entity.type)),
                ])
            }
            documents.append(
                .object([
                    .init("text", .string(try post.knownText())), .init("ents", .array(entities)),
                    .init("title", .string(post.id)),
                ]))
        }
        return ExportedFile("", JSONValue.array(documents).text)
    }
}

extension JSONValue {
    /// The value on one line with a line break after it.
    var text: String {
        var bytes: [UInt8] = []
        write(into: &bytes)
        return String(decoding: bytes, as: UTF8.self) + "\n"
    }
}
