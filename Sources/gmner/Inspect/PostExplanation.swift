import Corpora
import Geometry
import JSON
import Text
import Wire

/// A post and its answer, explained for a terminal.
struct PostExplanation {
    let post: Post
    /// As the filter writes it.
    let answer: JSONValue
    let style: TerminalStyle
    /// Milliseconds by stage, where the post was answered here.
    var times: [(stage: String, milliseconds: Double)] = []

    private typealias Piece = (text: String, role: TerminalStyle.Role?)

    /// All that there is to say, in lines.
    var text: String {
        var text = row("post", [(post.id.map { "id \($0)" } ?? "without an id", nil)])
        text += row("text", words(post.text))
        if let error = answer.present("error") {
            text += row("error", [(Self.fault(error), .error)])
        } else {
            text += row("words", taggedWords)
        }
        for (index, image) in post.images.enumerated() { text += row("picture \(index)", picture(index, image)) }
        if post.images.isEmpty { text += row("pictures", [("none", .faint)]) }
        if let alt = post.alt { text += row("alt", words(alt)) }
        if let knowledge = post.knowledge { text += row("knowledge", words(knowledge)) }
        let triples = answer["triples"]?.elements ?? []
        for (index, triple) in triples.enumerated() { text += "\n" + entity(triple, number: index + 1) }
        if triples.isEmpty, answer.present("error") == nil { text += "\n" + row("entities", [("none", .faint)]) }
        let warnings = answer["warnings"]?.elements ?? []
        if !warnings.isEmpty { text += "\n" }
        for warning in warnings { text += row("warning", words(Self.fault(warning), .warning)) }
        if !times.isEmpty {
            text += "\n" + row("time", times.map { ("\($0.stage) \(Self.number($0.milliseconds, 0)) ms", nil) })
        }
        return text
    }

    // MARK: Lines

    /// Cells of the column in which names stand.
    private static let column = 12

    /// A name and what belongs to it, in as many lines as it takes.
    private func row(_ name: String, _ pieces: [Piece], indent: Int = 0) -> String {
        let start = String(repeating: " ", count: indent) + style.styled(name, .heading)
        let gap = String(repeating: " ", count: max(1, Self.column - indent - TerminalStyle.cells(name)))
        return start + gap + style.flow(pieces, indent: Self.column).dropFirst(Self.column)
    }

    private func words(_ text: String, _ role: TerminalStyle.Role? = nil) -> [Piece] {
        text.split(whereSeparator: \.isWhitespace).map { (String($0), role) }
    }

    private static func fault(_ fault: JSONValue) -> String {
        let names = ["code", "stage"].compactMap { fault[$0]?.string }
        let column = fault["column"]?.integer.map { ", column \($0)" } ?? ""
        return "\(fault["message"]?.string ?? "") (\(names.joined(separator: ", "))\(column))"
    }

    private static func number(_ value: Double?, _ decimals: Int) -> String {
        var bytes: [UInt8] = []
        bytes.appendNumber(value, decimals: decimals)
        return String(decoding: bytes, as: UTF8.self)
    }

    // MARK: Words

    /// The words as they were read, with their tags behind those that are in an entity.
    private var taggedWords: [Piece] {
        let scalars = Array(post.text.unicodeScalars)
        let places = post.tokens ?? WordSplitter.words(in: post.text).map(\.scalars)
        let entities = (answer["triples"]?.elements ?? []).compactMap { triple -> (Range<Int>, String)? in
            guard let range = place(triple) else { return nil }
            return (range, triple["type"]?.string ?? "")
        }
        return places.map { place in
            let word = scalars.text(place)
            guard let (range, type) = entities.first(where: { $0.0.overlaps(place) }) else { return (word, nil) }
            return ("\(word)/\(place.lowerBound <= range.lowerBound ? "B" : "I")-\(type)", .name)
        }
    }

    /// Where an entity stands in the text without markup; `nil` where it does not say, or that is not in the text.
    private func place(_ triple: JSONValue) -> Range<Int>? {
        guard let start = triple["start"]?.integer, let end = triple["end"]?.integer, 0 <= start, start < end else {
            return nil
        }
        let range = post.markup?.plain(start..<end) ?? start..<end
        return range.upperBound <= post.text.unicodeScalars.count ? range : nil
    }

    // MARK: Pictures and entities

