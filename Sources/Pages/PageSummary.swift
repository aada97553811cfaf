/// What the posts of all pages are, in numbers.
package struct PageSummary: Sendable {
    /// Types and how often they are there.
    package var types = PageTypes()
    /// Posts.
    package private(set) var posts = 0
    private var entities = 0
    private var boxes = 0
    private var errors = 0
    private var warnings = 0
    private var right = 0
    private var wrong = 0
    private var missed = 0
    /// Whether there was gold to compare with, though it may have had nothing.
    package var hasGold = false
    /// Whether those are posts on which two sides differ.
    package var isComparison = false
    /// What the filter asks for besides.
    package var flags: [PageFlag] = []

    /// Nothing yet.
    package init() {}

    /// Counts a post.
    package mutating func add(_ post: PagePost) {
        posts += 1
        errors += post.remarks.contains { $0.kind == .error } ? 1 : 0
        warnings += post.remarks.contains { $0.kind == .warning } ? 1 : 0
        for entity in post.entities {
            switch entity.verdict {
            case nil: break
            case .right: right += 1
            case .wrong: wrong += 1
            case .missed: missed += 1
            }
            // What nobody said is not among the answers.
            guard entity.verdict != .missed else { continue }
            entities += 1
            boxes += entity.boxes.isEmpty ? 0 : 1
            types.count(entity.type)
        }
    }

    /// The numbers as a list.
    var html: HTML {
        var items = [item(posts, posts == 1 ? "post" : "posts")]
        if isComparison {
            return "<p><b>\(posts)</b> \(posts == 1 ? "post differs" : "posts differ"):</p>\n"
        }
        items.append(item(entities, entities == 1 ? "entity" : "entities"))
        for type in types.byFrequency.prefix(12) where type.count > 0 {
            items.append(
                """
                <li class="c\(TypeColour.of(type.name))"><b>\(type.count)</b> <mark class="c\(TypeColour.of(type.name))">\
                \(type.name.shortened(to: 60))</mark></li>

                """)
        }
        items.append(item(boxes, boxes == 1 ? "box" : "boxes"))
        items.append(item(errors, errors == 1 ? "error" : "errors"))
        items.append(item(warnings, "with warnings"))
        if hasGold { items += [item(right, "✓ right"), item(wrong, "✗ wrong"), item(missed, "? missed")] }
        return "<ul class=\"summary\">\n\(items)</ul>\n"
    }

    private func item(_ count: Int, _ name: String) -> HTML { "<li><b>\(count)</b> \(name)</li>\n" }

    /// The form that chooses posts. It does nothing without the script, which shows it.
    var filter: HTML {
        let types = types.byFrequency.prefix(100).map { type in
            "<option value=\"\(type.number)\">\(type.name.shortened(to: 60))</option>\n" as HTML
        }
        let differs: HTML =
            hasGold && !isComparison
            ? "<label><input type=\"checkbox\" name=\"differs\"> disagrees with gold</label>\n" : .nothing
        let flags = flags.map { flag in
            "<label><input type=\"checkbox\" name=\"\(flag.rawValue)\"> \(flag.label)</label>\n" as HTML
        }
        return """
            <form id="filter" hidden>
            <label>Type <select name="type"><option value="">all</option>
            \(types)</select></label>
            <label><input type="checkbox" name="box"> has a box</label>
            <label><input type="checkbox" name="trouble"> error or warning</label>
            \(differs)\(flags)<label>Search <input type="search" name="search" placeholder="/" autocomplete="off"></label>
            <output></output>
            <button type="reset" title="show all posts">clear</button>
            <button type="button" name="help" title="keys">?</button>
            </form>

            """
    }
}
