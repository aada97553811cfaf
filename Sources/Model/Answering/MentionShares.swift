/// What scores say of one mention that is known; the sum of several passes stands for their mean.
package struct MentionShares: Sendable, Equatable {
    /// Probability that there is an entity of whatever type at these words.
    package var span: Float
    /// Probability of each type and of there being an entity, in one.
    package var types: [Float]

    /// Probabilities of one pass.
    package init(types: [Float]) {
        span = types.reduce(0, +)
        self.types = types
    }

    /// Adds what another pass says of the same mention.
    package static func += (sum: inout MentionShares, pass: MentionShares) {
        sum.span += pass.span
        for (type, share) in pass.types.enumerated() { sum.types[type] += share }
    }

    /// How unsure the model is by the mean of so many passes; nothing is said of the region.
    package func uncertainty(passes: Int) -> Uncertainty {
        Uncertainty(span: max(0, 1 - span / Float(passes)), type: types.entropy, region: 0)
    }
}
