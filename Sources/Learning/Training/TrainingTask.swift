package import Kernels
package import Randomness

/// What there is to learn: examples, objectives, and a way to tell how good a model is.
///
/// The loop (``Trainer``) knows nothing of words or pictures; a task knows nothing of steps and workers.
package protocol TrainingTask: Sendable {
    /// One example, ready for the model.
    associatedtype Example: Sendable
    /// What the networks make of some examples.
    associatedtype Forward

    /// What is learned from, in the order in which the terms are worked out and summed.
    var objectives: [WeightedObjective<Forward>] { get }

    /// How much work an example is, in rows: examples of like size go into one batch.
    func size(_ example: Example) -> Int

    /// Runs the networks. Examples may be varied at random (`random`), which must be the only source of chance.
    func forward(
        _ examples: [Example], on tape: Tape, random: inout SeededGenerator
    ) throws(ShapeError) -> Forward

    /// What is done to the parameters, of which alone a checkpoint knows, after step `step` besides learning: bounds, and
    /// what stands still in between. `average` is their running average, where there is one.
    func settle(
        _ parameters: TrainableParameters, average: TrainableParameters?, step: Int, pool: WorkerPool
    ) throws(TrainingError)

    /// How good the parameters are on development data.
    func evaluate(_ parameters: TrainableParameters, pool: WorkerPool) throws(TrainingError) -> Evaluation

    /// Writes the model that these parameters are; called whenever an evaluation beats all before.
    func save(_ parameters: TrainableParameters, evaluation: Evaluation) throws(TrainingError)

    /// What somebody should know before the run begins.
    var notes: [String] { get }
}

extension TrainingTask {
    /// Nothing.
    package func settle(
        _ parameters: TrainableParameters, average: TrainableParameters?, step: Int, pool: WorkerPool
    ) throws(TrainingError) {
    }
}

/// What an evaluation found.
package struct Evaluation: Sendable, Equatable {
    /// The number that decides which model is kept; more is better. `nil` where the development data cannot tell: then
    /// the last model is.
    package var score: Double?
    /// Everything worth a curve, by name.
    package var scalars: [Scalar]

    /// A named number.
    package struct Scalar: Sendable, Equatable {
        /// Name of the curve.
        package var name: String
        /// Its value.
        package var value: Double

        /// A named number.
        package init(_ name: String, _ value: Double) {
            self.name = name
            self.value = value
        }
    }

    /// A score and the numbers beside it.
    package init(score: Double?, scalars: [Scalar]) {
        self.score = score
        self.scalars = scalars
    }
}
