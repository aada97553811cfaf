import Text

/// What a set of synthesised posts holds.
package struct SynthesisCounts: Sendable, Equatable {
    /// Entities of one type.
    package struct Entities: Sendable, Equatable {
        /// All of them.
        package var all = 0
        /// Those that the picture shows.
        package var visible = 0
        /// Those that have a box.
        package var boxes = 0
    }

    /// Posts.
    package private(set) var posts = 0
    /// Posts whose picture is of another photograph than their text.
    package private(set) var contradictions = 0
    /// Posts with alternative text.
    package private(set) var alt = 0
    /// Entities by type, in the order of `TypeInventory.coarse`.
    package private(set) var types = [Entities](repeating: Entities(), count: TypeInventory.coarse.count)

    /// Counts posts and their entities.
    package init(_ posts: [SynthesizedPost]) {
        self.posts = posts.count
        for post in posts {
            contradictions += post.isContradiction ? 1 : 0
            alt += post.alt == nil ? 0 : 1
            for entity in post.entities {
                types[entity.typeIndex].all += 1
                types[entity.typeIndex].visible += entity.visible ? 1 : 0
                types[entity.typeIndex].boxes += entity.box == nil ? 0 : 1
            }
        }
    }

    /// Entities of every type.
    package var total: Entities {
        types.reduce(into: Entities()) { total, type in
            total.all += type.all
            total.visible += type.visible
            total.boxes += type.boxes
        }
    }

    /// The counts as lines of name and number, tabs between.
    package var table: String {
        var lines = [
            "posts\t\(posts)", "contradictions\t\(contradictions)", "alt\t\(alt)", "type\tentities\tvisible\tboxes",
        ]
        for (name, count) in zip(TypeInventory.coarse.names + ["all"], types + [total]) {
            lines.append("\(name)\t\(count.all)\t\(count.visible)\t\(count.boxes)")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
