package import Corpora
import Randomness

/// Labelled texts, varied: where a text has an entity, the variation may have another one of its type, as it stands in another
/// text or in a list of names (Dai & Adel, An Analysis of Simple Data Augmentation for Named Entity Recognition, COLING 2020,
/// "mention replacement"). What a model learns of few texts are then their other words, and of names how different they are.
package struct MentionReplacement: Sendable {
    /// Share of entities that stay.
    private static let kept: Float = 0.2
    /// Share of entities that become one of another text; the others become one of the list, if that has one of the type.
    private static let borrowed: Float = 0.3

    /// Words of entities of the texts, type by type.
    private let own: [String: [[String]]]
    /// Names of the list, type by type.
    private let listed: [String: [[String]]]
    private let seed: UInt64

    /// Variations of texts like these.
    ///
    /// - Parameters:
    ///   - posts: texts whose entities may stand for each other.
    ///   - names: further names, by the type that they have in these texts.
    ///   - seed: the same texts, names and seed give the same variations.
    package init(posts: [LabelledPost], names: [(name: String, type: String)], seed: UInt64) {
        var own: [String: [[String]]] = [:]
        for post in posts {
            for entity in post.entities { own[entity.type, default: []].append(Array(post.words[entity.words])) }
        }
        var listed: [String: [[String]]] = [:]
        for (name, type) in names where own[type] != nil {
            let words = Self.words(of: name)
            if !words.isEmpty { listed[type, default: []].append(words) }
        }
        (self.own, self.listed, self.seed) = (own, listed, seed)
    }

    /// So many variations of a text, which is the one of this number. Of entities that overlap, the first one of the longest is
    /// varied, and the others are left out. Pictures, boxes and what is known of the post stay behind: they are of other names.
    package func variations(of post: LabelledPost, number: Int, count: Int) -> [LabelledPost] {
        (0..<count).map { variation in
            var random = SeededGenerator(seed: seed, stream: UInt64(number), UInt64(variation))
            return vary(post, "\(post.id)-\(variation + 1)", &random)
        }
    }

    private func vary(_ post: LabelledPost, _ id: String, _ random: inout SeededGenerator) -> LabelledPost {
        var words: [String] = []
        var entities: [(words: Range<Int>, type: String)] = []
        var next = 0
        for entity in post.entitiesApart {
            words += post.words[next..<entity.words.lowerBound]
            let old = Array(post.words[entity.words])
            let start = words.count
            words += Self.styled(other(than: old, entity.type, &random), like: old)
            entities.append((start..<words.count, entity.type))
            next = entity.words.upperBound
        }
        words += post.words[next...]
        return LabelledPost(id: id, words: words, entities: entities)
    }

    /// What stands in an entity's place.
    private func other(than old: [String], _ type: String, _ random: inout SeededGenerator) -> [String] {
        let draw = random.uniform()
        if draw < Self.kept { return old }
        if draw >= Self.kept + Self.borrowed, let name = listed[type]?.randomElement(using: &random) { return name }
        return own[type]?.randomElement(using: &random) ?? old
    }

    /// A name of a type for a place that nothing stands in: of the list or of the texts, in the shares of variations, and now and
    /// then in small letters or in capitals.
    func name(of type: String, _ random: inout SeededGenerator) -> [String] {
        let fromList = random.uniform() >= Self.borrowed ? listed[type]?.randomElement(using: &random) : nil
        let name = fromList ?? own[type]?.randomElement(using: &random) ?? []
        let draw = random.uniform()
        if draw < 0.08 { return name.map { $0.lowercased() } }
        return draw < 0.13 ? name.map { $0.uppercased() } : name
    }

    /// People write names in capitals, or in none.
    private static func styled(_ new: [String], like old: [String]) -> [String] {
        let letters = old.joined().filter(\.isCased)
        guard letters.count > 2 else { return new }
        if letters.allSatisfy(\.isUppercase) { return new.map { $0.uppercased() } }
        return letters.allSatisfy(\.isLowercase) ? new.map { $0.lowercased() } : new
    }

    /// Words of a name, as texts that come split have them: what a list adds in brackets is no part of the name.
    private static func words(of name: String) -> [String] {
        let bare = name.prefix { $0 != "(" && $0 != "[" }
        return bare.replacing(",", with: " , ").split(whereSeparator: \.isWhitespace).map(String.init)
    }
}

extension LabelledPost {
    /// Entities of which none overlaps another: of those that do, the longest, and of equally long ones the first.
    var entitiesApart: [LabelledEntity] {
        var apart: [LabelledEntity] = []
        for entity in entities.sorted(by: {
            ($1.words.count, $0.words.lowerBound) < ($0.words.count, $1.words.lowerBound)
        })
        where !entity.words.isEmpty && !apart.contains(where: { $0.words.overlaps(entity.words) }) {
            apart.append(entity)
        }
        return apart.sorted { $0.words.lowerBound < $1.words.lowerBound }
    }
}
