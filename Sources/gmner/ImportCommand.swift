import ArgumentParser
import Corpora
import Foundation
import Model
import SystemPackage
import Weights

/// `gmner import`: a downloaded encoder or detector becomes a part of a model.
struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract:
            "Bring an encoder checkpoint in (BERT, MPNet, ViT and DINOv2 families, Hugging Face layout), or a detector.",
        discussion: """
            Says what becomes of each tensor, and refuses a checkpoint with tensors that it does not know. A model that \
            gmner wrote is written again with its matrices kept as --store says. A file is a detector of objects: SSD on \
            MobileNetV2, as TensorFlow freezes its graph.
            """)

    @Option(
        help: ArgumentHelp(
            "Directory with config.json and model.safetensors, or a frozen graph (.pb).", valueName: "path"))
    var from: String

    @Option(help: ArgumentHelp("Directory to write; created where missing.", valueName: "dir"))
    var to: String

    @Option(help: "How matrices are kept: f32, f16 or int8 (rows with one scale each).")
    var store: Store = .f32

    @Option(
        help: ArgumentHelp(
            "Side of the input picture in pixels, of a patch encoder a multiple of the patch.", valueName: "pixels"))
    var imageSize: Int?

    @Option(
        help: ArgumentHelp(
            "Names of a detector's classes, one a line, in their order; an empty line for one that is left out. COCO's "
                + "without it.", valueName: "file"))
    var labels: String?

    @Flag(name: .shortAndLong, help: "Say nothing of tensors.")
    var quiet = false

    func run() throws {
        let writer = try ModelWriter(FilePath(to), storage: store.storage)
        let status = try? FilePath(from).stat()
        if status?.type == .regular {
            return try DetectorImport(FilePath(from), labels: classes(), imageSize: imageSize).write(writer)
        }
        guard labels == nil else { throw Failure(.usage, "--labels: \(from) is no frozen graph, which has classes") }
        if try ModelCopy.isModel(FilePath(from)) {
            guard imageSize == nil else {
                throw Failure(.usage, "--image-size: \(from) is a model, whose pictures have a size already")
            }
            return try ModelCopy(FilePath(from)).write(writer)
        }
        let encoder = try EncoderImport(FilePath(from), imageSize: imageSize)
        if !quiet {
            for (name, fate) in encoder.fates { try Terminal.write("\(fate.rawValue)\t\(name)\n") }
        }
        try encoder.write(writer)
    }

    private func classes() throws -> [String?]? {
        guard let labels else { return nil }
        return try DataFile.lines(FilePath(labels)).map { line in
            let name = line.trimmingCharacters(in: .whitespaces)
            return name.isEmpty ? nil : name
        }
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
