package import Reporting
package import Model
package import SystemPackage
import Text
package import Weights
import Corpora

/// A run that trains a tagger, put together: data, encoder, recipe, optimiser.
package struct TaggerTraining: Sendable {
    /// How posts are varied and read.
    package var recipe = TaggerRecipe.Settings()
    /// Rates and decays.
    package var groups = ParameterGroups()
    /// The loop.
    package var trainer = TrainerSettings()
    /// Which of a word's pieces speaks for it.
    package var pooling = WordConfiguration.Pooling.mean
    /// Whether the encoder's vocabulary is lower-cased.
    package var lowercase = true
    /// Leaves the encoder's word pieces as they are.
    package var freezesPieces = false
    /// Most pieces of a sequence, knowledge included.
    package var maximumPieces = 256
    /// How the model's matrices are stored.
    package var storage = SafetensorsWriter.Storage.float32
    /// Goes into the model's `config.json`, beside the settings: where it comes from.
    package var provenance: [String: String] = [:]

    /// The defaults.
    package init() {}

    /// Gets everything ready.
    ///
    /// - Parameters:
    ///   - knowledge: background texts of training and development posts, read behind a separator; where it has none,
    ///     what the data set itself knows about a post.
    ///   - encoder: folder of a Hugging Face checkpoint, or of an encoder that `gmner import` wrote.
    ///   - directory: where the best model goes; its folder `training` gets checkpoint and logs.
    package func trainer(
        _ data: TrainingData, knowledge: Knowledge = Knowledge(), encoder: FilePath, directory: FilePath,
        progress: ProgressStyle
    ) throws -> Trainer<TaggerRecipe> {
        let imported = try EncoderImport(encoder)
        let text = try imported.text(encoder)
        let vocabulary = try DataFile.read(encoder.appending("vocab.txt"))
        let wordPiece = try WordPiece(vocabulary: vocabulary, lowercase: lowercase)
        try text.requireRoom(for: wordPiece.vocabulary)
        let limit = min(maximumPieces, text.maximumLength)
        func known(_ post: LabelledPost) -> String? { knowledge[post.id] ?? post.knowledge }
        let knownPosts = data.train.posts.count { known($0) != nil }
        let words = WordConfiguration(pooling: pooling, readingPieces: knownPosts > 0 ? limit : nil)
        let configuration = ModelConfiguration(
            CRFNone.self, CRFNone.Settings(words), types: data.inventory.names, lowercase: lowercase, text: text)
        let network = try Network(configuration)
        let origin = origin(posts: data.train.posts.count, known: knownPosts, limit: limit)
        func examples(_ part: LabelledData) throws(DataError) -> [TaggerExample] {
            try part.posts.map { post throws(DataError) in
                TaggerExample(
                    words: post.words, tags: try data.tags(of: post, network.tags), knowledge: known(post),
                    wordPiece: wordPiece, limit: limit)
            }
        }
        let writer = try ModelWriter(directory, storage: storage)
        let task = try TaggerRecipe(
            network, wordPiece: wordPiece, development: try examples(data.development), settings: recipe
        ) { (parameters, evaluation) throws(TrainingError) in
            var configuration = configuration
            configuration.training = origin.merging(
                evaluation.scalars.map { ("dev_\($0.name)", TrainingProgress.short($0.value, 4)) },
                uniquingKeysWith: { $1 }
            )
            let part = ModelWriter.Part("model.safetensors", network.reading) { parameters.read($0.parameter) }
            do throws(ModelError) {
                try writer.write(configuration, vocabulary: vocabulary, [part])
            } catch {
                throw TrainingError(.file, error.description)
            }
        }
        let parameters = TrainableParameters(layout: network.reading, seed: trainer.seed) {
            freezesPieces && $0.names[0].hasSuffix("word_embeddings.weight")
        }
        try parameters.load(imported.values(), below: "text")
        var settings = trainer
        settings.context = "\(recipe), \(groups), pooling \(pooling), pieces \(limit), knowledge \(knowledge.count)"
        let logs = try ModelWriter(directory.appending("training"), storage: storage).directory
        return try Trainer(
            task, examples: try examples(data.train), parameters: parameters,
            groups: groups.resolve(network.reading) { $0.hasPrefix("text.") }, settings: settings, directory: logs,
            progress: progress)
    }

    /// All that shapes the model, in words.
    private func origin(posts: Int, known: Int, limit: Int) -> [String: String] {
        let own = [
            "posts": "\(posts)", "knowledge": "\(known)", "max_pieces": "\(limit)", "pooling": pooling.rawValue,
            "cased": "\(!lowercase)", "freeze_pieces": "\(freezesPieces)",
        ]
        return [trainer.provenance, groups.provenance, recipe.provenance, own].reduce(provenance) {
            $0.merging($1) { $1 }
        }
    }
}