    private func picture(_ index: Int, _ image: PostPicture) -> [Piece] {
        let size = size(ofPicture: index)
        let location = image.location.map { $0.unicodeScalars.count > 200 ? String($0.prefix(60)) + "…" : $0 }
        var pieces: [Piece] = [(location ?? "alternative text alone", nil)]
        pieces.append(size.map { ("\($0.width) x \($0.height)", nil) } ?? ("not looked at", .faint))
        if let alt = image.alt { pieces += [("alt:", .faint)] + words(alt) }
        return pieces
    }

    /// Size of a picture, which an answer has in one of three places; `nil` where it was not looked at.
    private func size(ofPicture index: Int) -> ImageSize? {
        let sizes = answer["images"]?.elements ?? [answer["width"] == nil ? answer["image"] ?? .null : answer]
        guard sizes.indices.contains(index) else { return nil }
        return ImageSize(namedWidth: sizes[index]["width"]?.integer, height: sizes[index]["height"]?.integer)
    }

    private func entity(_ triple: JSONValue, number: Int) -> String {
        let name = triple["entity"]?.string ?? ""
        var text = row("entity \(number)", words(name, .name) + [(triple["type"]?.string ?? "", .heading)])
        let (start, end) = (triple["start"]?.integer ?? 0, triple["end"]?.integer ?? 0)
        text += row("place", [("\(start) to \(end)", nil)], indent: 2)
        text += row("score", [(Self.number(triple["score"]?.double, 4), nil)], indent: 2)
        if let visible = triple["visible"]?.double {
            let verdict = visible > 0.5 ? "more likely seen than not" : "more likely not seen"
            text += row("visible", [(Self.number(visible, 4), nil), (verdict, .faint)], indent: 2)
        } else {
            text += row("visible", [("nothing to see it in: neither picture nor alternative text", .faint)], indent: 2)
        }
        if let picture = triple["picture"]?.integer { text += row("picture", [("\(picture)", nil)], indent: 2) }
        text += row("box", box(triple), indent: 2)
        if let score = triple["box_score"]?.double {
            text += row("box score", [(Self.number(score, 4), nil)], indent: 2)
        }
        if let explanation = triple.present("explanation") { text += evidence(explanation) }
        return text
    }

    private func box(_ triple: JSONValue) -> [Piece] {
        let edges = triple["box"]?.elements?.compactMap(\.double) ?? []
        guard edges.count == 4 else { return [("none", .faint)] }
        let names = ["left", "top", "right", "bottom"]
        var pieces: [Piece] = zip(names, edges).map { ("\($0) \(Self.number($1, 1))", nil) }
        let (width, height) = (edges[2] - edges[0], edges[3] - edges[1])
        pieces.append(("= \(Self.number(width, 1)) x \(Self.number(height, 1))", .faint))
        if let size = size(ofPicture: triple["picture"]?.integer ?? 0) {
            let share = width * height / (Double(size.width) * Double(size.height))
            pieces.append(("(\(Self.number(share * 100, 0)) % of the picture)", .faint))
        }
        return pieces
    }

    /// A box that was weighed: how probable, where it comes from, and where it is.
    private func weighed(_ candidate: JSONValue) -> [Piece] {
        let origin = [candidate["from"]?.string, candidate["label"]?.string].compactMap(\.self).joined(separator: " ")
        let edges = candidate["box"]?.elements?.compactMap(\.double) ?? []
        return [(Self.number(candidate["share"]?.double, 4), nil)] + words(origin)
            + [(edges.map { Self.number($0, 0) }.joined(separator: " "), .faint)]
    }

    /// How much each source said, what boxes were weighed, and where in the picture: a grid of tenths.
    private func evidence(_ explanation: JSONValue) -> String {
        let shares: [Piece] = ["alt", "picture"].map { ("\($0) \(Self.number(explanation[$0]?.double, 4))", nil) }
        var text = row("evidence", shares, indent: 2)
        for (number, candidate) in (explanation["candidates"]?.elements ?? []).enumerated() {
            text += row(number == 0 ? "weighed" : "", weighed(candidate), indent: 2)
        }
        let heat = Array(explanation["heat"]?.string ?? "")
        let side = Int(Double(heat.count).squareRoot(), within: 0...1000)
        guard side > 0, side * side == heat.count else { return text }
        for line in 0..<side {
            let cells = heat[line * side..<(line + 1) * side].map { $0 == "0" ? "." : String($0) }
            text += row(line == 0 ? "where" : "", [(cells.joined(separator: " "), .faint)], indent: 2)
        }
        return text
    }
}
