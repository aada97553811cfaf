import Text
import Corpora

/// Gold posts and the predictions for them, put side by side.
struct Alignment {
    /// The entities of each post that can be right or wrong, types of the predictions spelled as in gold.
    private(set) var pairs: [(gold: [LabelledEntity], predicted: [LabelledEntity])] = []

    /// Both sides must have the same posts, and predictions must fit the gold texts.
    init(gold: LabelledData, predicted: LabelledData, identity: EntityIdentity) throws(DataError) {
        try predicted.requireToldApart()
        let byID = Dictionary(predicted.posts.map { ($0.id.exact, $0) }, uniquingKeysWith: { first, _ in first })
        let missing = predicted.leavesOutEmpty ? [] : gold.posts.filter { byID[$0.id.exact] == nil }
        if let post = missing.first {
            throw DataError("gold posts without a prediction: \(missing.count); the first is \(post.id)")
        }
        let ids = Set(gold.posts.map(\.id.exact))
        let extra = predicted.posts.filter { !ids.contains($0.id.exact) }
        if let post = extra.first {
            throw DataError("predicted posts that are not in gold: \(extra.count); the first is \(post.id)")
        }
        let isFine = gold.posts.contains { $0.entities.contains { $0.fineType != nil } }
        // Types go by their usual names, whatever gold is written in.
        let inventory = gold.inventory ?? (try? TypeInventory(gold.typeNames))
        for post in gold.posts {
            var said = byID[post.id.exact]?.entities ?? []
            for index in said.indices {
                if isFine { Self.raise(&said[index], unlessAmong: gold.inventory) }
                guard let inventory, let type = inventory.index(of: said[index].type) else { continue }
                said[index].type = inventory.names[type]
            }
            switch identity {
            case .place:
                if let other = byID[post.id.exact] { try Self.check(other, against: post) }
                add(post.entities, said)
            case .name:
                for index in said.indices where said[index].name.isEmpty {
                    said[index].name = try Self.name(of: said[index], in: post)
                }
                var places: [ExactString: Int] = [:]
                add(Self.named(post.entities, &places), Self.named(said, &places))
            }
        }
    }

    /// Puts a post's entities side by side, but for those that gold is unsure of.
    private mutating func add(_ gold: [LabelledEntity], _ predicted: [LabelledEntity]) {
        let sure = gold.filter { !$0.isUnsure }
        let open = Set(gold.lazy.filter(\.isUnsure).map(\.scalars)).subtracting(sure.lazy.map(\.scalars))
        pairs.append((sure, predicted.filter { !open.contains($0.scalars) }))
    }

    /// A model that learned fine types answers with these alone: such a type is the fine one, and its parent the other.
    private static func raise(_ said: inout LabelledEntity, unlessAmong coarse: TypeInventory?) {
        let fine = TypeInventory.fmnergFine
        guard said.fineType == nil, coarse?.index(of: said.type) == nil, let type = fine.index(of: said.type),
            let parent = fine.parentName(of: type)
        else { return }
        (said.type, said.fineType) = (parent, fine.names[type])
    }

    private static func check(_ said: LabelledPost, against post: LabelledPost) throws(DataError) {
        guard post.isTextKnown else { return }
        let place = "post \(post.id) (line \(said.line) of the predictions)"
        guard !said.isTextKnown || said.text.utf8.elementsEqual(post.text.utf8) else {
            throw DataError("\(place) has another text than gold")
        }
        guard !said.isTextKnown else { return }
        let scalars = Array(post.text.unicodeScalars)
        for entity in said.entities {
            guard entity.scalars.upperBound <= scalars.count else {
                throw DataError(
                    "\(place): “\(entity.name)” ends at \(entity.scalars.upperBound), gold at \(scalars.count)"
                )
            }
            let written = scalars.text(entity.scalars)
            guard entity.name.isEmpty || entity.name == written else {
                throw DataError("\(place): predicted “\(entity.name)” stands where gold has “\(written)”")
            }
        }
    }

    /// What gold has at an entity's place: the name of a prediction that came without.
    private static func name(of entity: LabelledEntity, in post: LabelledPost) throws(DataError) -> String {
        let scalars = Array(post.text.unicodeScalars)
        guard post.isTextKnown, entity.scalars.upperBound <= scalars.count else {
            throw DataError(post, "a prediction without “entity” at \(entity.scalars), where gold has no text")
        }
        return scalars.text(entity.scalars)
    }

    /// The entities with a place that stands for their name and its number among equal names. Both sides share `places`.
    private static func named(_ entities: [LabelledEntity], _ places: inout [ExactString: Int]) -> [LabelledEntity] {
        var seen: [ExactString: Int] = [:]
        return entities.map { entity in
            seen[entity.name.exact, default: 0] += 1
            let key = "\(seen[entity.name.exact] ?? 0) \(entity.name)".exact
            let place = places[key] ?? places.count
            places[key] = place
            var entity = entity
            entity.scalars = place..<place + 1
            return entity
        }
    }
}
