import Randomness

/// Confidence intervals by drawing posts with replacement (Efron & Tibshirani 1993, the percentile interval).
struct Bootstrap {
    /// How many samples to draw.
    var samples: Int
    /// Seed of the draws; a seed gives the same samples for every task.
    var seed: UInt64

    /// The interval that holds the middle 95 % of a score over the samples; `nil` where there is nothing to draw.
    func interval(of posts: [Counts], _ score: (Counts) -> Double) -> ClosedRange<Double>? {
        guard samples > 0, !posts.isEmpty else { return nil }
        var scores: [Double] = []
        scores.reserveCapacity(samples)
        for sample in 0..<samples {
            var random = SeededGenerator(seed: seed, stream: UInt64(sample))
            var sum = Counts()
            for _ in posts.indices { sum += posts[Int.random(in: 0..<posts.count, using: &random)] }
            scores.append(score(sum))
        }
        scores.sort()
        func quantile(_ share: Double) -> Double { scores[Int((share * Double(samples - 1)).rounded())] }
        return quantile(0.025)...quantile(0.975)
    }
}
