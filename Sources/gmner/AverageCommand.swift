import ArgumentParser
import Model
import SystemPackage

/// `gmner average`: several runs become one model.
struct AverageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "average",
        abstract: "Average the numbers of models that were trained from the same start.",
        discussion: """
            Runs that differ in their seed alone, or in what they saw, are often better together than each (model soups, \
            Wortsman et al. 2022). Models of other shapes or vocabularies are refused. Probabilities are calibrated as \
            those of the first model: fit them again with gmner eval --calibrate and gmner eval-grounding \
            --calibrate.
            """)

    @Argument(help: ArgumentHelp("Models, at least two.", valueName: "dir"))
    var models: [String]

    @Option(help: ArgumentHelp("Directory to write; created where missing.", valueName: "dir"))
    var to: String

    @Option(help: "How matrices are kept: f32, f16 or int8 (rows with one scale each).")
    var store: Store = .f32

    func validate() throws {
        guard models.count > 1 else { throw ValidationError("give at least two models") }
    }

    func run() throws {
        let average = try ModelAverage(models.map { FilePath($0) })
        try average.write(ModelWriter(FilePath(to), storage: store.storage))
    }
}
