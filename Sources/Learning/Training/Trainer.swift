import Files
import JSON
import Kernels
import Model
import Randomness
import SystemPackage

/// The loop: batches, shards on workers, updates, evaluations, checkpoints, logs.
///
/// Deterministic: the seed and the settings decide the outcome, bit for bit, whatever the number of workers and
/// wherever the run was interrupted and resumed.
package final class Trainer<Task: TrainingTask> {
    private let task: Task
    private let examples: [Task.Example]
    private let sizes: [Int]
    private let settings: LoopSettings
    private let checkpointInterval: Int
    private let parameters: TrainableParameters
    private let optimizer: AdamW
    private let average: WeightAverage?
    private let pool: WorkerPool
    private let shards: [Shard<Task>]
    private let schedule: LearningRateSchedule
    private let identity: JSONValue
    private let checkpoint: FilePath
    private var position = TrainingPosition()
    private let log: TrainingLog

    /// - Parameters:
    ///   - groups: a rate and a decay for each parameter.
    ///   - place: its folder `training` gets `checkpoint`, `metrics.jsonl` and the event file.
    package init(
        _ task: Task, examples: [Task.Example], parameters: TrainableParameters, groups: [ParameterGroup],
        settings: TrainerSettings, at place: RunPlace
    ) throws(TrainingError) {
        let (loop, optimizer) = (settings.loop, settings.optimizer)
        guard !examples.isEmpty else { throw TrainingError(.data, "there is no example to learn from") }
        self.task = task
        self.examples = examples
        self.settings = loop
        checkpointInterval = place.checkpointInterval
        self.parameters = parameters
        sizes = examples.map(task.size)
        self.optimizer = AdamW(parameters, groups: groups, settings: optimizer)
        average = loop.averaging > 0 ? WeightAverage(of: parameters, decay: loop.averaging) : nil
        pool = WorkerPool(workers: place.jobs)
        shards = (0..<loop.shards).map { _ in Shard(parameters, objectives: task.objectives) }
        let batches = (examples.count + loop.batch - 1) / loop.batch
        schedule = LearningRateSchedule(steps: batches * loop.epochs, warmup: loop.warmup, decay: loop.schedule)
        identity = settings.identity(parameters: parameters.count, examples: examples.count)
        do throws(FileError) {
            try Folder.create(place.training)
        } catch {
            throw TrainingError(.file, error.description)
        }
        log = try TrainingLog(
            place.training, terms: task.objectives.map(\.name), progress: place.progress, examples: examples.count,
            epochs: loop.epochs)
        checkpoint = place.training.appending("checkpoint")
        // Workers are the parallelism; the pool inside the library would only fight with them.
        BLAS.useCallingThreadOnly()
    }

    /// Optimiser steps that the whole run takes.
    package var steps: Int { schedule.steps }

    /// Whether the run has come to its end.
    package var isFinished: Bool { position.finished }

    /// Which weights are kept so far, and how they did, in a line.
    package var outcome: String {
        if let kept = log.kept { return kept }
        return position.best.isFinite ? "score \(TrainingProgress.short(position.best, 4)), from before" : "no score"
    }

    /// What somebody should know before the run begins.
    package var notes: [String] { task.notes }

    /// Goes on where the checkpoint in the directory was written.
    ///
    /// - Throws: ``TrainingError`` where there is none, or one that is torn or of another run: then what is different.
    package func resume() throws(TrainingError) {
        position = try TrainingCheckpoint.load(checkpoint, of: identity, into: runs)
        log.note("resumed at step \(position.step)")
    }

    /// Runs to the end, or until `shouldStop` says so between two steps; then a checkpoint is left.
    ///
    /// - Returns: the best score; −∞ where the development data could not tell.
    @discardableResult
    package func run(shouldStop: () -> Bool = { false }) throws(TrainingError) -> Double {
        log.start(position)
        while !position.finished, position.epoch < settings.epochs {
            let plan = BatchPlan(
                sizes: sizes, batchSize: settings.batch, seed: settings.seed, epoch: position.epoch)
            while position.batch < plan.batches.count {
                try step(plan.batches[position.batch])
                position.batch += 1
                try evaluateIfDue(plan.batches.count)
                if position.finished { break }
                if shouldStop() {
                    try save()
                    log.note("stopped at step \(position.step); the checkpoint is \(checkpoint)")
                    return position.best
                }
                if position.step % checkpointInterval == 0 { try save() }
            }
            position.epoch += 1
            position.batch = 0
            position.lossSum = 0
            position.lossCount = 0
            try save()
        }
        if !position.finished {
            position.finished = true
            try save()
        }
        log.finish()
        return position.best
    }

    /// One update.
    private func step(_ batch: [Int]) throws(TrainingError) {
        let parts = BatchPlan.shards(batch, sizes: sizes, count: shards.count)
        let (settings, position, task) = (settings, position, task)
        let work = shards
        let inputs = parts.map { part in part.map { examples[$0] } }
        do {
            try pool.run(work.count) { (index) throws(ShapeError) in
                try work[index].run(
                    inputs[index], passes: settings.passes, scale: 1 / Float(batch.count),
                    random: SeededGenerator(
                        seed: settings.seed, stream: 3, UInt64(position.step), UInt64(index)), task: task)
            }
        } catch {
            throw TrainingError(error)
        }
        let loss = work.reduce(0.0) { $0 + $1.loss }
        let gradients = work.map(\.gradients)
        let norm: Float
        do throws(EndlessGradient) {
            norm = try optimizer.sum(gradients, pool: pool)
        } catch {
            throw diverged("the loss is \(loss), the gradient's norm \(error.norm) because of \(error.parameter)")
        }
        guard loss.isFinite else { throw diverged("the loss is \(loss)") }
        let rate = schedule.factor(position.step)
        optimizer.update(gradients, norm: norm, step: position.step, rate: rate, pool: pool)
        self.position.step += 1
        self.position.lossSum += loss
        self.position.lossCount += batch.count
        average?.update(from: parameters, step: self.position.step, pool: pool)
        try task.settle(parameters, average: average?.parameters, step: self.position.step, pool: pool)
        let terms = work[0].terms.indices.map { term in work.reduce(0.0) { $0 + $1.terms[term] } }
        try log.step(
            self.position, loss: loss / Double(batch.count), terms: terms.map { $0 / Double(batch.count) }, norm: norm,
            rate: rate)
    }

    /// What to say of a step whose numbers are none; parameters are as they were before it.
    private func diverged(_ what: String) -> TrainingError {
        TrainingError(.diverged, "step \(position.step + 1): \(what); try a lower learning rate")
    }

    /// Evaluates where it is time; marks the run as finished where patience has run out.
    private func evaluateIfDue(_ batches: Int) throws(TrainingError) {
        let every = max(batches / settings.evaluations, 1)
        let isLast = position.batch == batches
        guard isLast || (position.batch % every == 0 && batches - position.batch >= every) else { return }
        let candidate = average?.parameters ?? parameters
        let evaluation = try task.evaluate(candidate, pool: pool)
        let isBest = evaluation.score.map { $0 > position.best } ?? false
        try log.evaluation(evaluation, position, isBest: isBest)
        guard let score = evaluation.score else { return try task.save(candidate, evaluation: evaluation) }
        if isBest {
            position.best = score
            position.evaluationsSinceBest = 0
            try task.save(candidate, evaluation: evaluation)
        } else {
            position.evaluationsSinceBest += 1
        }
        if settings.patience > 0, position.evaluationsSinceBest >= settings.patience {
            log.note("no better score in \(position.evaluationsSinceBest) evaluations: the run ends here")
            position.finished = true
        }
    }

    private func save() throws(TrainingError) {
        try TrainingCheckpoint.save(checkpoint, of: identity, position: position, runs: runs)
    }

    private var runs: [FloatView] {
        [parameters.values.all, optimizer.first.all, optimizer.second.all]
            + (average.map { [$0.parameters.values.all] } ?? [])
    }
}

