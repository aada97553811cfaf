import Glibc

extension Explanation {
    /// Explains one post's entities by an attention layer.
    ///
    /// - Parameters:
    ///   - queries: A row an entity, each as wide as half a row of `keysValues`.
    ///   - keysValues: A row of `[key | value]` for nothing, then one a token, then one a word.
    ///   - tokens: Tokens of the picture; 0 without one.
    ///   - patches: How many of the tokens, at their end, are patches.
    static func explain(
        queries: [Float], keysValues: [Float], heads: Int, entities: Int, tokens: Int, patches: Int
    ) -> [Explanation] {
        let width = queries.count / max(entities, 1)
        let rows = keysValues.count / (2 * width)
        return (0..<entities).map { entity in
            var weights = [Float](repeating: 0, count: rows)
            for head in 0..<heads {
                let columns = head * width / heads..<(head + 1) * width / heads
                let scale = 1 / Float(columns.count).squareRoot()
                let scores = (0..<rows).map { row in
                    scale
                        * columns.reduce(Float(0)) {
                            $0 + queries[entity * width + $1] * keysValues[row * 2 * width + $1]
                        }
                }
                let top = scores.max() ?? 0
                let powers = scores.map { exp($0 - top) }
                let sum = powers.reduce(0, +) * Float(heads)
                for row in 0..<rows { weights[row] += powers[row] / sum }
            }
            return Explanation(weights, tokens: tokens, patches: patches)
        }
    }

    /// What weights of nothing, tokens and words say.
    private init(_ weights: [Float], tokens: Int, patches: Int) {
        let picture = weights[1..<1 + tokens].reduce(0, +)
        let alt = weights[(1 + tokens)...].reduce(0, +)
        let all = picture + alt
        let heat = tokens > 0 ? Self.digits(Array(weights[1 + tokens - patches..<1 + tokens])) : ""
        self.init(alt: all > 0 ? alt / all : 0, picture: all > 0 ? picture / all : 0, heat: heat)
    }

    /// A square of weights as 16×16 digits relative to its peak; another grid is sampled.
    private static func digits(_ weights: [Float]) -> String {
        let side = Int(Double(weights.count).squareRoot())
        let peak = weights.max() ?? 0
        guard peak > 0 else { return String(repeating: "0", count: 256) }
        let sampled = (0..<256).map { place in
            weights[(place / 16) * side / 16 * side + (place % 16) * side / 16]
        }
        return String(sampled.map { Character("\(Int(($0 / peak * 9).rounded()))") })
    }
}
