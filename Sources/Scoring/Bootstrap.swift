import Randomness

/// Confidence intervals by drawing posts with replacement (Efron & Tibshirani 1993, the percentile interval).
package struct Bootstrap: Sendable {
    /// How many samples to draw.
    package var samples: Int
    /// Seed of the draws; a seed gives the same samples for every score, so that differences are of pairs.
    package var seed: UInt64

    /// A way to draw.
    package init(samples: Int = 1000, seed: UInt64 = 0) {
        self.samples = samples
        self.seed = seed
    }

    /// The interval that holds the middle 95 % of a score over the samples; `nil` where there is nothing to draw.
    ///
    /// - Parameter score: Of posts, by their positions, some of which come several times; `nil` where it has no value, which
    ///   leaves the sample out.
    package func interval(of posts: Int, _ score: ([Int]) -> Double?) -> ClosedRange<Double>? {
        Self.middle(draws(of: posts, score))
    }

    /// The scores of the samples, in order of their size; none where there is nothing to draw.
    package func draws(of posts: Int, _ score: ([Int]) -> Double?) -> [Double] {
        guard samples > 0, posts > 0 else { return [] }
        var scores: [Double] = []
        scores.reserveCapacity(samples)
        for sample in 0..<samples {
            var random = SeededGenerator(seed: seed, stream: UInt64(sample))
            let drawn = (0..<posts).map { _ in Int.random(in: 0..<posts, using: &random) }
            if let score = score(drawn) { scores.append(score) }
        }
        return scores.sorted()
    }

    /// What holds the middle 95 % of scores in order; `nil` of none.
    static func middle(_ scores: [Double]) -> ClosedRange<Double>? {
        guard !scores.isEmpty else { return nil }
        func quantile(_ share: Double) -> Double {
            scores[Int((share * Double(scores.count - 1)).rounded())]
        }
        return quantile(0.025)...quantile(0.975)
    }

    /// The same for a score of sums over posts.
    func interval(of posts: [Counts], _ score: (Counts) -> Double) -> ClosedRange<Double>? {
        interval(of: posts.count) { drawn in score(drawn.reduce(into: Counts()) { $0 += posts[$1] }) }
    }
}
