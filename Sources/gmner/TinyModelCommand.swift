import ArgumentParser
import Model
import SystemPackage

/// `gmner tiny-model`: random weights, for trying out pipelines.
struct TinyModelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tiny-model", abstract: "Write a tiny model of random weights, to try out a pipeline with.")

    @Option(help: ArgumentHelp("Directory to write; created where missing.", valueName: "dir"))
    var to: String

    @Option(help: "The same seed gives the same model.")
    var seed: UInt64 = 1

    @Option(help: "How matrices are kept: f32, f16 or int8.")
    var store: Store = .int8

    func run() throws {
        try TinyModel.write(ModelWriter(FilePath(to), storage: store.storage), seed: seed)
    }
}
