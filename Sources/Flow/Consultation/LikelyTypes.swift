import JSON
import Model

/// The types that a mention most probably has, from which one is chosen (GEM, EMNLP Findings 2024).
struct LikelyTypes {
    /// As many as are offered: of the entities of Twitter-GMNER's development posts whose type is in doubt (0.5), the right one is
    /// the likeliest of 60 in 100, among two of 87, and among three of 98.
    static let most = 3

    /// The likeliest first.
    let names: [String]
    /// What the model gives each of them.
    let probabilities: JSONValue

    /// Types by a mention's posterior; `nil` where there is nothing to choose from, as whoever found it has no opinion. The type
    /// that it has is always among them: to say that it is right must be possible.
    init?(of mention: Mention, names: [String]) {
        guard mention.posterior.count == names.count, names.count > 1 else { return nil }
        let ordered = names.indices.sorted {
            (mention.posterior[$1], $0) < (mention.posterior[$0], $1)
        }
        var likely = Array(ordered.prefix(Self.most))
        if !likely.contains(mention.type) { likely[likely.count - 1] = mention.type }
        self.names = likely.map { names[$0] }
        probabilities = .array(likely.map { .number(mention.posterior[$0], decimals: 4) })
    }
}
