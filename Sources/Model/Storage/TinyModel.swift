import Text

/// A model of a few thousand random numbers: it answers at once and means nothing, for trying out pipelines.
package enum TinyModel {
    /// The shape: every part that a model can have, as small as it goes.
    package static func configuration(vocabulary: Int) -> ModelConfiguration {
        ModelConfiguration(
            method: .evidence, types: TypeInventory.coarse.names,
            text: TextEncoderConfiguration(
                family: .bert, width: 16, layers: 1, heads: 2, innerWidth: 32, vocabularySize: vocabulary,
                positions: 256, segments: 2),
            tagger: TaggerConfiguration(),
            picture: PatchEncoderConfiguration(
                family: .dinov2, width: 16, layers: 1, heads: 2, innerRatio: 2, imageSize: 56, patchSize: 14),
            evidence: EvidenceConfiguration(width: 16, heads: 2, layers: 1),
            weights: ["model.safetensors", "picture.safetensors"],
            training: ["data": "none: random numbers"])
    }

    /// Special pieces, then every printable ASCII character alone and as a continuation.
    package static var vocabulary: [UInt8] {
        let special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
        let characters = (0x21...0x7E).map { String(UnicodeScalar(UInt8($0))) }.filter { $0.lowercased() == $0 }
        let pieces = special + characters + characters.map { "##\($0)" }
        return Array((pieces.joined(separator: "\n") + "\n").utf8)
    }

    /// Writes such a model; the same one for the same seed.
    package static func write(_ writer: ModelWriter, seed: UInt64) throws(ModelError) {
        let vocabulary = vocabulary
        let count = vocabulary.count { $0 == UInt8(ascii: "\n") }
        let configuration = configuration(vocabulary: count)
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
            [
                ModelWriter.Part("model.safetensors", network.reading, values: values),
                ModelWriter.Part("picture.safetensors", network.seeing, values: values),
            ])
    }
}
