package import Kernels
package import Randomness

/// What there is to learn: examples, a loss, and a way to tell how good a model is.
///
/// The loop (``Trainer``) knows nothing of words or pictures; a task knows nothing of steps and workers.
package protocol TrainingTask: Sendable {
    /// One example, ready for the model.
    associatedtype Example: Sendable

    /// How much work an example is, in rows: examples of like size go into one batch.
    func size(_ example: Example) -> Int

    /// The sum of the examples' losses, `1 × 1`. Examples may be varied at random (`random`), which must be the only
    /// source of chance.
    func loss(
        _ examples: [Example], on tape: Tape, random: inout SeededGenerator
    ) throws(ShapeError) -> Tape.Value

    /// How good the parameters are on development data.
    func evaluate(_ parameters: TrainableParameters, pool: WorkerPool) throws(TrainingError) -> Evaluation

    /// Writes the model that these parameters are; called whenever an evaluation beats all before.
    func save(_ parameters: TrainableParameters, evaluation: Evaluation) throws(TrainingError)
}

/// What an evaluation found.
package struct Evaluation: Sendable, Equatable {
    /// The number that decides which model is kept; more is better.
    package var score: Double
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
    package init(score: Double, scalars: [Scalar]) {
        self.score = score
        self.scalars = scalars
    }
}
