import Wire
import Geometry

/// Writes brat's standoff: a text and its annotations for each post, and the configuration with the types.
///
/// Offsets count code points, ends are exclusive; lines end by line feeds alone. An entity across a line break is written in parts, as brat wants it; boxes are notes.
enum BratWriter {
    static func files(_ data: LabelledData) throws(DataError) -> [ExportedFile] {
        let types = data.typeNames.map { $0 + "\n" }.joined()
        var files = [ExportedFile("annotation.conf", "[entities]\n\(types)[relations]\n[events]\n[attributes]\n")]
        let names = FileNames(data)
        for post in data.posts {
            let scalars = Array(try post.knownText().unicodeScalars)
            var lines = ""
            var notes = 0
            for (index, entity) in post.entities.enumerated() {
                guard entity.type.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") })
                else {
                    throw DataError(post, "brat cannot name a type “\(entity.type)”")
                }
                let (ranges, text) = parts(of: entity, scalars)
                lines += "T\(index + 1)\t\(entity.type) \(ranges)\t\(text)\n"
                for box in entity.boxes ?? [] {
                    notes += 1
                    lines += "#\(notes)\tAnnotatorNotes T\(index + 1)\tbox \(box.x1) \(box.y1) \(box.x2) \(box.y2)\n"
                }
            }
            files.append(names.file("", post, ".txt", withoutReturns(scalars)))
            files.append(names.file("", post, ".ann", lines))
        }
        return files
    }

    /// The text with lines that end as brat counts them: whether it takes a return and a line feed for one character or for
    /// two is told differently. Every other character stays where it is.
    private static func withoutReturns(_ scalars: [Unicode.Scalar]) -> String {
        var text = String.UnicodeScalarView()
        for (place, scalar) in scalars.enumerated() {
            let isPair = place + 1 < scalars.count && scalars[place + 1] == "\n"
            text.append(scalar == "\r" ? isPair ? " " : "\n" : scalar)
        }
        return String(text)
    }

    /// The entity's ranges, `;` between them, and its text, a space between parts.
    private static func parts(of entity: LabelledEntity, _ scalars: [Unicode.Scalar]) -> (ranges: String, text: String)
    {
        var ranges: [String] = []
        var texts: [String] = []
        var start = entity.scalars.lowerBound
        var part = ""
        var place = start
        for scalar in scalars[entity.scalars] {
            if scalar == "\n" || scalar == "\r" {
                if place > start {
                    ranges.append("\(start) \(place)")
                    texts.append(part)
                }
                start = place + 1
                part = ""
            } else {
                part.unicodeScalars.append(scalar)
            }
            place += 1
        }
        if place > start {
            ranges.append("\(start) \(place)")
            texts.append(part)
        }
        return (ranges.joined(separator: ";"), texts.joined(separator: " "))
    }
}
