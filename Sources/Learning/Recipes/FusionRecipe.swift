import FoundationEssentials
import JSON
import Model
import SystemPackage
import Text

/// Trains `gated-fusion`: a tagger whose words look at patches and alternative text before they are tagged.
package enum FusionRecipe: Recipe {
    package static let name = GatedFusion.name
    package static let summary = GatedFusion.summary
    package static let paper = GatedFusion.paper
    package static let measured =
        "MNER F1 on Twitter-GMNER's dev split 78.0 with captions and 78.0 without, one run (crf-none: 77.6)"
    package static let inputs: [TrainingInput: Bool] = [
        .data: true, .encoder: false, .tagger: false, .patches: false, .images: true, .knowledge: false,
    ]

    package static func prepare(
        _ settings: FusionSettings, _ inputs: TrainingInputs, at place: RunPlace
    ) throws -> TrainingRun {
        var data = EvidenceData(inputs)
        data.knowledge = try inputs.knowledge
        let start = try TaggerStart.read(settings.words, inputs, data)
        try data.requireReader(of: start.configuration.words)
        let patches = try FrozenPatches(inputs[.patches], or: inputs[.tagger])
        let model = FusionModel(
            network: try Network(looking(start.configuration, settings.fusion, patches.configuration)),
            vocabulary: start.vocabulary, patches: patches)
        let layout = model.network.reading
        let (parameters, _) = try start.parameters(layout, seed: settings.loop.seed)
        let encoders = try ModelWriter(place.training.appending("start"), storage: settings.store.storage)
        try model.write(encoders, parameters, origin: .object([]))
        defer { try? FileManager.default.removeItem(atPath: encoders.directory.string) }
        let posts = try Posts(data, start, model.network.tags, pieces: settings.words.pieces)
        let rows = try EvidencePreparation(
            model: encoders.directory, cache: place.training, pool: WorkerPool(workers: place.jobs)
        ).rows(of: [posts.read.train, posts.read.dev], data)
        let (train, dev) = (posts.examples(posts.read.train), posts.examples(posts.read.dev))
        let origin = try RunOrigin(
            Self.self, settings, inputs,
            [DataStamp("train", train) { $0.add(to: &$1) }, DataStamp("dev", dev) { $0.add(to: &$1) }])
        let writer = try ModelWriter(place.directory, storage: settings.store.storage)
        let task = try FusionTask(
            model.network, mask: posts.wordPiece.mask, patches: rows, development: dev, settings: settings
        ) { (parameters, evaluation) throws(TrainingError) in
            try model.write(writer, parameters, origin: origin.json(evaluation, base: start.configuration.training))
        }
        let groups = ParameterGroups(settings.rates, decay: settings.optimizer.weightDecay)
        return TrainingRun(
            try Trainer(
                task, examples: train, parameters: parameters,
                groups: groups.resolve(layout) { $0.hasPrefix("text.") },
                settings: TrainerSettings(settings.loop, settings.optimizer, origin.json), at: place))
    }

    /// The tagger with a fusion.
    private static func looking(
        _ tagger: ModelConfiguration, _ shape: FusionSettings.Shape, _ picture: PatchEncoderConfiguration
    ) -> ModelConfiguration {
        var method = GatedFusion.Settings()
        method.words = tagger.words
        method.fusion = GatedSum.Configuration(width: shape.width, heads: shape.heads)
        return tagger.with(GatedFusion.self, method, picture: picture)
    }

    /// Posts of both halves, and how they become examples.
    private struct Posts {
        let read: (train: EvidenceData.Posts, dev: EvidenceData.Posts)
        let wordPiece: WordPiece
        private let tags: TagSet
        private let limit: Int
        private let knows: Bool

        init(_ data: EvidenceData, _ start: TaggerStart, _ tags: TagSet, pieces: Int) throws {
            read = (
                try data.read(.train, types: tags.inventory, keepsEmpty: true),
                try data.read(.dev, types: tags.inventory, keepsEmpty: true)
            )
            self.tags = tags
            (wordPiece, limit) = try start.pieces(atMost: pieces)
            knows = start.configuration.words.knowledgePieces != nil
        }

        func examples(_ posts: EvidenceData.Posts) -> [FusionExample] {
            posts.real.map { post in
                var post = post
                if !knows { post.knowledge = nil }
                return FusionExample(
                    post: GatedTaggerExample(post, tags: tags, wordPiece: wordPiece, limit: limit), image: post.image)
            }
        }
    }
}

/// A tagger that looks, while it is being trained.
private struct FusionModel: Sendable {
    let network: Network
    let vocabulary: [UInt8]
    let patches: FrozenPatches

    func write(
        _ writer: ModelWriter, _ parameters: TrainableParameters, origin: JSONValue
    ) throws(TrainingError) {
        var configuration = network.configuration
        configuration.training = origin
        let reading = ModelWriter.Part.files(of: network.reading) { parameters.read($0.parameter) }
        try writer.publish(configuration, vocabulary: vocabulary, reading + patches.files(of: network))
    }
}
