import Foundation

extension Array<Mention> {
    /// The most probable first, as long as it goes with those before; in text order.
    ///
    /// - Parameters:
    ///   - nested: Whether one may lie in another.
    ///   - words: Words of the text.
    func withoutOverlaps(nested: Bool, words: Int) -> [Mention] {
        let candidates = sorted {
            $0.score != $1.score ? $0.score > $1.score : $0.words.isBefore($1.words)
        }
        var chosen: [Mention] = []
        // Those of them that cover each word.
        var covering = [[Int]](repeating: [], count: words)
        for candidate in candidates {
            let goes = candidate.words.allSatisfy { word in
                covering[word].allSatisfy { nested && !chosen[$0].words.crosses(candidate.words) }
            }
            guard goes else { continue }
            for word in candidate.words { covering[word].append(chosen.count) }
            chosen.append(candidate)
        }
        return chosen.sorted { $0.words.isBefore($1.words) }
    }
}

/// The type that is the most probable of a mention, by scores of which the first is that of none.
struct TypeChoice {
    let type: Int
    /// Its probability.
    let share: Float
    /// Probability of each type, given that there is a mention.
    let posterior: [Float]

    /// `nil` where none is as probable, and where scores are no numbers.
    init?(_ scores: ArraySlice<Float>) {
        let shares = scores.softmax
        let types = shares.dropFirst()
        guard let best = types.indices.max(by: { shares[$0] < shares[$1] }), shares[best] > shares[0] else {
            return nil
        }
        let all = types.reduce(0, +)
        (type, share, posterior) = (best - 1, shares[best], types.map { $0 / all })
    }
}

extension ArraySlice<Float> {
    /// Probabilities of scores.
    package var softmax: [Float] {
        let top = self.max() ?? 0
        let powers = map { exp($0 - top) }
        let sum = powers.reduce(0, +)
        return powers.map { $0 / sum }
    }
}

extension Range<Int> {
    /// Text order; of two that begin together, the longer one first.
    func isBefore(_ other: Range<Int>) -> Bool {
        lowerBound != other.lowerBound ? lowerBound < other.lowerBound : upperBound > other.upperBound
    }

    /// Whether two overlap without one lying in the other; the same words twice go together no more than that.
    func crosses(_ other: Range<Int>) -> Bool {
        guard overlaps(other) else { return false }
        return self == other || !(contains(other) || other.contains(self))
    }
}
