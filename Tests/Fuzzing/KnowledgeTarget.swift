import KnowledgeBase
import Randomness

extension FuzzTarget {
    /// Indices of names: what one that is taken finds lies in the text, and is known by someone.
    static let knowledge: FuzzTarget = {
        var builder = IndexBuilder()
        builder.add(KnowledgeEntry(name: "Ann", aliases: ["Ann of Rome", "Anna"], id: "Q1", type: "PER"))
        builder.add(KnowledgeEntry(name: "New Rome", id: "Q2", type: "LOC", description: "a town", weight: 3))
        builder.add(KnowledgeEntry(name: "Rome", type: "LOC", description: "another"))
        builder.add(KnowledgeEntry(name: "Rome", type: "PER"))
        let sample = ((try? builder.contents()) ?? []).flatMap(\.self)
        var target = FuzzTarget(
            name: "knowledge", samples: [sample],
            words: [[0, 0, 0, 0], [255, 255, 255, 255], [1, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 128]]
        ) { _, path in
            guard let base = try? KnowledgeBase(path) else { return false }
            let text = "Ann of Rome met Anna in New Rome, @ann"
            for name in base.names(in: text) {
                try promise(name.scalars.upperBound <= text.unicodeScalars.count, "a name at \(name.scalars)")
                try promise(!name.entities.isEmpty, "a name of nobody")
            }
            for name in ["Ann", "Rome", "New Rome", "Ann of Rome", "nobody"] { _ = base.entities(named: name) }
            return true
        }
        // Most as long as they say.
        target.finish = { bytes, random in
            guard Int.random(in: 0..<8, using: &random) != 0 || bytes == sample else { return bytes }
            return bytes.prefix(sample.count) + [UInt8](repeating: 0, count: max(0, sample.count - bytes.count))
        }
        return target
    }()
}
