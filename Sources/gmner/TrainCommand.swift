import ArgumentParser
import Model
import Learning
import Reporting
import SystemPackage
import Text
import Weights
import Corpora

/// `gmner train`: learns a model from labelled posts.
struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train a model on labelled posts.",
        discussion: """
            Writes the model that did best on the development posts to --out, and checkpoint, metrics.jsonl and a \
            TensorBoard event file to --out/training. Options and seed decide the outcome, whatever --jobs is. \
            SIGINT and SIGTERM end a run after the step it is in, with a checkpoint; one that was \
            interrupted goes on with --resume and ends as if it had not been. Exit status 65 means that \
            data cannot be used.
            """)

    @Option(
        help: """
            The method: crf-none (text encoder, word shapes, CRF), or evidence (what looks at pictures and alternative \
            texts, on top of a tagger).
            """)
    var method = CRFNone.name

    @Option(
        help: ArgumentHelp(
            "Folder of a data set: txt/, txt_fine/ or the folder itself with train and dev (or valid) files.",
            valueName: "dir"))
    var data: String?

    @Option(
        help: ArgumentHelp(
            "Text encoder to start from, in Hugging Face's layout: for crf-none and --tune-tagger.", valueName: "dir"))
    var encoder: String?

    @Option(help: ArgumentHelp("Where the model goes; created where missing.", valueName: "dir"))
    var out: String

    @Option(
        help: ArgumentHelp(
            "Background of posts (lines of id and knowledge), read behind a separator; may be given several times.",
            valueName: "file"))
    var knowledge: [String] = []

    @OptionGroup(title: "Method evidence") var evidence: EvidenceOptions

    @OptionGroup(title: "Learning") var learning: LearningOptions

    @Option(help: "How the model's matrices are kept: f32, f16 or int8 (rows with one scale each).")
    var store: Store = .f32

    @Flag(help: "Go on from the checkpoint in --out/training.")
    var resume = false

    @Flag(help: "Show progress even where standard error is no terminal.")
    var progress = false

    func validate() throws {
        switch method {
        case CRFNone.name:
            guard data != nil, encoder != nil else { throw ValidationError("crf-none needs --data and --encoder") }
        case EvidenceMethod.name: try evidence.validate(data: data, encoder: encoder)
        default: throw ValidationError("--method \(method): crf-none or evidence")
        }
    }

    func run() throws {
        if method == EvidenceMethod.name {
            return try Terminal.reportingDataErrors { try runEvidence() }
        }
        guard let data, let encoder else { return }
        try Terminal.reportingDataErrors {
            let posts = try TrainingData(folder: FilePath(data))
            for note in posts.train.notes + posts.development.notes { Terminal.note("gmner: note: \(note)") }
            var training = learning.training
            training.storage = store.storage
            training.provenance["data"] = FilePath(data).lastComponent?.string ?? data
            training.provenance["encoder"] = FilePath(encoder).lastComponent?.string ?? encoder
            training.provenance["store"] = store.rawValue
            let trainer = try training.trainer(
                posts, knowledge: Knowledge(knowledge.map { FilePath($0) }), encoder: FilePath(encoder),
                directory: FilePath(out), progress: progressStyle)
            for note in trainer.notes { Terminal.note("gmner: note: \(note)") }
            if resume { try trainer.resume() }
            StopSignal.listen()
            try trainer.run { StopSignal.received != nil }
            if let signal = StopSignal.received { throw ExitCode(.signal(signal)) }
        }
    }

    private var progressStyle: ProgressStyle { Terminal.showsErrors ? .terminal : progress ? .log : .none }

    private func tuneTagger() throws {
        var training = GatedTaggerTraining()
        training.trainer = learning.training.trainer
        training.groups = learning.training.groups
        training.dropout = learning.dropout
        training.nameDropout = learning.nameDropout
        training.shape = evidence.training.shape
        training.pooling = learning.pooling
        training.lowercase = !learning.cased
        training.maximumPieces = learning.maxPieces
        var source = EvidenceData()
        source.posts = data.map { FilePath($0) }
        source.knowledge = try Knowledge(knowledge.map { FilePath($0) })
        let named = [("data", data), ("encoder", encoder)]
        for (name, path) in named { training.provenance[name] = path.flatMap { FilePath($0).lastComponent?.string } }
        let origin: GatedTaggerTraining.Origin =
            if let tagger = evidence.tagger { .tagger(FilePath(tagger)) } else { .encoder(FilePath(encoder ?? "")) }
        let trainer = try training.trainer(
            source, from: origin, patches: evidence.patches.map { FilePath($0) },
            directory: FilePath(out), progress: progressStyle)
        for note in trainer.notes { Terminal.note("gmner: note: \(note)") }
        if resume { try trainer.resume() }
        StopSignal.listen()
        try trainer.run { StopSignal.received != nil }
        if let signal = StopSignal.received { throw ExitCode(.signal(signal)) }
    }

    private func runEvidence() throws {
        if evidence.tuneTagger { return try tuneTagger() }
        var training = evidence.training
        training.trainer = learning.training.trainer
        training.groups = learning.training.groups
        training.recipe.dropout = learning.dropout
        training.storage = store.storage
        // The tagger's own run is told there too, under plain names.
        let settings = learning.training
        for (name, value) in settings.trainer.provenance.merging(settings.groups.provenance, uniquingKeysWith: { $1 }) {
            training.provenance["evidence_\(name)"] = value
        }
        training.provenance["evidence_dropout"] = "\(learning.dropout)"
        training.provenance.merge(evidence.provenance, uniquingKeysWith: { $1 })
        var source = evidence.source
        source.posts = data.map { FilePath($0) }
        source.knowledge = try Knowledge(knowledge.map { FilePath($0) })
        let run = try training.run(
            source, tagger: FilePath(evidence.tagger ?? ""), patches: evidence.patches.map { FilePath($0) },
            directory: FilePath(out), progress: progressStyle)
        for note in run.trainer.notes { Terminal.note("gmner: note: \(note)") }
        if resume { try run.trainer.resume() }
        StopSignal.listen()
        try run.trainer.run { StopSignal.received != nil }
        if let signal = StopSignal.received { throw ExitCode(.signal(signal)) }
        try run.evaluation.calibrate(FilePath(out), pool: WorkerPool(workers: learning.jobs))
    }
}
