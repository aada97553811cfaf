import Corpora
import Geometry
import JSON
import Pages
import Text
import Wire

/// As much of an answer as a page shows.
struct ViewedAnswer {
    struct Triple {
        let name: String
        let type: String
        /// What it covers, in the answer's unit; `nil` where it does not say.
        let place: Range<Int>?
        let score: Double?
        let visible: Double?
        /// In pixels of the stored picture; `nil`: nobody looked.
        let boxes: [PixelBox]?
        let boxScore: Double?
        /// The pixels that it shows, as they are written.
        let mask: JSONValue?
        /// Which of several pictures the box is in, from 0.
        let picture: Int
    }

    /// The post's id, as text.
    private(set) var id: String?
    /// The line that it answers.
    private(set) var line: Int
    private(set) var triples: [Triple] = []
    /// Warnings, and why there is no answer.
    private(set) var remarks: [PageRemark] = []
    /// Sizes of the post's pictures, as far as they were read.
    private(set) var sizes: [ImageSize?] = []
    /// The post itself, where the answer gives it back.
    private(set) var post: Post?
    /// Whether it is a line of `--emit triples`, so that the next line may go on with it.
    let isOpen: Bool

    /// Takes a line of the filter's output, a post with its triples or one triple (`--emit triples`), or of labelled posts.
    /// An answer that does not say which line it answers answers that of its own number.
    ///
    /// - Throws: ``DataError`` where the line is none of these.
    init(_ bytes: [UInt8], number: Int, of path: String, parser: PostParser) throws(DataError) {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(parsing: bytes)
        } catch {
            throw DataError("\(path), line \(number): \(error.message)")
        }
        let known = ["triples", "error", "entity", "text", "tokens"]
        guard case .object = value, known.contains(where: { value[$0] != nil }) else {
            throw DataError("\(path), line \(number): no answer: none of \(known.joined(separator: ", ")) is there")
        }
        id = Self.id(value["id"])
        line = value["line"]?.integer ?? number
        isOpen = value["triples"] == nil && value["entity"] != nil
        add(value)
        sizes = (value["images"]?.elements ?? [value["image"], value].compactMap(\.self)).map(Self.size)
        if value.present("text") != nil || value.present("tokens") != nil {
            post = try? parser.parse(bytes, number: number)
            // What is wrong with the post, its answer says.
            post?.warnings = []
        }
    }

    /// Takes the triples of the line that follows.
    mutating func add(_ other: ViewedAnswer) {
        triples += other.triples
        remarks += other.remarks
    }

    /// Whether a line goes on with the same post.
    func goesOn(with other: ViewedAnswer) -> Bool {
        isOpen && other.isOpen && line == other.line && id?.exact == other.id?.exact
    }

    /// Whether it brings no text though there was one: a line that is no post has none.
    var lacksText: Bool { post == nil && !remarks.contains { $0.kind == .error } }

    /// An id as text, whether it is a string or a number.
    static func id(_ value: JSONValue?) -> String? {
        switch value {
        case .string(let text)?: text
        case .number(let digits)?: digits
        default: nil
        }
    }

    private mutating func add(_ answer: JSONValue) {
        let found = answer["triples"]?.elements ?? (answer["entity"] == nil ? [] : [answer])
        triples += found.map(Self.triple)
        for warning in answer["warnings"]?.elements ?? [] {
            remarks.append(PageRemark(.warning, warning["message"]?.string ?? "a warning without a message"))
        }
        if let error = answer.present("error") {
            remarks.append(PageRemark(.error, error["message"]?.string ?? "an error without a message"))
        }
    }

    private static func triple(_ triple: JSONValue) -> Triple {
        var place: Range<Int>?
        if let start = triple["start"]?.integer, let end = triple["end"]?.integer, 0 <= start, start < end {
            place = start..<end
        }
        let given = triple.present("boxes")?.elements ?? triple.present("box").map { [$0] }
        let boxes = given?.compactMap { box -> PixelBox? in
            let edges = box.elements?.compactMap { $0.double.map(Float.init) } ?? []
            guard edges.count == 4, edges.allSatisfy(\.isFinite) else { return nil }
            return PixelBox(x1: edges[0], y1: edges[1], x2: edges[2], y2: edges[3])
        }
        let wasLookedAt = triple["box"] != nil || triple["boxes"] != nil
        return Triple(
            name: triple["entity"]?.string ?? "", type: triple["fine_type"]?.string ?? triple["type"]?.string ?? "",
            place: place, score: triple["score"]?.double, visible: triple["visible"]?.double,
            boxes: boxes ?? (wasLookedAt ? [] : nil), boxScore: triple["box_score"]?.double,
            mask: triple.present("mask"),
            picture: triple["picture"]?.integer ?? 0)
    }

    private static func size(_ value: JSONValue) -> ImageSize? {
        ImageSize(namedWidth: value["width"]?.integer, height: value["height"]?.integer)
    }
}
