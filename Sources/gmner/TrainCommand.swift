import ArgumentParser
import Files
import JSON
import Learning
import Reporting
import SystemPackage

/// `gmner train`: learns a model.
struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train a model on labelled posts.",
        discussion: """
            METHOD is one that `gmner methods` lists; `gmner methods METHOD` says what it reads and what can be set. \
            Writes the model that did best on the development posts to --out, and checkpoint, metrics.jsonl and a \
            TensorBoard event file to --out/training. Settings, seed and data decide the outcome, whatever --jobs is. \
            SIGINT and SIGTERM end a run after the step it is in, with a checkpoint; one that was \
            interrupted goes on with --resume and ends as if it had not been. Exit status 64 means that the method takes \
            no such setting or file, 65 that data cannot be used.
            """)

    @Argument(help: "The method to train.")
    var method: String

    @Option(help: ArgumentHelp("Where the model goes; created where missing.", valueName: "dir"))
    var out: String

    @OptionGroup(title: "What is read") var inputs: InputOptions

    @Option(
        help: ArgumentHelp(
            "An object of settings, as gmner methods METHOD --json prints it; what it leaves out stays as it is.",
            valueName: "file"))
    var settings: String?

    @Option(help: ArgumentHelp("One setting; may be given several times.", valueName: "path=value"))
    var set: [String] = []

    @Option(help: "The same as --set loop.seed=….")
    var seed: UInt64?

    @Option(help: "The same as --set loop.epochs=….")
    var epochs: Int?

    @Option(name: .shortAndLong, help: "Workers.")
    var jobs = 1

    @Option(help: ArgumentHelp("Steps between checkpoints.", valueName: "count"))
    var checkpointEvery = 250

    @Flag(help: "Go on from the checkpoint in --out/training.")
    var resume = false

    @Flag(help: "Show progress even where standard error is no terminal.")
    var progress = false

    func validate() throws {
        guard jobs > 0, checkpointEvery > 0 else {
            throw ValidationError("--jobs and --checkpoint-every are at least 1")
        }
    }

    func run() throws {
        let recipe = try Recipes.named(method)
        var place = RunPlace(FilePath(out))
        place.jobs = jobs
        place.checkpointInterval = checkpointEvery
        place.progress = Terminal.showsErrors ? .terminal : progress ? .log : .none
        let run = try recipe.prepare(file: try file(), assignments, inputs.inputs, at: place)
        for note in run.notes { Terminal.note("gmner: note: \(note)") }
        if resume { try run.resume() }
        StopSignal.listen()
        try run.run { StopSignal.received != nil }
        try Terminal.write("kept: \(run.outcome)\n")
        if let signal = StopSignal.received { throw ExitCode(.signal(signal)) }
    }

    private var assignments: [String] {
        self.set + [seed.map { "loop.seed=\($0)" }, epochs.map { "loop.epochs=\($0)" }].compactMap(\.self)
    }

    private func file() throws -> JSONValue {
        guard let settings else { return .object([]) }
        let bytes = try WholeFile.read(FilePath(settings), maxBytes: 1 << 20, mayBeStream: true)
        do throws(JSONError) {
            return try JSONValue(parsing: bytes)
        } catch {
            throw TrainingError(.settings, "\(settings): \(error.message), at byte \(error.offset + 1)")
        }
    }
}

/// Files that a run reads.
struct InputOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Folder of a data set: txt/, txt_fine/ or the folder itself with train and dev (or valid) files.",
            valueName: "dir"))
    var data: String?

    @Option(help: ArgumentHelp("Text encoder to start from, in Hugging Face's layout.", valueName: "dir"))
    var encoder: String?

    @Option(help: ArgumentHelp("Model that tags, to stand on or to go on from.", valueName: "dir"))
    var tagger: String?

    @Option(
        help: ArgumentHelp(
            "Model that tags better, to learn its doubts from beside the gold tags; of several, the mean.",
            valueName: "dir"))
    var teacher: [String] = []

    @Option(
        help: ArgumentHelp(
            "Posts without tags, which --teacher tags; tags that they have are not read. May be given several times.",
            valueName: "file"))
    var untagged: [String] = []

    @Option(
        help: ArgumentHelp("Patch encoder, in Hugging Face's layout; that of --tagger by default.", valueName: "dir"))
    var patches: String?

    @Option(
        help: ArgumentHelp(
            "Detector of objects for the model to have, as gmner import brings it in, or its frozen graph; that of --tagger "
                + "by default.", valueName: "path"))
    var detector: String?

    @OptionGroup var evidence: EvidenceSources

    @Option(help: ArgumentHelp("Noun phrases to tell objects by, as gmner nouns lists them.", valueName: "file"))
    var nouns: String?

    @Option(
        help: ArgumentHelp(
            "Background of posts (lines of id and knowledge), read behind a separator; may be given several times.",
            valueName: "file"))
    var knowledge: [String] = []

    @Option(
        help: ArgumentHelp("File that keeps the photographs' rows from run to run.", valueName: "file"))
    var patchCache: String?

    /// The same by name.
    var inputs: TrainingInputs {
        var inputs = TrainingInputs()
        let paths: [(TrainingInput, String?)] = [
            (.data, data), (.encoder, encoder), (.tagger, tagger), (.patches, patches), (.detector, detector),
            (.images, evidence.images),
            (.pictured, evidence.pictured), (.photographs, evidence.photographs), (.names, evidence.names),
            (.nouns, nouns), (.patchCache, patchCache),
        ]
        for (input, path) in paths { inputs[input] = path.map { FilePath($0) } }
        inputs[all: .knowledge] = knowledge.map { FilePath($0) }
        inputs[all: .teacher] = teacher.map { FilePath($0) }
        inputs[all: .untagged] = untagged.map { FilePath($0) }
        return inputs
    }
}
