package import Reporting
package import Model
package import SystemPackage
import Text
import Weights
import Corpora

/// A run that trains a tagger on with a gate beside it, put together.
package struct GatedTaggerTraining: Sendable {
    /// Rates and decays.
    package var groups = ParameterGroups(encoderRate: 1e-4, headRate: 1e-3, decay: 0.01)
    /// The loop.
    package var trainer = TrainerSettings()
    /// Rate of dropout.
    package var dropout: Float = 0.1
    /// Weight of the gate's loss beside the tagger's.
    package var weight: Float = 1
    /// Share of entities whose pieces are hidden.
    package var nameDropout: Float = 0
    /// How an encoder becomes a tagger; a tagger stays as it is.
    package var pooling = WordConfiguration.Pooling.mean
    /// Whether the encoder's vocabulary is lower-cased.
    package var lowercase = true
    /// Most pieces of a sequence, knowledge included.
    package var maximumPieces = 192
    /// Shape of the gate beside it.
    package var shape = EvidenceConfiguration(width: 256, heads: 8, layers: 2)

    /// Goes into the model's `config.json`: where it comes from.
    package var provenance: [String: String] = [:]

    /// The defaults.
    package init() {}

    /// What the tagger grows out of.
    package enum Origin: Sendable {
        /// Folder of a text encoder in Hugging Face's layout.
        case encoder(FilePath)
        /// A model that tags already.
        case tagger(FilePath)
    }

    /// Gets everything ready.
    ///
    /// - Parameters:
    ///   - patches: folder of a patch encoder, for its shape; `nil`: that of the tagger.
    ///   - directory: where the tagger goes, without the gate; its folder `training` gets checkpoint and logs.
    package func trainer(
        _ data: EvidenceData, from origin: Origin, patches: FilePath?, directory: FilePath, progress: ProgressStyle
    ) throws -> Trainer<GatedTaggerRecipe> {
        let start = try Start(origin, data, self)
        let base = start.configuration
        try data.requireReader(of: base.words)
        let limit = base.words.knowledgePieces ?? min(maximumPieces, base.text.maximumLength)
        guard let picture = try patches.map({ try EncoderImport($0).picture($0) }) ?? start.picture else {
            throw TrainingError(.settings, "no patch encoder to make a gate for")
        }
        let network = try Network(
            base.with(EvidenceMethod.self, EvidenceMethod.Settings(base.words, shape), picture: picture))
        guard let heads = network.heads else { throw TrainingError(.settings, "the method has no gate") }
        let wordPiece = try WordPiece(vocabulary: start.vocabulary, lowercase: base.lowercase)
        try base.text.requireRoom(for: wordPiece.vocabulary)
        func examples(_ part: EvidenceData.Part) throws -> [GatedTaggerExample] {
            try data.read(part, types: network.tags.inventory, keepsEmpty: true).real.map { post in
                var post = post
                if base.words.knowledgePieces == nil { post.knowledge = nil }
                return GatedTaggerExample(post, tags: network.tags, wordPiece: wordPiece, limit: limit)
            }
        }
        let parameters = TrainableParameters(layout: network.reading, seed: trainer.seed) {
            $0.names[0].hasSuffix("word_embeddings.weight")
        }
        let places = Dictionary(
            network.reading.entries.map { ($0.names, $0.parameter) }, uniquingKeysWith: { first, _ in first })
        for entry in start.values.layout.entries {
            guard let place = places[entry.names.map { start.prefix + $0 }] else {
                throw TrainingError(.settings, "'\(entry.names[0])' has no place in a tagger")
            }
            parameters.write(place, start.values.array(entry.parameter).span)
        }
        let writer = try ModelWriter(directory, storage: .float32)
        let written = try Network(base)
        let origins = [provenance, trainer.provenance, groups.provenance, ["dropout": "\(dropout)"]]
            .reduce(base.training ?? [:]) { $0.merging($1, uniquingKeysWith: { $1 }) }
            .merging(["gate_weight": "\(weight)", "name_dropout": "\(nameDropout)"], uniquingKeysWith: { $1 })
        let recipe = try GatedTaggerRecipe(
            network, heads: heads, wordPiece: wordPiece, development: try examples(.dev), dropout: dropout,
            weight: weight, nameDropout: nameDropout
        ) { (parameters, evaluation) throws(TrainingError) in
            var configuration = base
            let scores = evaluation.scalars.map { ("dev_\($0.name)", TrainingProgress.short($0.value, 4)) }
            configuration.training = origins.merging(scores, uniquingKeysWith: { $1 })
            let part = ModelWriter.Part("model.safetensors", written.reading) { entry in
                places[entry.names].map(parameters.read) ?? []
            }
            do throws(ModelError) {
                try writer.write(configuration, vocabulary: start.vocabulary, [part])
            } catch {
                throw TrainingError(.file, error.description)
            }
        }
        var settings = trainer
        settings.context = "gate beside tagger, weight \(weight), names \(nameDropout), dropout \(dropout), \(groups)"
        let logs = try ModelWriter(directory.appending("training"), storage: .float32).directory
        return try Trainer(
            recipe, examples: try examples(.train), parameters: parameters,
            groups: groups.resolve(network.reading) { $0.hasPrefix("text.") }, settings: settings,
            directory: logs, progress: progress)
    }

    /// An origin, read.
    private struct Start {
        /// A tagger, with nothing that looks.
        var configuration: ModelConfiguration
        var vocabulary: [UInt8]
        var values: ParameterValues
        /// What stands before the values' names in a tagger.
        var prefix: String
        /// The shape of the origin's own patch encoder.
        var picture: PatchEncoderConfiguration?

        init(_ origin: Origin, _ data: EvidenceData, _ training: GatedTaggerTraining) throws {
            switch origin {
            case .encoder(let folder):
                let imported = try EncoderImport(folder)
                let text = try imported.text(folder)
                guard let posts = data.posts else { throw TrainingError(.settings, "no posts to learn tags from") }
                let limit = min(training.maximumPieces, text.maximumLength)
                let words = WordConfiguration(
                    pooling: training.pooling, readingPieces: data.knowledge.count > 0 ? limit : nil)
                configuration = ModelConfiguration(
                    CRFNone.self, CRFNone.Settings(words), types: try TrainingData(folder: posts).inventory.names,
                    lowercase: training.lowercase, text: text)
                vocabulary = try DataFile.read(folder.appending("vocab.txt"))
                (values, prefix) = (try imported.values(), "text.")
            case .tagger(let folder):
                let directory = ModelDirectory(folder)
                let given = try directory.configuration()
                configuration = given.with(CRFNone.self, CRFNone.Settings(given.words))
                vocabulary = try DataFile.read(directory.vocabulary)
                (values, prefix) = (try directory.checkpoint(given).load(Network(configuration).reading), "")
                picture = given.picture
            }
        }
    }
}
