import Foundation
@testable import Model
@testable import Kernels
import Synchronization
import SystemPackage
import Testing

@testable import Learning
@testable import Randomness

/// Learns a small table and a layer with dropout: what the loop does, in milliseconds.
private struct ToyTask: TrainingTask {
    let table: Parameter
    let hidden: Linear
    let output: Linear
    let layout: ParameterLayout
    let scores: [Double?]
    let evaluations = Counter()
    var fault: Fault?

    /// What is no number from the first step on; with the gradient alone, the loss looks well.
    enum Fault { case loss, gradient }

    final class Counter: Sendable {
        let count = Mutex(0)
        let saved = Mutex([Double]())
    }

    init(scores: [Double?] = []) {
        var layout = ParameterLayout()
        table = layout.table("table", rows: 20, width: 6)
        hidden = layout.linear("hidden", inputs: 6, outputs: 8)
        output = layout.linear("output", inputs: 8, outputs: 3)
        self.layout = layout
        self.scores = scores
    }

    struct Example {
        let items: [Int32]
        let label: Int32
    }

    func size(_ example: Example) -> Int { example.items.count }

    struct Forward {
        let logits: Tape.Value
        let labels: [Int32]
    }

    struct Classes: Objective {
        func term(
            _ forward: Forward, on tape: Tape, random: inout SeededGenerator
        ) throws(ShapeError) -> Tape.Value? {
            try tape.crossEntropy(forward.logits, forward.labels)
        }
    }

    /// How large the first class's logits are; nothing to say of a batch without that class.
    struct FirstClass: Objective {
        func term(
            _ forward: Forward, on tape: Tape, random: inout SeededGenerator
        ) throws(ShapeError) -> Tape.Value? {
            guard forward.labels.contains(0) else { return nil }
            return try tape.binaryCrossEntropy(
                forward.logits, Array(repeating: 0, count: forward.logits.rows * forward.logits.columns))
        }
    }

    var objectives: [WeightedObjective<Forward>] {
        [
            WeightedObjective("classes", Classes()), WeightedObjective("first", weight: 0.25, FirstClass()),
            WeightedObjective("nothing", weight: 0, FirstClass()),
        ]
    }

    func forward(
        _ examples: [Example], on tape: Tape, random: inout SeededGenerator
    ) throws(ShapeError) -> Forward {
        var ranges: [Range<Int>] = []
        var start = 0
        for example in examples {
            ranges.append(start..<start + example.items.count)
            start += example.items.count
        }
        let rows = try tape.gather(table, examples.flatMap(\.items))
        let wide = try tape.linear(tape.mean(rows, over: ranges), hidden, .gelu)
        let logits = try tape.linear(tape.dropout(wide, rate: 0.2), output, .identity)
        return Forward(logits: try spoiled(logits, on: tape), labels: examples.map(\.label))
    }

    private func spoiled(_ x: Tape.Value, on tape: Tape) throws(ShapeError) -> Tape.Value {
        switch fault {
        case nil: return x
        case .loss: return try tape.scale(x, by: .nan)
        case .gradient:
            let (out, block) = tape.make(x.rows, x.columns, needsGradient: true)
            block.copy(from: tape.value(x))
            tape.record(out) { _ throws(ShapeError) in
                let slope = tape.arena.take(x.count)
                slope.fill(.nan)
                try tape.pass(slope, to: x)
            }
            return out
        }
    }

    func evaluate(_ parameters: TrainableParameters, pool: WorkerPool) throws(TrainingError) -> Evaluation {
        let index = evaluations.count.withLock { count in
            defer { count += 1 }
            return count
        }
        let score = index < scores.count ? scores[index] : Double(parameters.read(output.weight)[0])
        return Evaluation(score: score, scalars: score.map { [Evaluation.Scalar("f1", $0)] } ?? [])
    }

    func save(_ parameters: TrainableParameters, evaluation: Evaluation) throws(TrainingError) {
        evaluations.saved.withLock { $0.append(evaluation.score ?? -1) }
    }

    var notes: [String] { [] }

    static let examples: [Example] = (0..<50).map { index in
        var generator = SeededGenerator(seed: 77, stream: UInt64(index))
        let label = Int32.random(in: 0..<3, using: &generator)
        let items = (0..<Int.random(in: 1...6, using: &generator)).map { _ in
            label + 3 * Int32.random(in: 0..<6, using: &generator)
        }
        return Example(items: items, label: label)
    }
}

/// A run of such.
private struct ToySettings: RecipeSettings {
    var loop = LoopSettings()
}

/// A directory that goes away with its owner.
private final class TemporaryDirectory {
    let path: FilePath

