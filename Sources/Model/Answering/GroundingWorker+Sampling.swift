import Kernels

extension GroundingWorker {
    /// Says how unsure the model is of the regions of some mentions, by passes with dropout. The answers stay as they are.
    ///
    /// - Parameter judge: Judges them again with a rate of dropout.
    func addSamples(
        _ mentions: inout ArraySlice<Mention>, seed: UInt64, _ judge: (Float) throws(ShapeError) -> [RegionVerdict]
    ) throws(ShapeError) {
        defer { evaluator.dropoutStream = nil }
        var shares = [Float](repeating: 0, count: mentions.count)
        for pass in 0..<Sampling.passes {
            evaluator.dropoutStream = Sampling.stream(seed, pass: pass, of: .regions)
            let verdicts = try judge(Sampling.dropout)
            for (place, mention) in mentions.enumerated() {
                shares[place] += verdicts[place].share(ofBox: mention.box != nil)
            }
        }
        for (place, index) in mentions.indices.enumerated() {
            mentions[index].sampled?.region = max(0, 1 - shares[place] / Float(Sampling.passes))
        }
    }
}
