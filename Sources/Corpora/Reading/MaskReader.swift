import Glibc
package import SystemPackage
import Wire
package import JSON
package import Geometry

/// The masks of one picture, each with the entity it shows: Twitter-SMNER's companion of a VOC file.
///
/// Read are the layouts of the usual annotation tools: LabelMe (`shapes` with `label` and `points`), ISAT (`objects` with
/// `category` and `segmentation`), and either of them with COCO's run lengths (`{"size":[height,width],"counts":…}`) in
/// place of corners.
package struct MaskAnnotation: Sendable, Equatable {
    /// A mask and the entity it shows.
    package struct Object: Sendable, Equatable {
        /// The entity: its words joined by one space.
        package var name: String
        /// Its pixels.
        package var mask: Mask
    }

    /// Size of the picture.
    package var picture: ImageSize
    /// The masks, in the file's order.
    package var objects: [Object] = []

    /// Reads a file.
    package init(contentsOf path: FilePath) throws(DataError) {
        let root = try JSONValue(contentsOf: path)
        let width = root.present("imageWidth") ?? root["info"]?["width"]
        let height = root.present("imageHeight") ?? root["info"]?["height"]
        guard let picture = ImageSize(namedWidth: width?.integer, height: height?.integer) else {
            throw DataError(path, "no width and height of the picture in \(ImageSize.sides)")
        }
        self.picture = picture
        guard let shapes = (root.present("shapes") ?? root["objects"])?.elements else {
            throw DataError(path, "no list of “shapes” or “objects”")
        }
        for (index, shape) in shapes.enumerated() {
            let place = "mask \(index + 1)"
            guard let name = (shape.present("label") ?? shape["category"])?.string else {
                throw DataError(path, "\(place) has no label")
            }
            // ISAT draws the background as an object.
            if name == "__background__" { continue }
            // LabelMe writes "mask": null into every polygon.
            let form = shape.present("mask") ?? shape.present("points") ?? shape.present("segmentation")
            guard let mask = form.flatMap({ Mask(labelMe: shape["shape_type"]?.string, $0, in: picture) }) else {
                throw DataError(
                    path, "\(place), “\(name)”, is no polygon and no run lengths of \(picture.width)×\(picture.height)")
            }
            objects.append(Object(name: name, mask: mask))
        }
    }
}

extension Mask {
    /// A shape of LabelMe: a rectangle by two corners, a circle by its centre and a point of its edge; all others, and those
    /// of other tools, as ``init(_:in:)``.
    fileprivate init?(labelMe type: String?, _ form: JSONValue, in picture: ImageSize) {
        let points = form.elements?.compactMap { $0.elements?.compactMap(\.double) } ?? []
        guard type == "rectangle" || type == "circle", points.count == 2, points.allSatisfy({ $0.count == 2 }) else {
            self.init(form, in: picture)
            return
        }
        let (one, other) = ((x: points[0][0], y: points[0][1]), (x: points[1][0], y: points[1][1]))
        if type == "rectangle" {
            self.init(picture: picture, polygon: [one, (other.x, one.y), other, (one.x, other.y)])
        } else {
            let radius = hypot(other.x - one.x, other.y - one.y)
            let corners = (0..<64).map { corner in
                let angle = Double(corner) * .pi / 32
                return (x: one.x + radius * cos(angle), y: one.y + radius * sin(angle))
            }
            self.init(picture: picture, polygon: corners)
        }
    }

    /// A mask from JSON: corners `[[x,y],…]` or `[x,y,x,y,…]`, a list of such polygons, or run lengths.
    package init?(_ form: JSONValue, in picture: ImageSize) {
        if let counts = form["counts"] {
            guard let size = form["size"]?.elements?.compactMap(\.integer), size == [picture.height, picture.width]
            else {
                return nil
            }
            let list = counts.elements?.compactMap(\.integer) ?? counts.string.flatMap(Self.counts(compressed:))
            guard let list else { return nil }
            self.init(picture: picture, counts: list)
            return
        }
        guard let elements = form.elements, let first = elements.first else { return nil }
        // A list of polygons, each a list of its own: their union.
        if first.elements?.first?.elements != nil || (first.elements?.count ?? 0) >= 6 {
            var runs: [Range<Int>] = []
            for element in elements {
                guard let mask = Mask(element, in: picture) else { return nil }
                runs += mask.runs
            }
            self.init(picture: picture, runs: runs)
            return
        }
        let numbers = elements.flatMap { $0.elements?.map(\.double) ?? [$0.double] }
        guard numbers.count % 2 == 0, numbers.allSatisfy({ $0 != nil }) else { return nil }
        let values = numbers.compactMap(\.self)
        self.init(
            picture: picture,
            polygon: stride(from: 0, to: values.count, by: 2).map { (x: values[$0], y: values[$0 + 1]) })
    }

    /// Counts from the string that pycocotools writes: five bits a character, low ones first, differences from the third on.
    private static func counts(compressed text: String) -> [Int]? {
        var counts: [Int] = []
        var bytes = text.utf8.makeIterator()
        while let first = bytes.next() {
            var byte = first
            var value = 0
            var shift = 0
            while true {
                guard byte >= 48, byte < 112, shift < 50 else { return nil }
                let bits = Int(byte) - 48
                value |= (bits & 0x1F) << shift
                shift += 5
                guard bits & 0x20 != 0 else {
                    if bits & 0x10 != 0 { value |= -1 << shift }
                    break
                }
                guard let next = bytes.next() else { return nil }
                byte = next
            }
            if counts.count > 2 { value &+= counts[counts.count - 2] }
            counts.append(value)
        }
        return counts
    }
}

extension JSONValue {
    /// Reads a file that is one JSON value.
    init(contentsOf path: FilePath) throws(DataError) {
        try self.init(DataFile.read(path), of: path)
    }

    /// Reads a file's contents; `path` is where messages say that they come from.
    init(_ bytes: [UInt8], of path: FilePath) throws(DataError) {
        do throws(JSONError) {
            try self.init(parsing: bytes)
        } catch {
            let line = 1 + bytes[..<min(error.offset, bytes.count)].count { $0 == UInt8(ascii: "\n") }
            throw DataError(path, line: line, error.message)
        }
    }
}

extension LabelledData {
    /// Gives each entity the masks of the files in a folder, one file a post, by name, as ``addBoxes(from:)`` does with boxes.
    ///
    /// Some objects of Twitter-GMNER have no mask: an entity with boxes and without masks stays as it is.
    package mutating func addMasks(from folder: FilePath) throws(DataError) {
        guard DataFile.exists(folder) else { throw DataError(folder, "no such folder of masks", kind: .input) }
        var lost = 0
        for index in posts.indices {
            for entity in posts[index].entities.indices { posts[index].entities[entity].masks = [] }
            guard let path = DataFile.path(folder, id: posts[index].sourceID, suffix: ".json") else {
                continue
            }
            let annotation = try MaskAnnotation(contentsOf: path)
            posts[index].picture = posts[index].picture ?? annotation.picture
            for object in annotation.objects {
                let named = posts[index].entities.indices.filter { posts[index].entities[$0].name == object.name }
                for entity in named { posts[index].entities[entity].masks?.append(object.mask) }
                if named.isEmpty { lost += 1 }
            }
        }
        if lost > 0 { notes.append(DataNote(folder, line: nil, "masks that name no entity, left out: \(lost)")) }
    }
}
