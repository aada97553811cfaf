package import SystemPackage
package import Text
package import Wire
import JSON
import Geometry

/// Reads posts with triples, one JSON object a line: gold in the filter's own format, or its answers.
///
/// Gold lines hold what a post of the stream does (`text`, or `tokens`, or both; `alt`, `knowledge`) and what its answer
/// does (`triples`, `image` as `{"width","height"}`). Where `image` is the picture's path, its size is in `width` and
/// `height` beside it. Answers without text are read too; words are then only known as far as `token_start` says. A triple may
/// have `boxes`, a list, in place of `box`, `fine_type`, and `"unsure":true`, which makes it neither right nor wrong. A
/// line with an `error` is a post without triples. Lines of one triple each, as `--emit triples` has them, are put together
/// to posts.
package struct NDJSONReader: Sendable {
    /// The types that may occur; `nil` takes them as they come.
    package var inventory: TypeInventory?
    /// What `start` and `end` count.
    package var offsets: OffsetUnit
    /// Where posts have their parts.
    package var keys: PostKeys
    /// Whether texts are HTML. Posts then have them without markup, and their entities where they stand there.
    package var html: Bool

    /// A reader of files with these types.
    package init(
        inventory: TypeInventory? = nil, offsets: OffsetUnit = .scalar, keys: PostKeys = PostKeys(), html: Bool = false
    ) {
        self.inventory = inventory
        self.offsets = offsets
        self.keys = keys
        self.html = html
    }

    /// The posts of a file.
    package func read(_ path: FilePath) throws(DataError) -> LabelledData {
        try read(DataFile.read(path), of: path)
    }

    /// The posts of a file's contents; `path` is where messages say that they come from.
    package func read(_ contents: [UInt8], of path: FilePath) throws(DataError) -> LabelledData {
        try read(DataFile.lines(of: contents, path), of: path)
    }

    /// The posts of lines; `path` is where messages say that they come from.
    package func read(_ lines: [String], of path: FilePath) throws(DataError) -> LabelledData {
        var data = LabelledData(posts: [], inventory: inventory)
        var tally = Tally()
        var lastTriple: TripleKey?
        for (index, line) in lines.enumerated() where !line.allSatisfy(\.isWhitespace) {
            let place = Place(path: path, line: index + 1)
            let value = try parse(line, place)
            guard isTriple(value) else {
                data.posts.append(try post(value, Array(line.utf8), place, &tally))
                lastTriple = nil
                continue
            }
            data.leavesOutEmpty = true
            let key = TripleKey(id: Self.id(value[keys.id])?.exact, line: value["line"])
            if key != lastTriple { data.posts.append(try triplePost(value, place)) }
            lastTriple = key
            let last = data.posts.count - 1
            let number = data.posts[last].entities.count + 1
            data.posts[last].entities.append(try entity(value, data.posts[last], number, place, &tally))
        }
        data.numberRepeatedIDs(of: path)
        data.notes += tally.notes(of: path)
        return data
    }

    /// What is met on the way and told in the end.
    private struct Tally {
        var failed = 0
        var firstFailed: Int?
        var nothing = 0
        var firstNothing: Int?
        /// Boxes in further pictures of a post.
        var elsewhere = 0
        var firstElsewhere: Int?
        /// Of single lines.
        var lines: [DataNote] = []

        func notes(of path: FilePath) -> [DataNote] {
            var notes = lines
            if failed > 0 {
                let message = "errors, which count as posts without triples: \(failed)"
                notes.append(DataNote(path, line: firstFailed, message))
            }
            if nothing > 0 {
                let message = "boxes of four zeros, which say that nothing can be seen: \(nothing)"
                notes.append(DataNote(path, line: firstNothing, message))
            }
            if elsewhere > 0 {
                let message = "boxes in other pictures of a post than its first, which are left out: \(elsewhere)"
                notes.append(DataNote(path, line: firstElsewhere, message))
            }
            return notes
        }
    }

    /// A line of a file, for messages.
    fileprivate struct Place {
        var path: FilePath
        var line: Int

        func error(_ message: String) -> DataError { DataError(path, line: line, message) }
    }

    private func parse(_ line: String, _ place: Place) throws(DataError) -> JSONValue {
        let value = try DataFile.value(line, of: place.path, line: place.line)
        guard case .object = value else { throw place.error("no JSON object") }
        return value
    }

    // MARK: Posts

    private func post(
        _ value: JSONValue, _ line: [UInt8], _ place: Place, _ tally: inout Tally
    ) throws(DataError) -> LabelledPost {
        if value.present("error") != nil {
            tally.failed += 1
            tally.firstFailed = tally.firstFailed ?? place.line
        }
        var post = named(value, place)
        let hasText = value.present(keys.text) != nil || value.present(keys.tokens) != nil
        if hasText { try addText(to: &post, line, place, &tally) }
        post.isTextKnown = hasText
        (post.image, post.picture) = try Self.picture(value, value.present(keys.image), place)
        guard let triples = value["triples"], triples != .null else { return post }
        guard let list = triples.elements else { throw place.error("“triples” is no list") }
        let scalars = Array(post.text.unicodeScalars)
        let converter = offsets == .scalar || !hasText ? nil : ScalarOffsets(post.markup?.given ?? post.text, offsets)
        guard offsets == .scalar || hasText || list.isEmpty else {
            throw place.error("offsets in \(offsets.rawValue), but no text to count in")
        }
        for (index, triple) in list.enumerated() {
            var entity = try entity(triple, post, index + 1, place, &tally)
            if let converter {
                guard let converted = converter.range(entity.scalars) else {
                    throw place.error("triple \(index + 1): start and end are not between characters")
                }
                entity.scalars = converted
            }
            if let markup = post.markup { entity.scalars = markup.plain(entity.scalars) }
            if hasText {
                guard entity.scalars.upperBound <= scalars.count else {
                    throw place.error(
                        "triple \(index + 1) ends at \(entity.scalars.upperBound), the text at \(scalars.count)")
                }
                let written = scalars.text(entity.scalars)
                guard entity.name.isEmpty || entity.name == written else {
                    throw place.error("triple \(index + 1) is “\(entity.name)”, but the text has “\(written)” there")
                }
                entity.name = written
                entity.words = post.words(touching: entity.scalars)
            }
            post.entities.append(entity)
        }
        post.entities.sort {
            ($0.scalars.lowerBound, $0.scalars.upperBound) < ($1.scalars.lowerBound, $1.scalars.upperBound)
        }
        return post
    }

    /// A post without a text yet. One without an id goes by the number of its line, as answers say it.
    private func named(_ value: JSONValue, _ place: Place) -> LabelledPost {
        let given = Self.id(value[keys.id])
        var post = LabelledPost(
            id: given ?? Self.id(value["line"]) ?? String(place.line), text: "", words: [], wordScalars: [],
            line: place.line
        )
        post.givenID = given
        return post
    }

    /// Text and words by the rules of the stream.
    private func addText(
        to post: inout LabelledPost, _ line: [UInt8], _ place: Place, _ tally: inout Tally
    ) throws(DataError) {
        do throws(RecordError) {
            let parsed = try PostParser(keys: keys, html: html).parse(line, number: place.line)
            post.text = parsed.text
            if let tokens = parsed.tokens {
                let scalars = Array(parsed.text.unicodeScalars)
                (post.words, post.wordScalars) = (tokens.map(scalars.text), tokens)
            } else {
                let words = WordSplitter.words(in: parsed.text)
                (post.words, post.wordScalars) = (words.map(\.text), words.map(\.scalars))
            }
            post.markup = parsed.markup
            post.alt = parsed.alt
            post.knowledge = parsed.knowledge
            post.regions = parsed.images.first?.regions ?? []
            // As an image, a size is right here.
            for warning in parsed.warnings
            where !warning.code.hasPrefix("image.") && warning.code != "regions.no_picture" {
                tally.lines.append(DataNote(place.path, line: place.line, warning.message))
            }
        } catch {
            throw place.error(error.message)
        }
    }

    // MARK: Triples, a line each

    /// What tells posts apart in the filter's other form, where a post is the lines that follow each other.
    private struct TripleKey: Equatable {
        var id: ExactString?
        var line: JSONValue?
    }

    /// Whether a line is one triple rather than a post with all of hers.
    private func isTriple(_ value: JSONValue) -> Bool {
        value["triples"] == nil && value.present(keys.text) == nil && value.present(keys.tokens) == nil
            && value["start"]?.integer != nil && value["type"]?.string != nil
    }

    private func triplePost(_ value: JSONValue, _ place: Place) throws(DataError) -> LabelledPost {
        guard offsets == .scalar else { throw place.error("offsets in \(offsets.rawValue), but no text to count in") }
        var post = named(value, place)
        post.isTextKnown = false
        return post
    }

    /// Path and size of the picture, the first of several: the size as an answer says it, or beside the path.
    private static func picture(
        _ post: JSONValue, _ images: JSONValue?, _ place: Place
    ) throws(DataError) -> (path: String?, size: ImageSize?) {
        let image = images.flatMap { $0.elements == nil ? $0 : $0.elements?.first }
        let path = image?.string ?? image?["path"]?.string
        func sides(_ holder: JSONValue?) -> [JSONValue?] { ["width", "height"].map { holder?.present($0) } }
        let own = sides(image)
        let named = own.contains { $0 != nil } ? own : sides(post)
        // An answer about several pictures has their sizes in a list.
        for sides in [named, sides(post["images"]?.elements?.first)] {
            if let size = ImageSize(namedWidth: sides[0]?.integer, height: sides[1]?.integer) { return (path, size) }
        }
        // What no picture is said to have is a member of a feed.
        let saysNothing = named.allSatisfy { $0 == nil } && (path != nil || image?["alt"] != nil)
        guard image == nil || saysNothing else {
            throw place.error("“image” without a width and a height in \(ImageSize.sides)")
        }
        return (path, nil)
    }

    private static func id(_ value: JSONValue?) -> String? {
        switch value {
        case .string(let text)?: text.isEmpty ? nil : text
        case .number(let digits)?: digits
        default: nil
        }
    }

    // MARK: Triples

    private func entity(
        _ triple: JSONValue, _ post: LabelledPost, _ number: Int, _ place: Place, _ tally: inout Tally
    ) throws(DataError) -> LabelledEntity {
        let name = "triple \(number)"
        guard let scalars = Self.range(triple["start"], triple["end"]) else {
            throw place.error("\(name): no “start” and “end” with 0 ≤ start < end")
        }
        guard let written = triple["type"]?.string, !written.isEmpty else { throw place.error("\(name): no “type”") }
        var type = written
        if let inventory {
            guard let index = inventory.index(of: written) else {
                throw place.error(
                    "\(name): unknown type \(written); known: \(inventory.names.joined(separator: " "))")
            }
            type = inventory.names[index]
        }
        var entity = LabelledEntity(
            words: Self.range(triple["token_start"], triple["token_end"]) ?? 0..<0, scalars: scalars,
            name: triple["entity"]?.string ?? "", type: type)
        entity.fineType = triple["fine_type"]?.string
        entity.score = triple["score"]?.double.map(Float.init)
        entity.visible = triple["visible"]?.double.map(Float.init)
        entity.boxScore = triple["box_score"]?.double.map(Float.init)
        entity.uncertainty = triple.present("uncertainty").flatMap(StatedUncertainty.init)
        entity.isUnsure = triple["unsure"] == .boolean(true)
        entity.boxes = try boxes(triple, post.picture, name, place, &tally)
        entity.masks = try masks(triple, post.picture, name, place)
        return entity
    }

    /// A range that is not empty, of a text that a file can hold; `nil` where the numbers are none.
    private static func range(_ start: JSONValue?, _ end: JSONValue?) -> Range<Int>? {
        guard let start = start?.integer, let end = end?.integer, 0 <= start, start < end, end <= DataFile.maxBytes
        else { return nil }
        return start..<end
    }

    /// No member at all: nobody looked. `null`: it cannot be seen.
    private func boxes(
        _ triple: JSONValue, _ picture: ImageSize?, _ name: String, _ place: Place, _ tally: inout Tally
    ) throws(DataError) -> [PixelBox]? {
        guard let value = triple.present("boxes") ?? triple["box"] ?? triple["boxes"] else { return nil }
        if value == .null { return [] }
        if let number = triple["picture"]?.integer, number > 0 {
            tally.elsewhere += 1
            tally.firstElsewhere = tally.firstElsewhere ?? place.line
            return []
        }
        let list = triple.present("boxes") != nil ? value.elements : [value]
        guard let list else { throw place.error("\(name): “boxes” is no list") }
        var boxes: [PixelBox] = []
        for element in list {
            let edges = element.elements?.compactMap { $0.double.map(Float.init) } ?? []
            guard edges.count == 4 else { throw place.error("\(name): a box is four numbers [x1,y1,x2,y2], or null") }
            let box = PixelBox(x1: edges[0], y1: edges[1], x2: edges[2], y2: edges[3])
            if box.isNothing {
                tally.nothing += 1
                tally.firstNothing = tally.firstNothing ?? place.line
                continue
            }
            if let fault = box.fault(in: picture) { throw place.error("\(name): \(fault)") }
            boxes.append(box.ordered)
        }
        return boxes
    }

    private func masks(
        _ triple: JSONValue, _ picture: ImageSize?, _ name: String, _ place: Place
    ) throws(DataError) -> [Mask]? {
        guard let value = triple.present("masks") ?? triple["mask"] ?? triple["masks"] else { return nil }
        if value == .null { return [] }
        let list = triple.present("masks") != nil ? value.elements : [value]
        var masks: [Mask] = []
        for element in list ?? [.null] {
            let size = element["size"]?.elements?.compactMap(\.integer) ?? []
            // Corners count in the picture, whose size somebody has to say.
            let sides = size.count == 2 ? ImageSize(namedWidth: size[1], height: size[0]) : picture
            guard let sides, (size.count == 2) == (element["counts"] != nil), let mask = Mask(element, in: sides) else {
                throw place.error(
                    "\(name): a mask is {\"size\":[height,width],\"counts\":…}, polygons [[x,y,…],…] of a picture whose "
                        + "width and height are known, or null")
            }
            guard picture == nil || picture == mask.picture else {
                throw place.error("\(name): a mask of another size than the picture's")
            }
            masks.append(mask)
        }
        return masks
    }
}

extension StatedUncertainty {
    /// What an answer says; `nil` where it is not that.
    fileprivate init?(_ value: JSONValue) {
        guard let span = value["span"]?.double, let type = value["type"]?.double else { return nil }
        self.init(span: Float(span), type: Float(type), region: value["region"]?.double.map(Float.init))
    }
}

extension [Unicode.Scalar] {
    /// The part between two offsets, as text.
    package func text(_ range: Range<Int>) -> String { String(String.UnicodeScalarView(self[range])) }
}
