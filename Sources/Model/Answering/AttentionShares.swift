import Glibc

extension Mention.Attention {
    /// Where the evidence for one post's mentions came from, by an attention layer.
    ///
    /// - Parameters:
    ///   - queries: A row a mention, each as wide as half a row of `keysValues`.
    ///   - keysValues: A row of `[key | value]` for nothing, then one a token, then one a word.
    ///   - tokens: Tokens of the picture; 0 without one.
    static func shares(
        queries: [Float], keysValues: [Float], heads: Int, mentions: Int, tokens: Int
    ) -> [Mention.Attention] {
        let width = queries.count / max(mentions, 1)
        let rows = keysValues.count / (2 * width)
        return (0..<mentions).map { mention in
            var weights = [Float](repeating: 0, count: rows)
            for head in 0..<heads {
                let columns = head * width / heads..<(head + 1) * width / heads
                let scale = 1 / Float(columns.count).squareRoot()
                let scores = (0..<rows).map { row in
                    scale
                        * columns.reduce(Float(0)) {
                            $0 + queries[mention * width + $1] * keysValues[row * 2 * width + $1]
                        }
                }
                let top = scores.max() ?? 0
                let powers = scores.map { exp($0 - top) }
                let sum = powers.reduce(0, +) * Float(heads)
                for row in 0..<rows { weights[row] += powers[row] / sum }
            }
            let picture = weights[1..<1 + tokens].reduce(0, +)
            let alt = weights[(1 + tokens)...].reduce(0, +)
            let all = picture + alt
            return Mention.Attention(alt: all > 0 ? alt / all : 0, picture: all > 0 ? picture / all : 0)
        }
    }
}
