import Glibc

extension Explanation {
    /// Explains one post's entities: by an attention layer, where evidence came from; by the masks, where it was seen.
    ///
    /// - Parameters:
    ///   - queries: A row an entity, each as wide as half a row of `keysValues`.
    ///   - keysValues: A row of `[key | value]` for nothing, then one a token, then one a word.
    ///   - tokens: Tokens of the picture; 0 without one.
    ///   - masks: A row an entity, of the probability that each patch shows it; `nil` without a picture.
    static func explain(
        queries: [Float], keysValues: [Float], heads: Int, entities: Int, tokens: Int, masks: [Float]?
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
            let mask = masks.map { $0[(entity * $0.count / entities)..<((entity + 1) * $0.count / entities)] }
            return Explanation(weights, tokens: tokens, mask: mask.map { Array($0) })
        }
    }

    /// What weights of nothing, tokens and words say.
    private init(_ weights: [Float], tokens: Int, mask: [Float]?) {
        let picture = weights[1..<1 + tokens].reduce(0, +)
        let alt = weights[(1 + tokens)...].reduce(0, +)
        let all = picture + alt
        let heat = mask.map(Self.digits) ?? ""
        self.init(alt: all > 0 ? alt / all : 0, picture: all > 0 ? picture / all : 0, heat: heat)
    }

    /// A square of probabilities as 16×16 digits, tenths rounded down; another grid is sampled.
    private static func digits(_ mask: [Float]) -> String {
        let side = Int(Double(mask.count).squareRoot())
        return String(
            (0..<256).map { place in
                let probability = mask[(place / 16) * side / 16 * side + (place % 16) * side / 16]
                return Character("\(min(9, Int(probability * 10)))")
            })
    }
}
