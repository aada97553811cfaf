import Corpora
import JSON
import Model
import SystemPackage
import Text

/// Trains `crf-none`: a text encoder, fine-tuned, with word shapes and a CRF on top, from tagged posts alone.
package enum CRFNoneRecipe: Recipe {
    package static let name = "crf-none"
    package static let summary = "a text encoder, fine-tuned, with word shapes and a CRF; never a box"
    package static let paper = "BERT-CRF-None (Yu et al. 2023, Table 2); R-Drop (Liang et al. 2021)"
    package static let measured =
        "Twitter-GMNER, development posts: MNER F1 77.6 ± 0.1, with recorded knowledge 82.2 ± 0.1"
    package static let inputs: [TrainingInput: Bool] = [.data: true, .encoder: true, .knowledge: false]

    package static func prepare(
        _ settings: CRFNoneSettings, _ inputs: TrainingInputs, at place: RunPlace
    ) throws -> TrainingRun {
        let data = try TrainingData(folder: inputs.require(.data))
        let start = try Start(settings, inputs, data)
        let network = try Network(start.configuration)
        let examples = try (
            train: start.examples(data.train, data, network), dev: start.examples(data.development, data, network)
        )
        let origin = try RunOrigin(
            Self.self, settings, inputs,
            [
                DataStamp("train", examples.train) { $0.add(to: &$1) },
                DataStamp("dev", examples.dev) { $0.add(to: &$1) },
            ])
        let writer = try ModelWriter(place.directory, storage: settings.store.storage)
        let task = try TaggerTask(
            network, wordPiece: start.wordPiece, development: examples.dev, settings: settings
        ) { (parameters, evaluation) throws(TrainingError) in
            var configuration = start.configuration
            configuration.training = origin.json(evaluation, base: nil)
            let parts = ModelWriter.Part.files(of: network.reading) { parameters.read($0.parameter) }
            try writer.publish(configuration, vocabulary: start.vocabulary, parts)
        }
        let parameters = TrainableParameters(layout: network.reading, seed: settings.loop.seed) {
            settings.freezePieces && $0.names[0].hasSuffix("word_embeddings.weight")
        }
        try parameters.load(start.encoder.values(), below: "text")
        let groups = ParameterGroups(settings.rates, decay: settings.optimizer.weightDecay)
        let trainer = try Trainer(
            task, examples: examples.train, parameters: parameters,
            groups: groups.resolve(network.reading) { $0.hasPrefix("text.") },
            settings: TrainerSettings(settings.loop, settings.optimizer, origin.json), at: place)
        return TrainingRun(trainer, notes: (data.train.notes + data.development.notes).map(\.description))
    }

    /// The encoder, and what becomes of it.
    private struct Start {
        let encoder: EncoderImport
        let vocabulary: [UInt8]
        let wordPiece: WordPiece
        let knowledge: Knowledge
        let limit: Int
        let configuration: ModelConfiguration

        init(_ settings: CRFNoneSettings, _ inputs: TrainingInputs, _ data: TrainingData) throws {
            let folder = try inputs.require(.encoder)
            encoder = try EncoderImport(folder)
            let text = try encoder.text(folder)
            vocabulary = try DataFile.read(folder.appending("vocab.txt"))
            wordPiece = try WordPiece(vocabulary: vocabulary, lowercase: !settings.words.cased)
            try text.requireRoom(for: wordPiece.vocabulary)
            let knowledge = try inputs.knowledge
            self.knowledge = knowledge
            limit = min(settings.words.pieces, text.maximumLength)
            let isKnown = data.train.posts.contains { (knowledge[$0.sourceID] ?? $0.knowledge) != nil }
            let words = WordConfiguration(pooling: settings.words.pooling, readingPieces: isKnown ? limit : nil)
            configuration = ModelConfiguration(
                CRFNone.self, CRFNone.Settings(words), types: data.inventory.names, lowercase: !settings.words.cased,
                text: text)
        }

        func examples(
            _ part: LabelledData, _ data: TrainingData, _ network: Network
        ) throws(DataError) -> [TaggerExample] {
            try part.posts.map { post throws(DataError) in
                TaggerExample(
                    words: post.words, tags: try data.tags(of: post, network.tags),
                    knowledge: knowledge[post.sourceID] ?? post.knowledge, wordPiece: wordPiece, limit: limit)
            }
        }
    }
}

extension ModelWriter {
    /// Writes a model in place of what was there.
    func publish(
        _ configuration: ModelConfiguration, vocabulary: [UInt8], _ parts: [Part]
    ) throws(TrainingError) {
        do throws(ModelError) {
            try write(configuration, vocabulary: vocabulary, parts)
        } catch {
            throw TrainingError(.file, error.description)
        }
    }
}
