package import SystemPackage
import Wire
package import Geometry

/// One Pascal VOC file: boxes with a name each, in the pixels of one picture.
package struct VOCAnnotation: Sendable, Equatable {
    /// A box and what it shows.
    package struct Object: Sendable, Equatable {
        /// In Twitter-GMNER, the entity: its words joined by one space.
        package var name: String
        /// The box, in pixels; corners in order.
        package var box: PixelBox
        /// The line of the file where it begins.
        package var line: Int
    }

    /// Size of the picture; `nil` where the file does not say.
    package var picture: ImageSize?
    /// The boxes, in the file's order.
    package var objects: [Object]

    /// Reads a file. Boxes have to lie in the picture, and coordinates are taken as they are, with no pixel taken off.
    package init(contentsOf path: FilePath) throws(DataError) {
        let bytes = try DataFile.read(path, maxBytes: 16 << 20)
        let root: XMLTree
        do throws(XMLError) {
            root = try XMLTree(parsing: bytes)
        } catch {
            throw DataError(path, line: error.line, error.message)
        }
        guard root.name == "annotation" else {
            throw DataError(path, line: root.line, "<\(root.name)>, not <annotation>")
        }
        picture = try Self.size(root, path)
        objects = []
        for element in root.children where element.name == "object" {
            if let object = try Self.object(element, picture, path) { objects.append(object) }
        }
    }

    private static func size(_ root: XMLTree, _ path: FilePath) throws(DataError) -> ImageSize? {
        guard let size = root.child("size") else { return nil }
        let sides = ["width", "height"].map { size.child($0).flatMap { Int($0.text) } }
        // What labelling tools write that have not seen the picture.
        if sides == [0, 0] { return nil }
        guard let picture = ImageSize(namedWidth: sides[0], height: sides[1]) else {
            throw DataError(path, line: size.line, "<size> without a width and a height in \(ImageSize.sides)")
        }
        return picture
    }

    /// An object; `nil` for one that says by four zeros that there is nothing to see.
    private static func object(
        _ element: XMLTree, _ picture: ImageSize?, _ path: FilePath
    ) throws(DataError) -> Object? {
        guard let name = element.child("name")?.text, !name.isEmpty else {
            throw DataError(path, line: element.line, "<object> without a <name>")
        }
        guard let edges = element.child("bndbox") else {
            throw DataError(path, line: element.line, "“\(name)” without a <bndbox>")
        }
        let values = ["xmin", "ymin", "xmax", "ymax"].compactMap { edges.child($0).flatMap { Float($0.text) } }
        guard values.count == 4 else {
            throw DataError(
                path, line: edges.line, "<bndbox> of “\(name)” without xmin, ymin, xmax and ymax in numbers")
        }
        let box = PixelBox(x1: values[0], y1: values[1], x2: values[2], y2: values[3])
        if box.isNothing { return nil }
        if let fault = box.fault(in: picture) { throw DataError(path, line: edges.line, "“\(name)”: \(fault)") }
        return Object(name: name, box: box.ordered, line: element.line)
    }
}

extension LabelledData {
    /// Gives each entity the boxes of the VOC files in a folder, one file a post, by name.
    ///
    /// A post without a file has no entity that can be seen, and neither is an entity that its post's file does not name. Where a
    /// name stands twice in a post, both get its boxes. A name that no entity has is left out, with a note.
    package mutating func addBoxes(from folder: FilePath) throws(DataError) {
        guard DataFile.exists(folder) else { throw DataError(folder, "no such folder of boxes", kind: .input) }
        var lost = 0
        var firstLost: DataNote?
        for index in posts.indices {
            for entity in posts[index].entities.indices { posts[index].entities[entity].boxes = [] }
            guard let path = DataFile.path(folder, id: posts[index].sourceID, suffix: ".xml") else {
                continue
            }
            let annotation = try VOCAnnotation(contentsOf: path)
            posts[index].picture = annotation.picture ?? posts[index].picture
            for object in annotation.objects {
                let named = posts[index].entities.indices.filter { posts[index].entities[$0].name == object.name }
                for entity in named { posts[index].entities[entity].boxes?.append(object.box) }
                guard named.isEmpty else { continue }
                lost += 1
                firstLost =
                    firstLost ?? DataNote(path, line: object.line, "“\(object.name)” names no entity of the post")
            }
        }
        if let firstLost { notes.append(firstLost) }
        if lost > 1 {
            notes.append(DataNote(folder, line: nil, "boxes that name no entity, left out: \(lost)"))
        }
    }
}
