import ArgumentParser
import Model
import Learning
import SystemPackage
import Wire
import JSON

/// `gmner eval-grounding`: what a model's gate and box head are worth on entities that are known.
struct EvalGroundingCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval-grounding",
        abstract: "Score gate and box head: with pictures, with captions, from text alone.",
        discussion: """
            Development posts of --data are read from text alone, with their captions as alternative text, and with their \
            pictures as far as --images has them; posts about the development photographs with these. Beside the model \
            stands what guessing reaches: the constant box that hits most, and an object of the picture drawn at random. \
            Swapping the picture shows whether it makes a difference. Development posts of --pictured are answered as the \
            filter answers them, once with their pictures and once without: the gate, the boxes and the answers as a \
            whole, on the entities that the tagger finds and on all that are there, with 95 % intervals from 1000 draws \
            of posts. Exit status 65 means that data cannot be used.
            """)

    @Option(help: ArgumentHelp("A model that grounds.", valueName: "dir"))
    var model: String

    @Option(help: ArgumentHelp("Data set of grounded posts.", valueName: "dir"))
    var data: String?

    @Option(
        help: ArgumentHelp(
            "Background of the posts, for models that read it; may be given several times.", valueName: "file"))
    var knowledge: [String] = []

    @OptionGroup var evidence: EvidenceSources

    @Option(
        help: ArgumentHelp(
            "Folder that keeps what the encoders make of the data from run to run; created where missing.",
            valueName: "dir"))
    var cache: String?

    @Option(name: .shortAndLong, help: "Workers.")
    var jobs = 1

    @Flag(
        help: """
            Fit the lines that make probabilities of the model's logits on these posts first, and write them into its \
            config.json: those of kinds of evidence that these posts have.
            """)
    var calibrate = false

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws { try evidence.validate(data: data) }

    func run() throws {
        var source = evidence.source
        source.posts = data.map { FilePath($0) }
        source.knowledge = try Knowledge(knowledge.map { FilePath($0) })
        let measured = try WorkingFolder.use(cache) { try report(on: source, $0) }
        guard json else { return try Terminal.write(measured.table) }
        var line: [UInt8] = []
        measured.json.write(into: &line)
        try Terminal.write(String(decoding: line, as: UTF8.self) + "\n")
    }

    private func report(on source: EvidenceData, _ cache: FilePath) throws -> GroundingReport {
        let (model, pool) = (FilePath(model), WorkerPool(workers: jobs))
        // What is told of posts with pictures is told of the model's own answers; logits are for fitting lines.
        var others = source
        if !calibrate { others.pictured = nil }
        let evaluation = try EvidenceEvaluation(others, model: model, cache: cache, pool: pool)
        if calibrate { try evaluation.calibrate(model, pool: pool) }
        var report = try evaluation.report(model, pool: pool)
        guard source.pictured != nil else { return report }
        let answers = try PicturedAnswers(source, model: model, cache: cache, pool: pool)
        for note in answers.notes { Terminal.note("gmner: note: \(note)") }
        try report.add(answers)
        return report
    }
}
