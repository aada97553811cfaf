import ArgumentParser
import Corpora
import JSON
import Learning
import Model
import Scoring
import SystemPackage
import Weights
import Wire

/// `gmner eval`: predictions against gold.
struct EvalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval",
        abstract: "Score predictions against gold: span, MNER, EEG, GMNER, FMNERG, SMNER.",
        discussion: """
            Reads the filter's answers, gold in the same form, and the formats of the field. An entity is right when \
            start and end are, and type and region where the task asks for them; each gold entity is found at most \
            once. With --model, a model answers the gold posts here and now, from their own words; its scores are \
            those of the answers that the filter gives to the same posts. Exit status 65 means that a file or the \
            pair of them cannot be used.
            """)

    @Option(help: ArgumentHelp("File with what is right.", valueName: "file"))
    var gold: String

    @Option(
        help: ArgumentHelp("File with what was predicted, - for standard input.", valueName: "file"))
    var pred: String?

    @OptionGroup(title: "In place of --pred") var prediction: PredictionOptions

    @Option(help: "Format of the gold file; guessed where not given.")
    var goldFormat: DataFormat?

    @Option(help: "Format of the predictions; guessed where not given.")
    var predFormat: DataFormat?

    @Option(
        help: ArgumentHelp(
            "Folder of VOC files with the boxes of predictions in CoNLL.", valueName: "dir"))
    var predBoxes: String?

    @OptionGroup var reading: ReadingOptions

    @Option(help: ArgumentHelp("What makes two entities the same one.", valueName: "place|name"))
    var match: EntityIdentity = .place

    @OptionGroup var scoring: ScoringOptions

    @Option(
        help: "Count as a published evaluator does: riveg, hindex or unco; MNER, EEG and GMNER only.")
    var compat: PublishedEvaluator?

    @Option(
        help: ArgumentHelp("Page to write, with curves, calibration and what is taken for what.", valueName: "file"))
    var html: String?

    @Flag(
        help: """
            Fit the line that makes probabilities of what the model is sure of on these posts first, and write it into its \
            config.json: as often as it says, an entity is right then.
            """)
    var calibrate = false

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard (pred != nil) != (prediction.model != nil) else {
            throw ValidationError("give --pred or --model, and only one of them")
        }
        guard !calibrate || prediction.model != nil else { throw ValidationError("--calibrate needs --model") }
        guard html == nil || compat == nil else {
            throw ValidationError("--html shows the papers' rules, not those of --compat")
        }
    }

    func run() throws {
        let right = try reading.read(gold, goldFormat)
        if calibrate { try calibrateScores(by: right) }
        let said =
            if let pred {
                try reading.read(pred, predFormat, predictedBoxes: predBoxes)
            } else {
                try prediction.answers(to: right)
            }
        let report = try score(right, said)
        if let html {
            let diagnostics = try scorer.diagnose(gold: right, predicted: said)
            try PageFile.write(EvaluationView(report: report, diagnostics: diagnostics).bytes, to: html)
        }
        guard json else { return try Terminal.write(report.table) }
        var line: [UInt8] = []
        report.json.write(into: &line)
        try Terminal.write(String(decoding: line, as: UTF8.self) + "\n")
    }

    /// Has what the model says of its answers to these posts be right as often as it says.
    private func calibrateScores(by gold: LabelledData) throws {
        let scores = try scorer.diagnose(gold: gold, predicted: prediction.answers(to: gold, saving: false)).scores
        guard !scores.isEmpty else { throw DataError("nothing was found that could be right or wrong") }
        let model = FilePath(prediction.model ?? "")
        var configuration = try ModelDirectory(model).configuration()
        configuration.score = (configuration.score ?? Calibration()).then(.fit(shares: scores))
        try ModelWriter(model, storage: .float32).write(json: configuration)
    }

    private func score(_ gold: LabelledData, _ said: LabelledData) throws -> EvaluationReport {
        if let compat { return try compat.score(gold: gold, predicted: said) }
        return try scorer.score(gold: gold, predicted: said)
    }

    private var scorer: Scorer {
        var scorer = scoring.scorer
        scorer.identity = match
        return scorer
    }
}
