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
        abstract: "Score gate and box head on gold entities: with pictures, with captions, from text alone.",
        discussion: """
            Development posts of --data are read from text alone, with their captions as alternative text, and with their \
            pictures as far as --images has them; those of --pictured from text alone and with their pictures; posts \
            about the development photographs with these. Beside the model \
            stands what guessing reaches: the constant box that hits most, and an object of the picture drawn at random. \
            Swapping the picture shows whether it makes a difference. Exit status 65 means that data cannot be used.
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
    var cache: String

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
        try Terminal.reportingDataErrors {
            var source = evidence.source
            source.posts = data.map { FilePath($0) }
            source.knowledge = try Knowledge(knowledge.map { FilePath($0) })
            let pool = WorkerPool(workers: jobs)
            let evaluation = try EvidenceEvaluation(
                source, model: FilePath(model), cache: FilePath(cache), pool: pool)
            for note in evaluation.notes { Terminal.note("gmner: note: \(note)") }
            if calibrate { try evaluation.calibrate(FilePath(model), pool: pool) }
            let report = try evaluation.report(FilePath(model), pool: pool)
            guard json else { return try Terminal.write(report.table) }
            var line: [UInt8] = []
            report.json.write(into: &line)
            try Terminal.write(String(decoding: line, as: UTF8.self) + "\n")
        }
    }
}
