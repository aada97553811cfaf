import Model

/// An exponential moving average of the parameters (Polyak & Juditsky 1992, with forgetting).
///
/// Taken every tenth step, which is as good and a tenth of the memory traffic.
final class WeightAverage: Sendable {
    static let interval = 10
    let parameters: TrainableParameters
    private let decay: Float

    /// - Parameter decay: share of the old average that a step keeps.
    init(of parameters: TrainableParameters, decay: Float) {
        self.parameters = TrainableParameters(layout: parameters.layout, seed: 0)
        // An evaluation before the first update judges, and may keep, what there is.
        self.parameters.values.all.copy(from: parameters.values.all)
        var power: Float = 1
        for _ in 0..<Self.interval { power *= decay }
        self.decay = power
    }

    /// Takes the parameters in after step `step`, counted from 1. Early on, the average forgets faster, so that it does
    /// not remember the start.
    func update(from current: TrainableParameters, step: Int, pool: WorkerPool) {
        guard step % Self.interval == 0 else { return }
        let updates = Float(step / Self.interval)
        let keep = min(decay, (updates - 1) / (updates + 9))
        let piece = 1 << 18
        pool.run((current.count + piece - 1) / piece) { index in
            let range = index * piece..<min((index + 1) * piece, current.count)
            self.parameters.values[range].mix(current.values[range], keep: keep)
        }
    }
}

extension FloatView {
    /// `self ← keep · self + (1 − keep) · other`, where numbers that are the same in both stay as they are.
    func mix(_ other: FloatView, keep: Float) {
        precondition(other.count == count)
        var target = self
        var span = target.mutableSpan
        let source = other.span
        let take = 1 - keep
        for index in 0..<source.count {
            unsafe span[unchecked: index] += unsafe take * (source[unchecked: index] - span[unchecked: index])
        }
    }
}
