import Geometry

/// An entity with its number: marked in the text, as an item of the list, and as boxes in a picture.
struct EntityItem {
    let entity: PageEntity
    let number: Int

    private var type: String { entity.type.shortened(to: 60) }
    private var name: String { entity.name.shortened(to: 300) }

    private var classes: HTML {
        let verdict: HTML =
            switch entity.verdict {
            case nil: .nothing
            case .right: " right"
            case .wrong: " wrong"
            case .missed: " missed"
            }
        return "c\(TypeColour.of(entity.type))\(verdict)\(entity.isShared ? " shared" : "")"
    }

    /// How it stands in the text; `nil` where it does not.
    var mark: MarkedText.Mark? {
        guard let scalars = entity.scalars else { return nil }
        return MarkedText.Mark(
            scalars: scalars,
            attributes: "class=\"\(classes)\" data-n=\"\(number)\" title=\"\(facts.joined(separator: ", "))\"",
            label: "<small>\(sign)\(type)\(hasBox ? " \(number)" : "")</small>")
    }

    private var hasBox: Bool { !entity.boxes.isEmpty || !entity.rightBoxes.isEmpty }

    /// Right and wrong, for who cannot tell colours.
    private var sign: String {
        switch entity.verdict {
        case nil: ""
        case .right: "✓ "
        case .wrong: "✗ "
        case .missed: "? "
        }
    }

    /// The item of the list.
    var html: HTML {
        let tag: HTML = hasBox ? "<i>\(number)</i>" : .nothing
        let facts = facts.dropFirst().map { " <span>\($0)</span>" as HTML }
        return """
            <li class="\(classes)" data-n="\(number)" value="\(number)">\(tag)<bdi>\(name)</bdi> <b>\(sign)\(type)</b>\(facts)</li>

            """
    }

    /// What is known of it, its type first.
    private var facts: [String] {
        var facts = [type]
        switch entity.verdict {
        case nil, .right: break
        case .wrong(let reason): facts.append("wrong: \(reason.shortened(to: 200))")
        case .missed: facts.append("missed")
        }
        if let score = entity.score { facts.append("score \(score.rounded(to: 3))") }
        if let visible = entity.visible { facts.append("visible \(visible.rounded(to: 3))") }
        for box in entity.boxes.prefix(4) {
            let edges = [box.x1, box.y1, box.x2, box.y2].map { Double($0).rounded(to: 1) }
            facts.append("box \(edges.joined(separator: " "))")
        }
        if entity.boxes.isEmpty, entity.visible != nil { facts.append("no box") }
        if let score = entity.boxScore { facts.append("box score \(score.rounded(to: 3))") }
        return facts
    }

    // MARK: Pixels and boxes

    /// The outlines of its pixels over a picture of this size; `nil` where there are none.
    func shape(in size: ImageSize) -> HTML? {
        let corners = entity.outlines.prefix(50).map { $0.prefix(2000) }.filter { outline in
            outline.count > 2 && outline.allSatisfy { $0.x.isFinite && $0.y.isFinite }
        }
        guard !corners.isEmpty else { return nil }
        let paths = corners.map { outline in
            outline.map { "\(Double($0.x).rounded(to: 1)) \(Double($0.y).rounded(to: 1))" }.joined(separator: "L")
        }
        return """
            <svg class="shape \(classes)" data-n="\(number)" viewBox="0 0 \(size.width) \(size.height)" \
            preserveAspectRatio="none" aria-hidden="true"><path d="\(paths.map { "M\($0)Z" }.joined())"/></svg>
            """
    }

    /// Boxes in a picture of this size, as far as they lie in it; `isRight`: those that gold has.
    func boxes(_ boxes: [PixelBox], in size: ImageSize, isRight: Bool) -> [HTML] {
        boxes.prefix(20).compactMap { box -> HTML? in
            guard let (left, top, right, bottom) = Self.shares(box.ordered, of: size) else { return nil }
            let place: HTML = """
                left:\(left.rounded(to: 4))%;top:\(top.rounded(to: 4))%;\
                width:\((right - left).rounded(to: 4))%;height:\((bottom - top).rounded(to: 4))%
                """
            let more: HTML = isRight ? " gold" : .nothing
            let tag = "\(number)\(isRight ? " gold" : "")"
            return """
                <span class="box \(classes)\(more)" data-n="\(number)" style="\(place)" title="\(number) \(name): \
                \(facts.joined(separator: ", "))"><b>\(tag)</b></span>
                """
        }
    }

    /// Edges in percent of a picture's sides; `nil` for a box that is not in it.
    private static func shares(_ box: PixelBox, of size: ImageSize) -> (Double, Double, Double, Double)? {
        let edges = [box.x1, box.y1, box.x2, box.y2].map(Double.init)
        guard edges.allSatisfy(\.isFinite) else { return nil }
        let sides = [size.width, size.height, size.width, size.height]
        let shares = zip(edges, sides).map { min(max(0, $0 / Double($1) * 100), 100) }
        guard shares[0] < shares[2], shares[1] < shares[3] else { return nil }
        return (shares[0], shares[1], shares[2], shares[3])
    }
}
