import ArgumentParser
import Model
import SystemPackage
import Weights

/// `gmner import`: a downloaded encoder becomes the encoder part of a model.
struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Bring an encoder checkpoint in (BERT, MPNet, ViT and DINOv2 families, Hugging Face layout).",
        discussion: """
            Says what becomes of each tensor, and refuses a checkpoint with tensors that it does not know. A model that \
            gmner wrote is written again with its matrices kept as --store says.
            """)

    @Option(help: ArgumentHelp("Directory with config.json and model.safetensors.", valueName: "dir"))
    var from: String

    @Option(help: ArgumentHelp("Directory to write; created where missing.", valueName: "dir"))
    var to: String

    @Option(help: "How matrices are kept: f32, f16 or int8 (rows with one scale each).")
    var store: Store = .f32

    @Option(help: ArgumentHelp("Side of the input picture in pixels, a multiple of the patch.", valueName: "pixels"))
    var imageSize: Int?

    @Flag(name: .shortAndLong, help: "Say nothing of tensors.")
    var quiet = false

    func run() throws {
        let writer = try ModelWriter(FilePath(to), storage: store.storage)
        if try ModelCopy.isModel(FilePath(from)) {
            return try ModelCopy(FilePath(from)).write(writer)
        }
        let encoder = try EncoderImport(FilePath(from), imageSize: imageSize)
        if !quiet {
            for (name, fate) in encoder.fates { try Terminal.write("\(fate.rawValue)\t\(name)\n") }
        }
        try encoder.write(writer)
    }
}

/// `--store`.
enum Store: String, ExpressibleByArgument, CaseIterable {
    case f32
    case f16
    case int8

    var storage: SafetensorsWriter.Storage {
        switch self {
        case .f32: .float32
        case .f16: .float16
        case .int8: .int8Rows
        }
    }
}
