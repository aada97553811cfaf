import Corpora
import JSON
import Model
import SystemPackage
import Text

/// Trains a tagger with a gate beside it, so that its encoder keeps what a gate needs; the model is the tagger alone.
package enum GatedTaggerRecipe: Recipe {
    package static let name = "gated-tagger"
    package static let summary = "crf-none with a gate beside it while it learns, for evidence to stand on"
    package static let paper =
        "multi-task fine-tuning (Caruana 1997), with the gate of evidence as the second task; R-Drop (Liang et al. 2021)"
    package static let measured =
        "Twitter-GMNER, development posts: MNER F1 79.1 and 78.3, two runs; agreeing 79.3, taught by MPNet 79.8, the mean of "
        + "these two 80.3"
    package static let command =
        "gmner train gated-tagger --tagger head --patches vit --data twitter-gmner --set loop.averaging=0.998 "
        + "--set variation.nameDropout=0.3 --out model (head: crf-none on a frozen encoder; examples/train-default)"
    package static let inputs: [TrainingInput: Bool] = [
        .data: true, .encoder: false, .tagger: false, .patches: false, .knowledge: false, .teacher: false,
        .untagged: false,
    ]

    package static func prepare(
        _ settings: GatedTaggerSettings, _ inputs: TrainingInputs, at place: RunPlace
    ) throws -> TrainingRun {
        var data = EvidenceData()
        data.posts = try inputs.require(.data)
        data.knowledge = try inputs.knowledge
        let start = try TaggerStart.read(
            settings.words, inputs, types: TrainingData(folder: inputs.require(.data)).inventory,
            isKnown: !data.knowledge.isEmpty)
        let base = start.configuration
        try data.requireReader(of: base.words)
        let network = try Network(try start.grounding(settings.gate, patches: inputs[.patches]))
        guard let heads = network.heads else { throw TrainingError(.settings, "the method has no gate") }
        let teaching = try Teaching(inputs, for: network.tags, share: settings.objectives.teacher, at: place)
        let (wordPiece, examples) = try start.examples(data, network.tags, teaching, settings)
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

extension TaggerStart {
    /// The tagger with a gate beside it.
    fileprivate func grounding(_ gate: GatedTaggerSettings.Gate, patches: FilePath?) throws -> ModelConfiguration {
        guard let picture = try patches.map({ try EncoderImport($0).picture($0) }) ?? picture else {
            throw TrainingError(.settings, "no patch encoder to make a gate for")
        }
        let shape = EvidenceConfiguration(width: gate.width, heads: gate.heads, layers: gate.layers)
        return configuration.with(
            EvidenceMethod.self, EvidenceMethod.Settings(configuration.words, shape), picture: picture)
    }

    /// Posts to learn from and to judge by.
    fileprivate func examples(
        _ data: EvidenceData, _ tags: TagSet, _ teaching: Teaching, _ settings: GatedTaggerSettings
    ) throws -> (wordPiece: WordPiece, (train: [GatedTaggerExample], dev: [GatedTaggerExample])) {
        let (wordPiece, limit) = try pieces(atMost: settings.words.pieces)
        func examples(_ posts: [EvidencePost]) -> [GatedTaggerExample] {
            posts.map { GatedTaggerExample($0, tags: tags, wordPiece: wordPiece, limit: limit) }
        }
        let posts = try self.posts(data, .train, tags)
        var train = examples(posts)
        var tagged = train.map(\.tagger)
        let others = try teaching.teach(&tagged, words: posts.map(\.words), wordPiece, limit: limit)
        for (index, example) in tagged.enumerated() { train[index].tagger = example }
        train += others.map { GatedTaggerExample($0) }
        return (wordPiece, (train, examples(try self.posts(data, .dev, tags))))
    }

    private func posts(_ data: EvidenceData, _ part: EvidenceData.Part, _ tags: TagSet) throws -> [EvidencePost] {
        let knows = configuration.words.knowledgePieces != nil
        return try data.read(part, types: tags.inventory, keepsEmpty: true).real.map { post in
            var post = post
            if !knows { post.knowledge = nil }
            return post
        }
    }
}
