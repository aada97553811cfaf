public import Grounding
public import SystemPackage
import Text
import Weights

/// A run that trains a tagger on with a gate beside it, put together.
public struct GatedTaggerTraining: Sendable {
    /// Rates and decays.
    public var groups = ParameterGroups(encoderRate: 1e-4, headRate: 1e-3, decay: 0.01)
    /// The loop.
    public var trainer = TrainerSettings()
    /// Rate of dropout.
    public var dropout: Float = 0.1
    /// Weight of the gate's loss beside the tagger's.
    public var weight: Float = 1
    /// Share of entities whose pieces are hidden.
    public var nameDropout: Float = 0
    /// Shape of the gate beside it.
    public var shape = EvidenceConfiguration(width: 256, heads: 8, layers: 2)

    /// The defaults.
    public init() {}

    /// Gets everything ready.
    ///
    /// - Parameters:
    ///   - tagger: a model that tags already.
    ///   - patches: folder of a patch encoder, for its shape.
    ///   - directory: where the tagger goes, without the gate; its folder `training` gets checkpoint and logs.
    public func trainer(
        _ data: EvidenceData, tagger: FilePath, patches: FilePath?, directory: FilePath, progress: ProgressStyle
    ) throws -> Trainer<GatedTaggerRecipe> {
        let model = try EvidenceModel(tagger: tagger, patches: patches, shape: shape)
        guard let heads = model.network.heads else { throw TrainingError(.settings, "the method has no gate") }
        let given = try ModelDirectory(tagger).configuration()
        let base = ModelConfiguration(
            method: .crfNone, types: given.types, lowercase: given.lowercase, text: given.text, tagger: given.tagger,
            training: given.training)
        let source = try Network(base)
        let vocabulary = try DataFile.read(ModelDirectory(tagger).vocabulary)
        let wordPiece = try WordPiece(vocabulary: vocabulary, lowercase: base.lowercase)
        let tags = model.network.tags
        func examples(_ part: EvidenceData.Part) throws -> [GatedTaggerExample] {
            try data.read(part, types: tags.inventory, keepsEmpty: true).real.map {
                GatedTaggerExample($0, tags: tags, wordPiece: wordPiece, limit: 192)
            }
        }
        let parameters = TrainableParameters(layout: model.network.reading, seed: trainer.seed) {
            $0.names[0].hasSuffix("word_embeddings.weight")
        }
        let values = try ModelDirectory(tagger).checkpoint(given).load(source.reading)
        let places = Dictionary(
            model.network.reading.entries.map { ($0.names, $0.parameter) }, uniquingKeysWith: { first, _ in first })
        for entry in source.reading.entries {
            guard let place = places[entry.names] else { continue }
            parameters.write(place, values.array(entry.parameter).span)
        }
        let writer = try ModelWriter(directory, storage: .float32)
        let recipe = GatedTaggerRecipe(
            model.network, heads: heads, wordPiece: wordPiece, development: try examples(.dev), dropout: dropout,
            weight: weight, nameDropout: nameDropout
        ) { (parameters, evaluation) throws(TrainingError) in
            var configuration = base
            let scores = evaluation.scalars.map { ("dev_\($0.name)", ProgressLine.short($0.value, 4)) }
            configuration.training = (base.training ?? [:]).merging(scores, uniquingKeysWith: { $1 })
            let part = ModelWriter.Part("model.safetensors", source.reading) { entry in
                places[entry.names].map(parameters.read) ?? []
            }
            do throws(ModelError) {
                try writer.write(configuration, vocabulary: vocabulary, [part])
            } catch {
                throw TrainingError(.file, error.description)
            }
        }
        var settings = trainer
        settings.context = "gate beside tagger, weight \(weight), names \(nameDropout), dropout \(dropout), \(groups)"
        let logs = try ModelWriter(directory.appending("training"), storage: .float32).directory
        return try Trainer(
            recipe, examples: try examples(.train), parameters: parameters,
            groups: groups.resolve(model.network.reading) { $0.hasPrefix("text.") }, settings: settings,
            directory: logs, progress: progress)
    }
}
