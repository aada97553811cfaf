import Corpora
import Model
import SystemPackage

/// Trains `crf-none`: a text encoder, fine-tuned, with word shapes and a CRF on top, from tagged posts alone.
package enum CRFNoneRecipe: Recipe {
    package static let name = "crf-none"
    package static let summary = "a text encoder, fine-tuned, with word shapes and a CRF; never a box"
    package static let paper = "BERT-CRF-None (Yu et al. 2023, Table 2); R-Drop (Liang et al. 2021)"
    package static let measured =
        "Twitter-GMNER, development posts: MNER F1 77.6 ± 0.1, with recorded knowledge 82.2 ± 0.1, of MPNet 82.0"
    package static let command = "gmner train crf-none --data twitter-gmner --encoder minilm --out model"
    package static let inputs: [TrainingInput: Bool] = [
        .data: true, .encoder: false, .tagger: false, .knowledge: false, .teacher: false, .untagged: false,
    ]

    package static func prepare(
        _ settings: CRFNoneSettings, _ inputs: TrainingInputs, at place: RunPlace
    ) throws -> TrainingRun {
        let data = try TrainingData(folder: inputs.require(.data))
        let knowledge = try inputs.knowledge
        let isKnown = data.train.posts.contains { knowledge.of($0) != nil }
        let start = try TaggerStart.read(settings.words, inputs, types: data.inventory, isKnown: isKnown)
        let network = try Network(start.configuration)
        let (wordPiece, limit) = try start.pieces(atMost: settings.words.pieces)
        func examples(_ part: LabelledData) throws(DataError) -> [TaggerExample] {
            try part.posts.map { post throws(DataError) in
                TaggerExample(
                    words: post.words, spans: try data.spans(of: post), tags: network.tags,
                    knowledge: start.configuration.words.knowledgePieces == nil
                        ? nil : knowledge.of(post),
                    wordPiece: wordPiece, limit: limit)
            }
        }
        let dev = try examples(data.development)
        var train = try examples(data.train)
        let teaching = try Teaching(inputs, for: network.tags, share: settings.objectives.teacher, at: place)
        train += try teaching.teach(&train, words: data.train.posts.map(\.words), wordPiece, limit: limit)
        let origin = try RunOrigin(
            Self.self, settings, inputs,
            [
                DataStamp("train", train) { $0.add(to: &$1) },
                DataStamp("dev", dev) { $0.add(to: &$1) },
            ])
        let writer = try ModelWriter(place.directory, storage: settings.store.storage)
        let task = try TaggerTask(
            network, wordPiece: wordPiece, development: dev, settings: settings
        ) { (parameters, evaluation) throws(TrainingError) in
            var configuration = start.configuration
            configuration.training = origin.json(evaluation, base: start.configuration.training)
            let parts = ModelWriter.Part.files(of: network.reading) { parameters.read($0.parameter) }
            try writer.publish(configuration, vocabulary: start.vocabulary, parts)
        }
        let (parameters, _) = try start.parameters(network.reading, seed: settings.loop.seed) {
            settings.freezePieces && $0.names[0].hasSuffix("word_embeddings.weight")
        }
        let groups = ParameterGroups(settings.rates, decay: settings.optimizer.weightDecay)
        let trainer = try Trainer(
            task, examples: train, parameters: parameters,
            groups: groups.resolve(network.reading) { $0.hasPrefix("text.") },
            settings: TrainerSettings(settings.loop, settings.optimizer, origin.json), at: place)
        return TrainingRun(trainer, notes: (data.train.notes + data.development.notes).map(\.description))
    }
}

extension ModelWriter.Part {
    /// The files of a layout: what was learned, and the rest as it was.
    static func files(
        of layout: ParameterLayout, learned: TrainableParameters, rest: ParameterValues?
    ) -> [ModelWriter.Part] {
        let (ours, theirs) = (learned.layout.byNames, rest?.layout.byNames)
        return files(of: layout) { entry in
            if let parameter = ours[entry.names] { return learned.read(parameter) }
            return theirs?[entry.names].flatMap { rest?.array($0) } ?? []
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
