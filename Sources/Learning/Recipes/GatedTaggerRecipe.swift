import Corpora
import JSON
import Model
import SystemPackage
import Text

/// Trains a tagger with a gate beside it, so that its encoder keeps what a gate needs; the model is the tagger alone.
package enum GatedTaggerRecipe: Recipe {
    package static let name = "gated-tagger"
    package static let summary = "crf-none with a gate beside it while it learns, for evidence to stand on"
    package static let paper = "multi-task fine-tuning (Caruana 1997), with the gate of evidence as the second task"
    package static let measured = "what the default model's tagger was trained with: see examples/train-default"
    package static let inputs: [TrainingInput: Bool] = [
        .data: true, .encoder: false, .tagger: false, .patches: false, .knowledge: false,
    ]

    package static func prepare(
        _ settings: GatedTaggerSettings, _ inputs: TrainingInputs, at place: RunPlace
    ) throws -> TrainingRun {
        var data = EvidenceData()
        data.posts = try inputs.require(.data)
        data.knowledge = try inputs.knowledge
        let start = try GatedTaggerStart.read(settings, inputs, data)
        let base = start.configuration
        try data.requireReader(of: base.words)
        let network = try Network(try start.grounding(settings.gate, patches: inputs[.patches]))
        guard let heads = network.heads else { throw TrainingError(.settings, "the method has no gate") }
        let (wordPiece, examples) = try start.examples(data, network.tags, pieces: settings.words.pieces)
        let origin = try RunOrigin(
            Self.self, settings, inputs,
            [
                DataStamp("train", examples.train) { $0.add(to: &$1) },
                DataStamp("dev", examples.dev) { $0.add(to: &$1) },
            ])
        let (parameters, places) = try start.parameters(network.reading, seed: settings.loop.seed)
        let writer = try ModelWriter(place.directory, storage: settings.store.storage)
        let written = try Network(base)
        let task = try GatedTaggerTask(
            network, heads: heads, wordPiece: wordPiece, development: examples.dev, settings: settings
        ) { (parameters, evaluation) throws(TrainingError) in
            var configuration = base
            configuration.training = origin.json(evaluation, base: base.training)
            let parts = ModelWriter.Part.files(of: written.reading) { entry in
                places[entry.names].map(parameters.read) ?? []
            }
            try writer.publish(configuration, vocabulary: start.vocabulary, parts)
        }
        let groups = ParameterGroups(settings.rates, decay: settings.optimizer.weightDecay)
        return TrainingRun(
            try Trainer(
                task, examples: examples.train, parameters: parameters,
                groups: groups.resolve(network.reading) { $0.hasPrefix("text.") },
                settings: TrainerSettings(settings.loop, settings.optimizer, origin.json), at: place))
    }
}

/// What a tagger beside a gate grows out of: an encoder, or a model that tags already.
private struct GatedTaggerStart {
    /// A tagger, with nothing that looks.
    let configuration: ModelConfiguration
    let vocabulary: [UInt8]
    let values: ParameterValues
    /// What stands before the values' names in a tagger.
    let prefix: String
    /// The shape of the origin's own patch encoder.
    let picture: PatchEncoderConfiguration?

    /// Reads whichever is given.
    static func read(
        _ settings: GatedTaggerSettings, _ inputs: TrainingInputs, _ data: EvidenceData
    ) throws -> GatedTaggerStart {
        switch (inputs[.encoder], inputs[.tagger]) {
        case (let folder?, nil): return try encoder(folder, settings, inputs.require(.data), data)
        case (nil, let folder?):
            guard settings.words == WordSettings() else {
                throw TrainingError(.settings, "words: a tagger reads words as it learned to; set them for --encoder")
            }
            return try tagger(folder)
        default: throw TrainingError(.settings, "gated-tagger needs either --encoder or --tagger")
        }
    }

    private static func tagger(_ folder: FilePath) throws -> GatedTaggerStart {
        let directory = ModelDirectory(folder)
        let given = try directory.configuration()
        let configuration = given.with(CRFNone.self, CRFNone.Settings(given.words))
        return GatedTaggerStart(
            configuration: configuration, vocabulary: try DataFile.read(directory.vocabulary),
            values: try directory.checkpoint(given).load(Network(configuration).reading), prefix: "",
            picture: given.picture)
    }

    private static func encoder(
        _ folder: FilePath, _ settings: GatedTaggerSettings, _ posts: FilePath, _ data: EvidenceData
    ) throws -> GatedTaggerStart {
        let imported = try EncoderImport(folder)
        let text = try imported.text(folder)
        let limit = min(settings.words.pieces, text.maximumLength)
        let words = WordConfiguration(
            pooling: settings.words.pooling, readingPieces: data.knowledge.count > 0 ? limit : nil)
        return GatedTaggerStart(
            configuration: ModelConfiguration(
                CRFNone.self, CRFNone.Settings(words), types: try TrainingData(folder: posts).inventory.names,
                lowercase: !settings.words.cased, text: text),
            vocabulary: try DataFile.read(folder.appending("vocab.txt")), values: try imported.values(),
            prefix: "text.", picture: nil)
    }

    /// The tagger with a gate beside it.
    func grounding(_ gate: GatedTaggerSettings.Gate, patches: FilePath?) throws -> ModelConfiguration {
        guard let picture = try patches.map({ try EncoderImport($0).picture($0) }) ?? picture else {
            throw TrainingError(.settings, "no patch encoder to make a gate for")
        }
        let shape = EvidenceConfiguration(width: gate.width, heads: gate.heads, layers: gate.layers)
        return configuration.with(
            EvidenceMethod.self, EvidenceMethod.Settings(configuration.words, shape), picture: picture)
    }

    /// Posts to learn from and to judge by.
    func examples(
        _ data: EvidenceData, _ tags: TagSet, pieces: Int
    ) throws -> (wordPiece: WordPiece, (train: [GatedTaggerExample], dev: [GatedTaggerExample])) {
        let wordPiece = try WordPiece(vocabulary: vocabulary, lowercase: configuration.lowercase)
        try configuration.text.requireRoom(for: wordPiece.vocabulary)
        let knows = configuration.words.knowledgePieces
        let limit = knows ?? min(pieces, configuration.text.maximumLength)
        func examples(_ part: EvidenceData.Part) throws -> [GatedTaggerExample] {
            try data.read(part, types: tags.inventory, keepsEmpty: true).real.map { post in
                var post = post
                if knows == nil { post.knowledge = nil }
                return GatedTaggerExample(post, tags: tags, wordPiece: wordPiece, limit: limit)
            }
        }
        return (wordPiece, (try examples(.train), try examples(.dev)))
    }

    /// Where training starts, and where each parameter of that name is.
    func parameters(
        _ layout: ParameterLayout, seed: UInt64
    ) throws(TrainingError) -> (TrainableParameters, [[String]: Parameter]) {
        let parameters = TrainableParameters(layout: layout, seed: seed) {
            $0.names[0].hasSuffix("word_embeddings.weight")
        }
        let places = Dictionary(
            layout.entries.map { ($0.names, $0.parameter) }, uniquingKeysWith: { first, _ in first })
        for entry in values.layout.entries {
            guard let place = places[entry.names.map { prefix + $0 }] else {
                throw TrainingError(.settings, "'\(entry.names[0])' has no place in a tagger")
            }
            parameters.write(place, values.array(entry.parameter).span)
        }
        return (parameters, places)
    }
}
