import Geometry

/// A post as an element of a page: its text with entities marked, what is known of these, its pictures with their boxes.
///
/// Entities are numbered through; what has the same `data-n` in a post is the same entity in text, list and picture.
struct PostArticle {
    /// Entities that are listed of a post.
    static let most = 400

    let post: PagePost
    /// Its place on all pages, from 1.
    let number: Int

    /// The element. Types are numbered by `types`, for the filter.
    func html(_ types: inout PageTypes) -> HTML {
        let numbers = Set(post.entities.map { types.number(of: $0.type) }).sorted()
        let properties = self.properties
        let counted: HTML = "\(numbers.map { "\($0) " as HTML })"
        let flags: HTML = "\(properties.map { "\($0) " as HTML })"
        let body: HTML = """
            <div class="words">\(texts)\(remarks)</div>
            \(pictures)
            """
        return """
            <article id="p\(number)" tabindex="-1" data-is="\(flags)" data-types="\(counted)">
            \(heading)
            \(body)
            </article>

            """
    }

    /// What the filter can ask for.
    private var properties: [String] {
        let kinds = Set(post.remarks.map(\.kind))
        var properties = post.flags.map(\.rawValue)
        if post.entities.contains(where: { !$0.boxes.isEmpty }) { properties.append("box") }
        if kinds.contains(.error) || kinds.contains(.warning) { properties.append("trouble") }
        if post.entities.contains(where: { $0.verdict != nil && $0.verdict != .right }) { properties.append("differs") }
        return properties
    }

    private var heading: HTML {
        let name = post.line.map { "line \($0)" } ?? "\(number)"
        let id = post.id.map { " <bdi class=\"id\">id \($0.shortened(to: 100))</bdi>" as HTML } ?? .nothing
        let kinds = Set(post.remarks.map(\.kind)).subtracting([.note]).map(\.rawValue).sorted()
        let badges = kinds.map { " <span class=\"badge \($0)\">\($0)</span>" as HTML }
        return "<header><a href=\"#p\(number)\">\(name)</a>\(id)\(badges)</header>"
    }

    private var remarks: HTML {
        let remarks = Set(post.remarks).sorted { ($0.kind.rawValue, $0.message) < ($1.kind.rawValue, $1.message) }
        guard !remarks.isEmpty else { return .nothing }
        let items = remarks.prefix(50).map { remark in
            "<li class=\"\(remark.kind.rawValue)\">\(remark.message.shortened(to: 1000))</li>\n" as HTML
        }
        return "<ul class=\"remarks\">\n\(items)</ul>\n"
    }

    // MARK: Texts and entities

    private var texts: HTML {
        var first = 1
        var pieces: [HTML] = []
        for side in post.sides.isEmpty ? [PagePost.Side(entities: [])] : post.sides {
            let entities = side.entities.prefix(Self.most).enumerated().map { index, entity in
                EntityItem(entity: entity, number: first + index)
            }
            first += entities.count
            let label = side.label.map { "<b class=\"side\">\($0)</b> " as HTML } ?? .nothing
            if let text = post.text {
                let marked = MarkedText(text, entities.compactMap(\.mark)).html
                pieces.append("<p class=\"text\" dir=\"auto\">\(label)\(marked)</p>\n")
            } else {
                pieces.append("<p class=\"text none\">\(label)text not known</p>\n")
            }
            let left = side.entities.count - entities.count
            let more: HTML = left > 0 ? "<li>… and \(left) more</li>\n" : .nothing
            if !entities.isEmpty { pieces.append("<ol class=\"entities\">\n\(entities.map(\.html))\(more)</ol>\n") }
        }
        return HTML(pieces)
    }

    // MARK: Pictures

    private var pictures: HTML {
        let entities = post.sides.flatMap { $0.entities.prefix(Self.most) }
        let numbered = entities.enumerated().map { EntityItem(entity: $1, number: $0 + 1) }
        let figures = post.pictures.enumerated().compactMap { index, picture in
            figure(picture, numbered.filter { $0.entity.picture == index }, index)
        }
        return figures.isEmpty ? .nothing : "<div class=\"pictures\">\n\(figures)</div>"
    }

    private func figure(_ picture: PagePicture, _ entities: [EntityItem], _ index: Int) -> HTML? {
        guard picture.size.width > 0, picture.size.height > 0 else { return nil }
        let alt = picture.alt ?? ""
        let image: HTML =
            if let source = picture.source {
                "<img src=\"\(source)\" alt=\"\(alt.shortened(to: 1000))\" loading=\"lazy\" decoding=\"async\">"
            } else {
                "<span class=\"gone\">picture not on this page</span>"
            }
        let boxes = entities.map { item in
            [item.shape(in: picture.size)].compactMap(\.self)
                + item.boxes(item.entity.boxes, in: picture.size, isRight: false)
                + item.boxes(item.entity.rightBoxes, in: picture.size, isRight: true)
        }
        let caption: HTML = alt.isEmpty ? .nothing : "<figcaption dir=\"auto\">\(alt.shortened(to: 300))</figcaption>"
        let place: HTML = post.pictures.count > 1 ? " title=\"picture \(index)\"" : .nothing
        return """
            <figure\(place)><div class="frame" style="--w:\(picture.size.width);--h:\(picture.size.height)">\(image)\
            \(boxes.map { HTML($0) })</div>\(caption)</figure>

            """
    }
}

extension String {
    /// The text, cut where it is longer than so many scalars.
    func shortened(to most: Int) -> String {
        let scalars = unicodeScalars
        guard let end = scalars.index(scalars.startIndex, offsetBy: most, limitedBy: scalars.endIndex),
            end < scalars.endIndex
        else { return self }
        return String(scalars[..<end]) + "…"
    }
}
