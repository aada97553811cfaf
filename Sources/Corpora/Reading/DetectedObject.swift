package import SystemPackage
package import Geometry
package import JSON
package import Text

/// An object that a detector found in a picture.
package struct DetectedObject: Sendable, Equatable {
    /// Class number of COCO's detection task, 1…90: 1 is a person; `nil` for what COCO has no class for.
    package var coco: Int?
    /// The noun phrase that says what it is, where that is known.
    package var phrase: String?
    /// How sure the detector was, 0…1.
    package var score: Float
    /// Where it is.
    package var box: RelativeBox

    /// An object from its parts.
    package init(coco: Int?, phrase: String? = nil, score: Float, box: RelativeBox) {
        self.coco = coco
        self.phrase = phrase
        self.score = score
        self.box = box
    }

    /// Why a line cannot be read.
    package struct Fault: Error {
        /// What is wrong, for people.
        package var message: String

        /// A fault with its reason.
        package init(_ message: String) { self.message = message }
    }

    /// The “objects” of a picture: `[{"coco": 1, "score": 0.9, "box": [x1, y1, x2, y2]}, …]`, boxes relative to the picture,
    /// 0…1. Beside a class, or in its place, an object may have a “phrase”.
    package static func list(_ picture: JSONValue) throws(Fault) -> [DetectedObject] {
        guard let objects = picture["objects"]?.elements else { throw Fault("“objects” is no list") }
        return try objects.enumerated().map { index, object throws(Fault) in
            let place = "object \(index + 1)"
            let phrase = object.present("phrase")?.string
            guard phrase != nil || object.present("phrase") == nil else { throw Fault("\(place): “phrase” is no text") }
            let coco = object["coco"]?.integer
            guard coco.map({ 1...90 ~= $0 }) ?? (phrase != nil && object.present("coco") == nil) else {
                throw Fault("\(place): “coco” is no class number from 1 to 90")
            }
            guard let score = object["score"]?.double, 0...1 ~= score else {
                throw Fault("\(place): “score” is no number from 0 to 1")
            }
            let edges = object["box"]?.elements?.compactMap { $0.double.map(Float.init) } ?? []
            guard edges.count == 4, edges.allSatisfy({ 0...1 ~= $0 }), edges[0] < edges[2], edges[1] < edges[3] else {
                throw Fault("\(place): “box” is not [x1,y1,x2,y2] with 0 ≤ x1 < x2 ≤ 1 and 0 ≤ y1 < y2 ≤ 1")
            }
            return DetectedObject(
                coco: coco, phrase: phrase, score: Float(score),
                box: RelativeBox(x1: edges[0], y1: edges[1], x2: edges[2], y2: edges[3]))
        }
    }

    /// The object as ``list(_:)`` reads it.
    package var json: JSONValue {
        var members: [JSONValue.Member] = []
        if let coco { members.append(.init("coco", .integer(coco))) }
        if let phrase { members.append(.init("phrase", .string(phrase))) }
        let edges = [box.x1, box.y1, box.x2, box.y2].map { JSONValue.number($0, decimals: 4) }
        members += [.init("score", .number(score, decimals: 4)), .init("box", .array(edges))]
        return .object(members)
    }

    /// Objects by name of the picture, of a file of lines `{"image": name, "objects": […]}`.
    ///
    /// - Throws: ``DataError`` with the line of whatever is missing, of another kind, or out of its bounds.
    package static func read(_ path: FilePath) throws(DataError) -> [ExactString: [DetectedObject]] {
        var objects: [ExactString: [DetectedObject]] = [:]
        try DataFile.forEachValue(path) { (value, line) throws(DataError) in
            do throws(Fault) {
                objects[try picture(value).exact] = try list(value)
            } catch {
                throw DataError(path, line: line, error.message)
            }
        }
        return objects
    }

    /// The name of the picture that a line is about.
    package static func picture(_ line: JSONValue) throws(Fault) -> String {
        guard let image = line["image"]?.string, !image.isEmpty else {
            throw Fault("no “image” with the name of a picture")
        }
        return image
    }
}

extension [DetectedObject] {
    /// Boxes of what the detector found more likely than not.
    package var likelyBoxes: [RelativeBox] { filter { $0.score > 0.5 }.map(\.box) }
}
