import Geometry
import JSON
import Text

/// Writes YOLO's label files: `class centre-x centre-y width height`, shares of the picture.
///
/// Training looks for `labels/NAME.txt` beside `images/NAME.jpg`, so a label file has the name of its picture, below the folder
/// that all pictures are in; posts that share a picture share it. Of a post that names no picture, it has the id.
struct YOLOWriter {
    private let data: LabelledData
    private let types: [String]

    init(_ data: LabelledData) {
        self.data = data
        types = data.typeNames
    }

    /// The label files, empty where there is nothing to see, the names of the classes, and the description of the data set.
    func files() throws(DataError) -> [ExportedFile] {
        let names = LabelNames(data.posts)
        var contents: [(name: String, lines: String)] = []
        var places: [ExactString: Int] = [:]
        for post in data.posts {
            let name = names.name(of: post)
            let place = places[name.exact, default: contents.count]
            if place == contents.count { contents.append((name, "")) }
            places[name.exact] = place
            contents[place].lines += try lines(post)
        }
        return [
            ExportedFile("classes.txt", types.map { $0 + "\n" }.joined()), ExportedFile("data.yaml", description),
        ] + contents.map { ExportedFile("labels/\($0.name).txt", $0.lines) }
    }

    private func lines(_ post: LabelledPost) throws(DataError) -> String {
        var lines = ""
        for entity in post.entities {
            guard !entity.type.contains(where: \.isNewline) else {
                throw DataError(post, "a type of several lines: “\(entity.type)”")
            }
            for box in entity.boxes ?? [] {
                let (width, height) = try post.knownPicture()
                let box = box.ordered
                let shares = [
                    (Double(box.x1) + Double(box.x2)) / 2 / width, (Double(box.y1) + Double(box.y2)) / 2 / height,
                    (Double(box.x2) - Double(box.x1)) / width, (Double(box.y2) - Double(box.y1)) / height,
                ]
                lines += "\(types.firstIndex { $0.exact == entity.type.exact } ?? 0) "
                lines += shares.map(Self.sixDigits).joined(separator: " ") + "\n"
            }
        }
        return lines
    }

    /// What trainers read: where pictures are, seen from this file, and what the classes are called. Strings of JSON are
    /// strings of YAML.
    private var description: String {
        let names = types.enumerated().map { index, name in "  \(index): \(JSONValue.string(name).text)" }.joined()
        return "train: images\nval: images\nnames:\n\(names)"
    }

    private static func sixDigits(_ share: Double) -> String {
        let millionths = Int((share * 1_000_000).rounded(), within: 0...1_000_000)
        let digits = String(millionths % 1_000_000)
        return "\(millionths / 1_000_000)." + String(repeating: "0", count: 6 - digits.count) + digits
    }
}

/// Names of label files, without `.txt`.
private struct LabelNames {
    private var ofPicture: [ExactString: String] = [:]
    private var ofPost: [ExactString: String] = [:]

    init(_ posts: [LabelledPost]) {
        // Labelling tools take labels/classes.txt for the names of the classes.
        var taken = TakenNames(reserved: ["classes"])
        let paths = posts.map { $0.image.flatMap(Self.path) }
        let common = Self.commonFolder(paths.compactMap { $0 })
        // Pictures first: an id may give way to one, never the other way round.
        for (post, path) in zip(posts, paths) {
            guard let image = post.image?.exact, var path, ofPicture[image] == nil else { continue }
            path.removeFirst(common)
            path.append(Self.withoutExtension(path.removeLast()))
            ofPicture[image] = taken.take(path.map(FileName.keeping).joined(separator: "/"))
        }
        for post in posts where post.image.flatMap({ ofPicture[$0.exact] }) == nil {
            ofPost[post.id.exact] = taken.take(FileName.of(post.id))
        }
    }

    func name(of post: LabelledPost) -> String {
        post.image.flatMap { ofPicture[$0.exact] } ?? ofPost[post.id.exact] ?? FileName.of(post.id)
    }

    /// The folders and the name of a picture; of a URL the name alone, and `nil` where it has none.
    private static func path(_ image: String) -> [String]? {
        guard !image.hasPrefix("data:") else { return nil }
        var parts = image.split(separator: "/").filter { $0 != "." }.map(String.init)
        if image.contains("://") {
            parts =
                parts.count > 2
                ? parts.suffix(1).compactMap { $0.split { "?#".contains($0) }.first.map(String.init) } : []
        }
        return parts.isEmpty ? nil : parts
    }

    /// How many folders all of the paths begin with.
    private static func commonFolder(_ paths: [[String]]) -> Int {
        guard let first = paths.first else { return 0 }
        return paths.dropFirst().reduce(first.count - 1) { common, path in
            min(common, zip(first, path.dropLast()).prefix { $0.exact == $1.exact }.count)
        }
    }

    private static func withoutExtension(_ name: String) -> String {
        guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return name }
        return String(name[..<dot])
    }
}