    init() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("gmner-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = FilePath(url.path)
    }

    deinit { try? FileManager.default.removeItem(atPath: path.string) }
}

@Suite("The training loop")
struct TrainerTests {
    private func settings() -> LoopSettings {
        var settings = LoopSettings()
        settings.seed = 9
        settings.epochs = 3
        settings.batch = 8
        settings.shards = 3
        settings.averaging = 0.9
        settings.evaluations = 2
        return settings
    }

    private func makeTrainer(
        _ settings: LoopSettings, _ directory: TemporaryDirectory, task: ToyTask = ToyTask(), jobs: Int = 1
    ) throws -> (trainer: Trainer<ToyTask>, parameters: TrainableParameters) {
        let parameters = TrainableParameters(layout: task.layout, seed: settings.seed)
        let groups = ParameterGroups(headRate: 1e-2, decay: 0.01).resolve(task.layout) { _ in false }
        var place = RunPlace(directory.path)
        place.jobs = jobs
        place.checkpointInterval = 4
        var toy = ToySettings()
        toy.loop = settings
        let trainer = try Trainer(
            task, examples: ToyTask.examples, parameters: parameters, groups: groups,
            settings: TrainerSettings(settings, OptimizerSettings(), toy.json), at: place)
        return (trainer, parameters)
    }

    private func all(_ parameters: TrainableParameters) -> [Float] {
        parameters.layout.entries.flatMap { parameters.read($0.parameter) }
    }

    @Test("the same bits whatever the number of workers")
    func workers() throws {
        var results: [[Float]] = []
        for jobs in [1, 2, 5] {
            let directory = try TemporaryDirectory()
            let (trainer, parameters) = try makeTrainer(settings(), directory, jobs: jobs)
            try trainer.run()
            results.append(all(parameters))
        }
        #expect(results[0] == results[1])
        #expect(results[0] == results[2])
    }

    @Test("another seed, another result")
    func seeds() throws {
        var results: [[Float]] = []
        for seed in [9, 10] as [UInt64] {
            let directory = try TemporaryDirectory()
            var settings = settings()
            settings.seed = seed
            let (trainer, parameters) = try makeTrainer(settings, directory)
            try trainer.run()
            results.append(all(parameters))
        }
        #expect(results[0] != results[1])
    }

    @Test("a run that is stopped anywhere and resumed ends with the same bits", arguments: [1, 6, 7, 8, 20])
    func resume(_ stop: Int) throws {
        let whole = try TemporaryDirectory()
        let (reference, expected) = try makeTrainer(settings(), whole)
        let best = try reference.run()

        let directory = try TemporaryDirectory()
        let (first, _) = try makeTrainer(settings(), directory)
        var steps = 0
        try first.run {
            steps += 1
            return steps == stop
        }
        let (second, parameters) = try makeTrainer(settings(), directory)
        try second.resume()
        #expect(try second.run() == best)
        #expect(all(parameters) == all(expected))
    }

    @Test(
        "stops with the step and the parameter when numbers are none any more",
        arguments: [ToyTask.Fault.loss, .gradient])
    private func divergence(_ fault: ToyTask.Fault) throws {
        let directory = try TemporaryDirectory()
        var task = ToyTask()
        task.fault = fault
        let (trainer, parameters) = try makeTrainer(settings(), directory, task: task)
        let before = all(parameters)
        let error = #expect(throws: TrainingError.self) { try trainer.run() }
        #expect(error?.code == .diverged)
        let message = error?.message ?? ""
        #expect(message.hasPrefix("step 1: the loss is "))
        #expect(message.contains("nan,") == (fault == .loss))
        #expect(message.hasSuffix(", the gradient's norm nan because of table.weight; try a lower learning rate"))
        #expect(all(parameters) == before, "nothing is poisoned")
    }

    @Test("learns: the loss on the examples goes down")
    func learns() throws {
        let directory = try TemporaryDirectory()
        var settings = settings()
        settings.epochs = 30
        settings.averaging = 0
        let task = ToyTask()
        let (trainer, parameters) = try makeTrainer(settings, directory, task: task)
        func loss() throws -> Double {
            var random = SeededGenerator(seed: 0)
            let tape = Tape(parameters)
            let forward = try task.forward(ToyTask.examples, on: tape, random: &random)
            return try Terms(task.objectives, forward, on: tape, random: &random).values[0]
        }
        let before = try loss()
        try trainer.run()
        #expect(try loss() < before / 3)
    }

