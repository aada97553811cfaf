import FoundationEssentials
package import SystemPackage
import Weights

/// Brings a downloaded encoder checkpoint in: a Hugging Face directory of the BERT or ViT family.
package struct EncoderImport {
    /// What became of a tensor.
    package enum Fate: String, Sendable {
        case taken
        /// Known, and of no use here: heads of pre-training, constants.
        case dropped
        /// The table of positions, brought to another grid.
        case resampled
    }

    /// The configuration of the encoder that a directory holds.
    package enum Kind: Sendable {
        case text(TextEncoderConfiguration)
        case picture(PatchEncoderConfiguration)
    }

    /// What the directory holds.
    package let kind: Kind
    /// Each tensor of the checkpoint and what becomes of it, by name.
    package let fates: [(name: String, fate: Fate)]
    /// The encoder's parameters, under the checkpoint's names.
    package let layout: ParameterLayout
    let network: EncoderNetwork
    private let directory: ModelDirectory
    private let checkpoint: Checkpoint

    /// Prefixes under which whole models keep their encoder.
    private static let prefixes = ["bert.", "mpnet.", "vit.", "dinov2.", "dinov2_with_registers.", "backbone."]
    /// Tensors that have no part in encoding.
    private static let useless = ["position_ids", "pooler.", "mask_token", "cls.", "lm_head.", "classifier."]

    /// Looks at a checkpoint and decides about every tensor.
    ///
    /// - Parameter imageSize: Another side of the input picture than the checkpoint's; the position table follows.
    /// - Throws: ``ModelError`` for an unknown family, a missing tensor, or one that this package does not know.
    package init(_ path: FilePath, imageSize: Int? = nil) throws(ModelError) {
        directory = try ModelDirectory(path)
        let kind = try Self.kind(directory, imageSize: imageSize)
        let checkpoint = try directory.checkpoint(of: ["model.safetensors"])
        let names = checkpoint.names
        let prefix = Self.prefixes.first { prefix in names.contains { $0.hasPrefix("\(prefix)embeddings.") } } ?? ""
        let (network, layout) = Self.declare(kind, prefix: String(prefix.dropLast()))
        try checkpoint.check(layout)
        let wanted = Set(layout.entries.flatMap(\.names))
        let tables = Set(layout.entries.filter { $0.positionGrid != nil }.flatMap(\.names))
        var fates: [(name: String, fate: Fate)] = []
        for name in names.sorted() where !name.hasSuffix(WeightReader.rowScaleSuffix) {
            if wanted.contains(name) {
                fates.append((name, tables.contains(name) ? .resampled : .taken))
            } else if Self.useless.contains(where: { name.contains($0) }) {
                fates.append((name, .dropped))
            } else {
                throw ModelError(.unsupported, "\(path): tensor \(name) is none that this family of encoders has")
            }
        }
        self.kind = kind
        self.checkpoint = checkpoint
        self.network = network
        self.layout = layout
        self.fates = fates
    }

    /// The encoder's numbers.
    package func values() throws(ModelError) -> ParameterValues {
        try checkpoint.load(layout)
    }

    /// Writes the encoder as a directory of its own, with Hugging Face's names.
    package func write(_ writer: ModelWriter) throws(ModelError) {
        let values = try values()
        let (_, plain) = Self.declare(kind, prefix: "")
        try writer.write(
            ModelWriter.Part("model.safetensors", plain) { values.array($0.parameter) })
        switch kind {
        case .text(let configuration):
            try writer.write(directory.vocabularyBytes(), to: "vocab.txt")
            try writer.write(json: configuration)
        case .picture(let configuration):
            try writer.write(json: configuration)
        }
    }

    private static func declare(_ kind: Kind, prefix: String) -> (EncoderNetwork, ParameterLayout) {
        var layout = ParameterLayout()
        let network = layout.under(prefix) { EncoderNetwork(kind, in: &$0) }
        return (network, layout)
    }

    /// Decides by `model_type` which family a `config.json` describes.
    private static func kind(_ directory: ModelDirectory, imageSize: Int?) throws(ModelError) -> Kind {
        struct Family: Decodable {
            let model_type: String
        }
        let family = try directory.json(Family.self).model_type
        if TextEncoderConfiguration.Family(rawValue: family) != nil {
            return .text(
                try directory.json(TextEncoderConfiguration.self) { (shape) throws(ModelError) in
                    try shape.validate()
                })
        }
        if PatchEncoderConfiguration.Family(rawValue: family) != nil {
            return .picture(
                try directory.json(PatchEncoderConfiguration.self) { (shape) throws(ModelError) in
                    shape.imageSize = imageSize ?? shape.imageSize
                    try shape.validate()
                })
        }
        throw ModelError(
            .unsupported,
            "\(directory.path): model_type '\(family)'; known are bert, mpnet, vit, dinov2, dinov2_with_registers")
    }
}
