import Kernels

/// The mentions that queries are: each the type that is more probable than none, over the words where it most probably
/// begins and ends; the most probable first, as long as it does not overlap with those before.
///
/// MQSPN drops a query whose most probable begin lies behind its most probable end; here begin and end are chosen together.
struct QuerySetDecoder: MentionDecoder {
    let queries: Int
    let types: Int

    /// Of each window those mentions that begin in the words that it owns.
    func mentions(of windows: [ScoredWindow], words: Int) throws(ShapeError) -> [Mention] {
        let candidates = windows.flatMap { window in
            (0..<queries).compactMap { mention(of: $0, in: window) }
        }
        return candidates.withoutOverlaps(nested: false, words: words)
    }

    private func mention(of query: Int, in window: ScoredWindow) -> Mention? {
        let words = window.words.count
        let first = queries * words * 2 + query * (types + 1)
        guard words > 0, let choice = TypeChoice(window.scores[first..<first + types + 1]) else { return nil }
        let places = (0..<words).map { word -> (begin: Float, end: Float) in
            let place = (query * words + word) * 2
            return (logistic(window.scores[place]), logistic(window.scores[place + 1]))
        }
        // The best begin so far is the best for every end from there on.
        var (begin, best) = (0, (words: 0..<1, score: Float(-1)))
        for end in 0..<words {
            if places[end].begin > places[begin].begin { begin = end }
            let score = places[begin].begin * places[end].end
            if score > best.score { best = (begin..<end + 1, score) }
        }
        let span = window.words.lowerBound + best.words.lowerBound..<window.words.lowerBound + best.words.upperBound
        guard best.score > 0, window.owned.contains(span.lowerBound) else { return nil }
        return Mention(
            words: span, type: choice.type, score: choice.share * best.score, posterior: choice.posterior)
    }
}