/// One part of each batch: its tape, its gradients, its losses.
// SAFETY: the pool hands each shard to one worker at a time, and waits for all before anybody reads.
private final class Shard<Task: TrainingTask>: @unchecked Sendable {
    let gradients: GradientStore
    private(set) var loss = 0.0
    /// Sums of each objective's terms, without their weights.
    private(set) var terms: [Double]
    private let objectives: [WeightedObjective<Task.Forward>]
    private let tape: Tape

    init(_ parameters: TrainableParameters, objectives: [WeightedObjective<Task.Forward>]) {
        gradients = GradientStore(parameters)
        tape = Tape(parameters, gradients: gradients)
        self.objectives = objectives
        terms = Array(repeating: 0, count: objectives.count)
    }

    /// Forward and backward over the shard's examples.
    func run(
        _ examples: [Task.Example], passes: Int, scale: Float, random: SeededGenerator, task: Task
    ) throws(ShapeError) {
        var random = random
        gradients.reset()
        loss = 0
        for term in terms.indices { terms[term] = 0 }
        let size = max((examples.count + passes - 1) / passes, 1)
        for start in stride(from: 0, to: examples.count, by: size) {
            tape.reset(dropout: SeededGenerator(seed: random.next()))
            let part = Array(examples[start..<min(start + size, examples.count)])
            let forward = try task.forward(part, on: tape, random: &random)
            let found = try Terms(objectives, forward, on: tape, random: &random)
            for (term, value) in found.values.enumerated() { terms[term] += value }
            guard let total = found.total else { continue }
            loss += Double(tape.array(total)[0])
            try tape.backward(total, scale: scale)
        }
    }
}
