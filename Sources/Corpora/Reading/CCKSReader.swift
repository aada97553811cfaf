package import SystemPackage
package import Text
import Wire
import JSON
import Geometry

/// Reads the JSON of CCKS-2025 GMNER: for each picture a list of `{"name","label","bnd"}`, `bnd` being `null` or
/// `{"xmin","ymin","xmax","ymax"}`.
///
/// Entities have no offsets there. Where `texts` has the post's text, each is looked up in it, in order; else the text of a post is
/// its names, one a line.
package struct CCKSReader: Sendable {
    /// The types that may occur; `nil` takes them as they come.
    package var inventory: TypeInventory?
    /// The texts of posts by id.
    package var texts: [ExactString: String]

    /// A reader of files with these types.
    package init(inventory: TypeInventory? = .ccks, texts: [ExactString: String] = [:]) {
        self.inventory = inventory
        self.texts = texts
    }

    /// The posts of a file.
    package func read(_ path: FilePath) throws(DataError) -> LabelledData {
        try read(DataFile.read(path), of: path)
    }

    /// The posts of a file's contents; `path` is where messages say that they come from.
    func read(_ contents: [UInt8], of path: FilePath) throws(DataError) -> LabelledData {
        guard case .object(let members) = try JSONValue(contents, of: path) else {
            throw DataError(path, "not an object with a list for each picture")
        }
        var seen: Set<ExactString> = []
        var posts: [LabelledPost] = []
        for member in members {
            guard seen.insert(member.key.exact).inserted else { throw DataError(path, "post \(member.key) twice") }
            guard let list = member.value.elements else { throw DataError(path, "post \(member.key) has no list") }
            var objects: [Object] = []
            for (index, value) in list.enumerated() {
                objects.append(try object(value, "post \(member.key), entity \(index + 1)", path))
            }
            posts.append(try post(member.key, objects, path))
        }
        return LabelledData(posts: posts, inventory: inventory)
    }

    private struct Object {
        var name: String
        var type: String
        var box: PixelBox?
    }

    private func object(_ value: JSONValue, _ place: String, _ path: FilePath) throws(DataError) -> Object {
        guard let name = value["name"]?.string, !name.isEmpty, let label = value["label"]?.string else {
            throw DataError(path, "\(place): no name and label")
        }
        var object = Object(name: name, type: label)
        if let inventory {
            guard let index = inventory.index(of: label) else {
                throw DataError(
                    path, "\(place): unknown type \(label); known: \(inventory.names.joined(separator: " "))")
            }
            object.type = inventory.names[index]
        }
        guard let edges = value.present("bnd") else { return object }
        let values = ["xmin", "ymin", "xmax", "ymax"].compactMap { edges[$0]?.double.map(Float.init) }
        guard values.count == 4 else { throw DataError(path, "\(place): “bnd” is neither null nor four numbers") }
        let box = PixelBox(x1: values[0], y1: values[1], x2: values[2], y2: values[3])
        if box.isNothing { return object }
        if let fault = box.fault(in: nil) { throw DataError(path, "\(place): \(fault)") }
        object.box = box.ordered
        return object
    }

    private func post(_ id: String, _ objects: [Object], _ path: FilePath) throws(DataError) -> LabelledPost {
        let text = texts[id.exact]
        var post = LabelledPost(id: id, text: text ?? objects.map(\.name).joined(separator: "\n"))
        let scalars = Array(post.text.unicodeScalars)
        // Where the search for each name goes on, so that a name that stands twice is found twice.
        var after: [ExactString: Int] = [:]
        for object in objects {
            let name = Array(object.name.unicodeScalars)
            guard let start = scalars.firstIndex(of: name, from: after[object.name.exact] ?? 0) else {
                throw DataError(path, "post \(id): “\(object.name)” is not in its text, or not that often")
            }
            let range = start..<start + name.count
            after[object.name.exact] = range.upperBound
            var entity = LabelledEntity(
                words: post.words(touching: range), scalars: range, name: object.name, type: object.type)
            entity.boxes = object.box.map { [$0] } ?? []
            post.entities.append(entity)
        }
        post.entities.sort { $0.scalars.lowerBound < $1.scalars.lowerBound }
        return post
    }
}

extension Array where Element == Unicode.Scalar {
    /// Where a text begins that is not empty, at `from` or later.
    fileprivate func firstIndex(of text: [Unicode.Scalar], from: Int) -> Int? {
        guard from + text.count <= count else { return nil }
        return (from...count - text.count).first { self[$0..<$0 + text.count].elementsEqual(text) }
    }
}
