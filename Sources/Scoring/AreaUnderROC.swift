/// Area under the receiver operating characteristic: the share of pairs of a positive and a negative example in which the
/// positive one has the higher score, ties counting half (Mann and Whitney's statistic).
///
/// `nil` where there is no such pair, and where a score is no number, which has no place in any order.
package func areaUnderROC(_ examples: [(score: Double, isPositive: Bool)]) -> Double? {
    let positives = examples.count { $0.isPositive }
    let negatives = examples.count - positives
    guard positives > 0, negatives > 0, !examples.contains(where: { $0.score.isNaN }) else { return nil }
    let order = examples.sorted { $0.score < $1.score }
    var wins = 0.0
    var negativesBelow = 0
    var start = 0
    while start < order.count {
        let tied = order[start...].prefix { $0.score == order[start].score }
        let tiedPositives = tied.count { $0.isPositive }
        let tiedNegatives = tied.count - tiedPositives
        wins += Double(tiedPositives) * (Double(negativesBelow) + Double(tiedNegatives) / 2)
        negativesBelow += tiedNegatives
        start = tied.endIndex
    }
    return wins / (Double(positives) * Double(negatives))
}
