/// Group-relative policy optimisation (Shao et al. 2024) as MAKAR learns grounding with it (EMNLP 2025): of several actions
/// that were sampled for one entity, those become more probable that earned more than the others.
package struct PolicyOptimisation: Sendable {
    /// How far below 1 a ratio of probabilities counts.
    package var clipBelow: Float = 0.2
    /// How far above 1 a ratio of probabilities counts.
    package var clipAbove: Float = 0.3
    /// The largest ratio that an action that earned less than the mean counts with (dual clip, Ye et al. 2020).
    package var dualClip: Float = 3
    /// Weight of the divergence from the policy that the run started from.
    package var divergence: Float = 0.01

    /// The constants of MAKAR.
    package init() {}

    /// One action that was sampled, and what it earned.
    package struct Action: Sendable, Equatable {
        /// Which of the policies chose it, by its position among the runs.
        package var policy: Int
        /// What was chosen, by its position in the run.
        package var choice: Int
        /// How much better than the mean of its group it is.
        package var advantage: Float
        /// Logarithm of its probability when it was sampled.
        package var sampled: Float
        /// Logarithm of its probability by the policy that the run started from.
        package var reference: Float

        /// An action.
        package init(policy: Int, choice: Int, advantage: Float, sampled: Float, reference: Float) {
            self.policy = policy
            self.choice = choice
            self.advantage = advantage
            self.sampled = sampled
            self.reference = reference
        }
    }

    /// How much better each action of a group is than their mean, in standard deviations (of a sample); 0 for a group of one,
    /// and where all earned the same.
    package static func advantages(of rewards: [Float]) -> [Float] {
        guard rewards.count > 1 else { return rewards.map { _ in 0 } }
        let mean = rewards.reduce(0, +) / Float(rewards.count)
        let squares = rewards.reduce(Float(0)) { $0 + ($1 - mean) * ($1 - mean) }
        let deviation = (squares / Float(rewards.count - 1)).squareRoot()
        return rewards.map { ($0 - mean) / (deviation + 1e-6) }
    }

    /// What an action of a ratio `probability now / probability when sampled` loses, and the slope by the logarithm of its
    /// probability.
    func loss(ratio: Double, advantage: Double) -> (value: Double, slope: Double) {
        let held = min(max(ratio, 1 - Double(clipBelow)), 1 + Double(clipAbove))
        let (free, clipped) = (ratio * advantage, held * advantage)
        let floor = advantage < 0 ? Double(dualClip) * advantage : -Double.infinity
        let gain = max(min(free, clipped), floor)
        return (-gain, free <= clipped && free > floor ? -free : 0)
    }

    /// A divergence from the reference that is never negative, and its slope by the logarithm of the probability: with `d` the
    /// reference's logarithm less the policy's, `exp d − d − 1` (Schulman's k3).
    static func divergence(_ difference: Double, power: Double) -> (value: Double, slope: Double) {
        (power - difference - 1, 1 - power)
    }
}