    @Test("each term has its curve, and weighted they make the loss")
    func terms() throws {
        let directory = try TemporaryDirectory()
        var settings = settings()
        settings.epochs = 12
        settings.passes = 2
        let (trainer, _) = try makeTrainer(settings, directory)
        try trainer.run()
        let rows = try Data(contentsOf: URL(fileURLWithPath: directory.path.appending("training/metrics.jsonl").string))
            .split(separator: UInt8(ascii: "\n"))
            .compactMap { try JSONSerialization.jsonObject(with: Data($0)) as? [String: Any] }
            .filter { $0["split"] as? String == "train" }
        #expect(rows.count > 3)
        for row in rows {
            let (loss, classes, first) = try (
                #require(row["loss"] as? Double), #require(row["classes"] as? Double), #require(row["first"] as? Double)
            )
            #expect(classes > 0 && first > 0)
            #expect(abs(loss - (classes + first / 4)) < 1e-5 * loss)
            #expect(row["nothing"] as? Double == 0)
        }
        let events = try Data(
            contentsOf: URL(fileURLWithPath: directory.path.appending("training/events.out.tfevents.gmner").string))
        #expect(events.range(of: Data("train/classes".utf8)) != nil)
    }

    @Test("keeps the best and stops when patience runs out")
    func patience() throws {
        let directory = try TemporaryDirectory()
        var settings = settings()
        settings.epochs = 20
        settings.evaluations = 1
        settings.patience = 2
        let task = ToyTask(scores: [0.1, 0.4, 0.3, 0.5, 0.2, 0.5, 0.9])
        let (trainer, _) = try makeTrainer(settings, directory, task: task)
        #expect(try trainer.run() == 0.5)
        #expect(task.evaluations.saved.withLock { $0 } == [0.1, 0.4, 0.5])
        #expect(task.evaluations.count.withLock { $0 } == 6)
    }

    @Test("where nothing can be told, the last weights are kept, to the end of the run")
    func nothingToJudgeBy() throws {
        let directory = try TemporaryDirectory()
        var settings = settings()
        settings.evaluations = 1
        settings.patience = 1
        let task = ToyTask(scores: [nil, nil, nil])
        let (trainer, _) = try makeTrainer(settings, directory, task: task)
        try trainer.run()
        #expect(task.evaluations.saved.withLock { $0 } == [-1, -1, -1])
    }

    @Test("refuses a checkpoint that is torn, foreign, damaged or of another run")
    func badCheckpoints() throws {
        let directory = try TemporaryDirectory()
        let (first, _) = try makeTrainer(settings(), directory)
        try first.run()
        let path = directory.path.appending("training/checkpoint").string
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))

        func refusal(_ data: Data, settings: LoopSettings) throws -> String {
            try data.write(to: URL(fileURLWithPath: path))
            let (trainer, _) = try makeTrainer(settings, directory)
            let error = #expect(throws: TrainingError.self) { try trainer.resume() }
            #expect(error?.code == .checkpoint)
            return error?.message ?? ""
        }
        #expect(try refusal(whole.prefix(whole.count - 5), settings: settings()).contains("torn"))
        #expect(try refusal(whole.prefix(4), settings: settings()).contains("torn"))
        #expect(try refusal(Data("not a checkpoint at all".utf8), settings: settings()).contains("not a training"))
        var damaged = whole
        damaged[damaged.count / 2] ^= 1
        #expect(try refusal(damaged, settings: settings()).contains("checksum"))
        var other = settings()
        other.seed = 10
        other.epochs = 4
        #expect(
            try refusal(whole, settings: other)
                == "\(path) is of another run:\n  loop.seed: was 9, is 10\n  loop.epochs: was 3, is 4")
        try FileManager.default.removeItem(atPath: path)
        let (trainer, _) = try makeTrainer(settings(), directory)
        #expect(throws: TrainingError.self) { try trainer.resume() }
    }

    @Test("batches hold every example once, and shards share a batch out")
    func batches() {
        let sizes = (0..<1000).map { $0 * 7919 % 41 }
        let plan = BatchPlan(sizes: sizes, batchSize: 16, seed: 3, epoch: 2)
        #expect(plan.batches.flatMap { $0 }.sorted() == Array(0..<1000))
        #expect(plan.batches == BatchPlan(sizes: sizes, batchSize: 16, seed: 3, epoch: 2).batches)
        #expect(plan.batches != BatchPlan(sizes: sizes, batchSize: 16, seed: 3, epoch: 3).batches)
        for batch in plan.batches {
            let shards = BatchPlan.shards(batch, sizes: sizes, count: 3)
            #expect(shards.flatMap { $0 }.sorted() == batch.sorted())
            let work = shards.map { $0.reduce(0) { $0 + sizes[$1] } }
            #expect((work.max() ?? 0) - (work.min() ?? 0) <= 41)
        }
    }
}
