import JSON
import Text

/// A model of a few thousand random numbers: it answers at once and means nothing, for trying out pipelines.
package enum TinyModel {
    /// The shape of a method's model: every part that it can have, as small as it goes; what fuses has its default shape.
    package static func configuration<M: Method>(of method: M.Type) -> ModelConfiguration {
        if method == EvidenceMethod.self { return configuration(vocabulary: pieces) }
        var configuration = configuration(M.self, M.Settings(), vocabulary: pieces)
        configuration.grounding = EvidenceConfiguration(width: 16, heads: 2, layers: 1)
        if method == Fine.self || method == GEM.self {
            let types = TypeInventory.fmnergFine
            configuration.types = types.names
            configuration.parents = types.names.indices.compactMap(types.parentName)
        }
        return configuration
    }

    /// The shape: every part that a model can have, as small as it goes.
    package static func configuration(vocabulary: Int) -> ModelConfiguration {
        var settings = EvidenceMethod.Settings()
        settings.grounding = EvidenceConfiguration(
            width: 16, heads: 2, layers: 1, candidates: CandidateConfiguration(units: 8, regions: true, presence: .seen)
        )
        return configuration(EvidenceMethod.self, settings, vocabulary: vocabulary)
    }

    /// The same encoders under any method.
    package static func configuration<M: Method>(
        _ method: M.Type, _ settings: M.Settings, vocabulary: Int
    ) -> ModelConfiguration {
        var configuration = ModelConfiguration(
            method, settings, types: TypeInventory.coarse.names,
            text: TextEncoderConfiguration(
                family: .bert, width: 16, layers: 1, heads: 2, innerWidth: 32, vocabularySize: vocabulary,
                positions: 256, segments: 2),
            picture: PatchEncoderConfiguration(
                family: .dinov2, width: 16, layers: 1, heads: 2, innerRatio: 2, imageSize: 56, patchSize: 14))
        configuration.training = .object([.init("data", .string("none: random numbers"))])
        return configuration
    }

    /// Special pieces, then every printable ASCII character alone and as a continuation.
    package static var vocabulary: [UInt8] {
        let special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
        let characters = (0x21...0x7E).map { String(UnicodeScalar(UInt8($0))) }.filter { $0.lowercased() == $0 }
        let pieces = special + characters + characters.map { "##\($0)" }
        return Array((pieces.joined(separator: "\n") + "\n").utf8)
    }

    /// Pieces of the vocabulary.
    package static var pieces: Int { vocabulary.count { $0 == UInt8(ascii: "\n") } }

    /// Writes such a model; the same one for the same seed.
    package static func write(_ writer: ModelWriter, seed: UInt64) throws(ModelError) {
        try write(writer, configuration(vocabulary: pieces), seed: seed)
    }

    /// Writes a model of random numbers for a configuration with the tiny vocabulary.
    package static func write(
        _ writer: ModelWriter, _ configuration: ModelConfiguration, seed: UInt64
    ) throws(ModelError) {
        let network = try Network(configuration)
        // Random scores of about this size make some words entities and leave others alone.
        let spread: Float = 3
        func values(_ entry: ParameterLayout.Entry) -> [Float] {
            let values = entry.initialValues(seed: seed)
            let widened = entry.kind != .vector || entry.names == ["tagger.transitions"]
            return widened ? values.map { $0 * 10 * spread } : values
        }
        try writer.write(
            configuration, vocabulary: vocabulary,
            ModelWriter.Part.files(of: network.reading, values: values)
                + ModelWriter.Part.files(of: network.seeing, values: values))
    }
}
