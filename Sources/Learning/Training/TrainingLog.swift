import Foundation
import JSON
import Reporting
import SystemPackage

/// Where a run reports: `metrics.jsonl`, a TensorBoard event file, and stderr.
final class TrainingLog {
    /// Steps that one row of the logs sums up.
    private static let interval = 10

    private let metrics: LogFile
    private let events: EventFile
    private let examples: Int
    private var line: TrainingProgress
    private let names: [String]
    private var losses: [Double] = []
    /// The evaluation whose weights are kept, in words; `nil` before the first.
    private(set) var kept: String?
    private var terms: [Double]

    /// - Parameters:
    ///   - terms: names of the objectives.
    ///   - examples: examples of one epoch.
    ///   - epochs: epochs of the run.
    init(
        _ directory: FilePath, terms: [String], progress: ProgressStyle, examples: Int, epochs: Int
    ) throws(TrainingError) {
        metrics = try LogFile(directory.appending("metrics.jsonl"))
        events = try EventFile(directory: directory, wallTime: Self.now)
        self.examples = examples
        names = terms
        self.terms = terms.map { _ in 0 }
        line = TrainingProgress(progress, total: examples * epochs)
    }

    func start(_ position: TrainingPosition) { line.start(done: done(position)) }

    /// Takes a step in: its mean loss and terms, the norm of its gradient, and the schedule's factor.
    func step(
        _ position: TrainingPosition, loss: Double, terms: [Double], norm: Float, rate: Float
    ) throws(TrainingError) {
        losses.append(loss)
        for (place, term) in terms.enumerated() { self.terms[place] += term }
        let mean = losses.reduce(0, +) / Double(losses.count)
        line.show(done: done(position), epoch: position.epoch, loss: mean)
        guard position.step % Self.interval == 0 else { return }
        let means = zip(names, self.terms).map { Evaluation.Scalar($0, $1 / Double(losses.count)) }
        try write(
            [Evaluation.Scalar("loss", mean)] + means + [
                Evaluation.Scalar("gradient_norm", Double(norm)),
                Evaluation.Scalar("rate", Double(rate)),
                Evaluation.Scalar("examples_per_second", line.rate(done: done(position))),
            ], prefix: "train", position)
        losses.removeAll(keepingCapacity: true)
        for place in self.terms.indices { self.terms[place] = 0 }
    }

    /// Takes an evaluation in.
    func evaluation(_ evaluation: Evaluation, _ position: TrainingPosition, isBest: Bool)
        throws(TrainingError)
    {
        let mean = position.lossSum / Double(max(position.lossCount, 1))
        try write(evaluation.scalars + [Evaluation.Scalar("train_loss", mean)], prefix: "dev", position)
        let numbers = evaluation.scalars.map { "\($0.name) \(TrainingProgress.short($0.value, 4))" }
        let place = "epoch \(position.epoch + 1), step \(position.step): "
        line.note(
            place + "train loss \(TrainingProgress.short(mean, 4)), " + numbers.joined(separator: ", ")
                + (isBest ? "  (best)" : ""))
        // Where nothing can be told, the last weights are kept.
        if isBest || evaluation.score == nil {
            kept = place + (numbers.isEmpty ? "no score" : numbers.joined(separator: ", "))
        }
    }

    func note(_ text: String) { line.note(text) }

    func finish() { line.finish() }

    /// Examples seen since the beginning of the run.
    private func done(_ position: TrainingPosition) -> Int {
        position.epoch * examples + position.lossCount
    }

    private func write(
        _ scalars: [Evaluation.Scalar], prefix: String, _ position: TrainingPosition
    ) throws(TrainingError) {
        let place: [JSONValue.Member] = [
            .init("split", .string(prefix)), .init("step", .integer(position.step)),
            .init("epoch", .integer(position.epoch + 1)),
        ]
        var row: [UInt8] = []
        JSONValue.object(place + scalars.map { .init($0.name, .number($0.value)) }).write(into: &row)
        try metrics.append(row + Array("\n".utf8))
        try events.write(
            scalars.map { ("\(prefix)/\($0.name)", Float($0.value)) }, step: position.step,
            wallTime: Self.now)
    }

    private static var now: Double { Date().timeIntervalSince1970 }
}
