package import SystemPackage
import Wire
package import Corpora
package import JSON
import Text

/// A photograph with sentences about it, and the objects that a detector found in it.
package struct CaptionedPhotograph: Sendable, Equatable {
    /// Name of the picture file.
    package var image: String
    /// Sentences about the photograph, at least one.
    package var captions: [String]
    /// What was found in it, in any order.
    package var objects: [DetectedObject]

    /// A photograph from its parts.
    package init(image: String, captions: [String], objects: [DetectedObject]) {
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
    package static func read(
        _ path: FilePath, mayBeStream: Bool = false
    ) throws(ReadingError) -> [CaptionedPhotograph] {
        var photographs: [CaptionedPhotograph] = []
        var lineOfImage: [ExactString: Int] = [:]
        try DataFile.forEachValue(path, mayBeStream: mayBeStream) { (value, line) throws(DataError) in
            let photograph: CaptionedPhotograph
            do throws(DetectedObject.Fault) {
                photograph = try Self(value)
            } catch {
                throw DataError(path, line: line, error.message)
            }
            if let first = lineOfImage.updateValue(line, forKey: photograph.image.exact) {
                throw DataError(path, line: line, "picture \(photograph.image) again; line \(first) has it already")
            }
            photographs.append(photograph)
        }
        guard !photographs.isEmpty else { throw DataError(path, "no photographs") }
        return photographs
    }

    /// The photograph as ``read(_:mayBeStream:)`` takes it.
    package var json: JSONValue {
        .object([
            .init("image", .string(image)), .init("captions", .array(captions.map { .string($0) })),
            .init("objects", .array(objects.map(\.json))),
        ])
    }

    private init(_ value: JSONValue) throws(DetectedObject.Fault) {
        let image = try DetectedObject.picture(value)
        let captions = value["captions"]?.elements?.map(\.string)
        guard let captions, !captions.isEmpty, captions.allSatisfy({ $0?.contains(where: \.isLetter) == true }) else {
            throw DetectedObject.Fault("“captions” is no list of sentences")
        }
        self.init(image: image, captions: captions.compactMap(\.self), objects: try DetectedObject.list(value))
    }
}
