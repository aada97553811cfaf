package import Text

/// Says which entity of a knowledge base a mention means.
package struct EntityLinks: Sendable {
    private let base: KnowledgeBase
    private let types: TypeInventory

    /// Links of mentions with types of an inventory.
    package init(_ base: KnowledgeBase, types: TypeInventory) {
        self.base = base
        self.types = types
    }

    /// The id of the best entity that has a name and may have a type (its place in the inventory): one of a type like that,
    /// or else one of which no type is known. `nil` where there is none: what the base says to be something else is not meant.
    package func link(_ name: String, type: Int) -> String? {
        var untyped: String?
        for entity in base.entities(named: name) {
            let like = entity.type.map { types.types(like: $0) } ?? []
            if like.contains(type) { return entity.id }
            if like.isEmpty, untyped == nil { untyped = entity.id }
        }
        return untyped
    }
}
