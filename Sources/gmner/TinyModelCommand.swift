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

    @Option(help: ArgumentHelp("The method; those that tag alone answer without boxes.", valueName: "name"))
    var method = "evidence"

    func run() throws {
        guard let method = Methods.named(method) else {
            throw ValidationError(
                "there is no method \(method): \(Methods.all.map { $0.name }.joined(separator: ", "))")
        }
        try TinyModel.write(
            ModelWriter(FilePath(to), storage: store.storage), TinyModel.configuration(of: method), seed: seed)
    }
}
