package import SystemPackage
import Wire
package import Geometry
package import Corpora
import JSON

/// A photograph with sentences about it, and the objects that a detector found in it.
package struct CaptionedPhotograph: Sendable, Equatable {
    /// An object with its place.
    package struct Object: Sendable, Equatable {
        /// Class number of COCO's detection task, 1…90: 1 is a person.
        package var coco: Int
        /// How sure the detector was, 0…1.
        package var score: Float
        /// Where it is.
        package var box: RelativeBox

        /// An object from its parts.
        package init(coco: Int, score: Float, box: RelativeBox) {
            self.coco = coco
            self.score = score
            self.box = box
        }
    }

    /// Name of the picture file.
    package var image: String
    /// Sentences about the photograph, at least one.
    package var captions: [String]
    /// What was found in it, in any order.
    package var objects: [Object]

    /// A photograph from its parts.
    package init(image: String, captions: [String], objects: [Object]) {
        self.image = image
        self.captions = captions
        self.objects = objects
    }

    /// What reading throws.
    package typealias ReadingError = DataError

    /// Reads photographs, one JSON object a line:
    /// `{"image": name, "captions": [sentence, …], "objects": [{"coco": 1, "score": 0.9, "box": [x1, y1, x2, y2]}, …]}`,
    /// boxes relative to the picture, 0…1.
    ///
    /// - Throws: ``DataError`` with the line of whatever is missing, of another kind, or out of its bounds.
    package static func read(_ path: FilePath) throws(ReadingError) -> [CaptionedPhotograph] {
        var photographs: [CaptionedPhotograph] = []
        var lineOfImage: [String: Int] = [:]
        for (index, line) in try DataFile.lines(path).enumerated() where !line.allSatisfy(\.isWhitespace) {
            let photograph: CaptionedPhotograph
            do throws(Fault) {
                photograph = try Self(parsing: line)
            } catch {
                throw DataError(path, line: index + 1, error.message)
            }
            if let first = lineOfImage.updateValue(index + 1, forKey: photograph.image) {
                throw DataError(
                    path, line: index + 1, "picture \(photograph.image) again; line \(first) has it already")
            }
            photographs.append(photograph)
        }
        guard !photographs.isEmpty else { throw DataError(path, "no photographs") }
        return photographs
    }

    private struct Fault: Error {
        var message: String
    }

    private init(parsing line: String) throws(Fault) {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(parsing: Array(line.utf8))
        } catch {
            throw Fault(message: "\(error.message), at byte \(error.offset + 1)")
        }
        guard let image = value["image"]?.string, !image.isEmpty else {
            throw Fault(message: "no “image” with the name of a picture")
        }
        let captions = value["captions"]?.elements?.map(\.string)
        guard let captions, !captions.isEmpty, captions.allSatisfy({ $0?.contains(where: \.isLetter) == true }) else {
            throw Fault(message: "“captions” is no list of sentences")
        }
        guard let objects = value["objects"]?.elements else { throw Fault(message: "“objects” is no list") }
        self.init(image: image, captions: captions.compactMap(\.self), objects: [])
        for (index, object) in objects.enumerated() {
            let place = "object \(index + 1)"
            guard let coco = object["coco"]?.integer, 1...90 ~= coco else {
                throw Fault(message: "\(place): “coco” is no class number from 1 to 90")
            }
            guard let score = object["score"]?.double, 0...1 ~= score else {
                throw Fault(message: "\(place): “score” is no number from 0 to 1")
            }
            let edges = object["box"]?.elements?.compactMap { $0.double.map(Float.init) } ?? []
            guard edges.count == 4, edges.allSatisfy({ 0...1 ~= $0 }), edges[0] < edges[2], edges[1] < edges[3] else {
                throw Fault(message: "\(place): “box” is not [x1,y1,x2,y2] with 0 ≤ x1 < x2 ≤ 1 and 0 ≤ y1 < y2 ≤ 1")
            }
            self.objects.append(
                Object(
                    coco: coco, score: Float(score),
                    box: RelativeBox(x1: edges[0], y1: edges[1], x2: edges[2], y2: edges[3])))
        }
    }
}
