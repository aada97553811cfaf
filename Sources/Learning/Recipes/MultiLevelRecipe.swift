import Corpora
import JSON
import Model
import Synthesis
import SystemPackage
import Text
import Weights

/// Pre-trains a text encoder against frozen patches on several levels, before a tagger is trained with it.
package enum MultiLevelRecipe: Recipe {
    package static let name = "multi-level"
    package static let summary = "pre-training of a text encoder against pictures; its model is a tagger's start"
    package static let paper =
        "contrastive pre-training with multi-level alignment (ICMR 2024), with a running average for CLIP as the teacher "
        + "and drawn pictures (synth --draw) for a diffusion model's"
    package static let measured =
        "Flickr8k, photographs held back, one run: a sentence finds its own among 32 in 41.4 % (chance: 3.1 %); pairs told "
        + "from no pairs 78.0 %"
    package static let command =
        "gmner train multi-level --photographs flickr8k --encoder minilm --patches vit --epochs 4 --out model"
    package static let inputs: [TrainingInput: Bool] = [
        .data: false, .encoder: false, .tagger: false, .patches: false, .pictured: false, .photographs: false,
        .nouns: false, .patchCache: false,
    ]

    package static func prepare(
        _ settings: MultiLevelSettings, _ inputs: TrainingInputs, at place: RunPlace
    ) throws -> TrainingRun {
        try requireUse(of: settings, inputs)
        let start = try TaggerStart.read(
            settings.words, inputs,
            types: inputs[.data].map { try TrainingData(folder: $0).inventory } ?? .coarse, isKnown: false)
        let network = try Network(start.configuration)
        let patches = try FrozenSight(patches: inputs[.patches], or: inputs[.tagger])
        let pairs = try Pairs(settings, inputs, start, network)
        var layout = network.reading
        let heads = MultiLevelHeads(
            shape(settings, start, patches, nouns: pairs.nouns.entries.count), in: &layout)
        let teacher =
            settings.objectives.objects > 0
            ? NounTeacher(
                words: network.parts.words, heads: heads,
                phrases: pairs.nouns.entries.map { pairs.pieces($0.phrase) }) : nil
        let (parameters, _) = try start.parameters(layout, seed: settings.loop.seed) { entry in
            let name = entry.names[0]
            if settings.freezePieces, name.hasSuffix("word_embeddings.weight") { return true }
            return !["text.", "tagger.shapes", "pretraining."].contains(where: name.hasPrefix)
        }
        let pool = WorkerPool(workers: place.jobs)
        try teacher?.copy(from: parameters, into: parameters, pool: pool)
        let rows = try pairs.rows(patches, inputs, at: place)
        let (train, dev) = (try pairs.examples(pairs.train, rows), try pairs.examples(pairs.dev, rows))
        let origin = try RunOrigin(
            Self.self, settings, inputs,
            [
                DataStamp("train", pairs.train.all) { $0.add(to: &$1) },
                DataStamp("dev", pairs.dev.all) { $0.add(to: &$1) },
                DataStamp("nouns", pairs.nouns.entries) { $1.update($0.phrase) },
            ])
        let model = PretrainedModel(
            writer: try ModelWriter(place.directory, storage: settings.store.storage), network: network, start: start,
            learned: parameters)
        let task = MultiLevelTask(
            network.parts.words, heads, teacher: teacher, pictures: (rows, dev), settings: settings
        ) { (average, evaluation) throws(TrainingError) in
            try model.publish(average, origin: origin.json(evaluation, base: start.configuration.training))
        }
        return TrainingRun(
            try Trainer(
                task, examples: train, parameters: parameters, groups: groups(settings, layout, heads),
                settings: TrainerSettings(settings.loop, settings.optimizer, origin.json), at: place),
            notes: pairs.train.notes + pairs.dev.notes)
    }

    /// Rates; that of the inverse temperature is so many times higher as it is above 1, as if its logarithm were learned.
    private static func groups(
        _ settings: MultiLevelSettings, _ layout: ParameterLayout, _ heads: MultiLevelHeads
    ) -> [ParameterGroup] {
        var groups = ParameterGroups(settings.rates, decay: settings.optimizer.weightDecay).resolve(layout) {
            $0.hasPrefix("text.")
        }
        groups[heads.scale.index].rate *= MultiLevelHeads.startScale
        return groups
    }

    private static func shape(
        _ settings: MultiLevelSettings, _ start: TaggerStart, _ patches: FrozenSight, nouns: Int
    ) -> MultiLevelHeads.Shape {
        MultiLevelHeads.Shape(
            textWidth: start.configuration.text.width, pictureWidth: patches.configuration.width,
            width: settings.space.width, matching: (settings.matching.width, settings.matching.heads),
            hidden: settings.objects.hidden, nouns: nouns, pooling: settings.space.pooling)
    }

    /// Refuses what would make no difference, and what cannot teach anything.
    private static func requireUse(of settings: MultiLevelSettings, _ inputs: TrainingInputs) throws(TrainingError) {
        func require(_ condition: Bool, _ message: String) throws(TrainingError) {
            if !condition { throw TrainingError(.settings, message) }
        }
        let (weights, unused) = (settings.objectives, MultiLevelSettings())
        try require(
            inputs[.pictured] != nil || inputs[.photographs] != nil, "multi-level needs --pictured or --photographs")
        try require(
            inputs[.data] == nil || inputs[.encoder] != nil,
            "--data says the types of what grows out of --encoder; a tagger keeps its own")
        try require(
            inputs[.patchCache] == nil || inputs[.photographs] != nil,
            "--patch-cache is for --photographs, which are not given")
        try require(
            weights.contrast + weights.matching + weights.objects > 0, "objectives: nothing would be learned")
        try require(
            weights.matching > 0 || settings.matching == unused.matching, "matching: is for objectives.matching above 0"
        )
        try require(
            weights.objects > 0 || settings.objects == unused.objects, "objects: is for objectives.objects above 0")
        try require(
            inputs[.nouns] == nil || weights.objects > 0, "--nouns is for objectives.objects above 0")
        try require(
            inputs[.nouns] == nil || settings.objects.nouns == unused.objects.nouns,
            "objects.nouns: --nouns says which they are")
        try require(
            settings.matching.width % settings.matching.heads == 0,
            "matching.width is \(settings.matching.width); expected a multiple of matching.heads")
        try require(
            weights.objects == 0 || settings.loop.averaging > 0,
            "loop.averaging is 0; the teacher of objectives.objects is the running average")
        let part = settings.loop.batch / (settings.loop.shards * settings.loop.passes)
        try require(
            weights.contrast + weights.matching == 0 || part > 1,
            "loop.batch is \(settings.loop.batch), of which a part gets \(part); contrast and matching need two pairs")
    }
}

/// The pairs of a run, and the noun phrases of those to learn from.
private struct Pairs {
    let train: PictureTexts
    let dev: PictureTexts
    let nouns: NounVocabulary
    private let wordPiece: WordPiece
    private let limit: Int
    private let namesObjects: Bool

    init(_ settings: MultiLevelSettings, _ inputs: TrainingInputs, _ start: TaggerStart, _ network: Network) throws {
        let data = EvidenceData(inputs)
        train = try PictureTexts(.train, of: data, types: network.tags.inventory, settings.objects)
        dev = try PictureTexts(.dev, of: data, types: network.tags.inventory, settings.objects)
        nouns =
            try inputs[.nouns].map { try NounVocabulary.read($0, mayBeStream: true) }
            ?? NounVocabulary(of: train.all.lazy.flatMap(\.sentences), most: settings.objects.nouns)
        namesObjects = settings.objectives.objects > 0
        if namesObjects, nouns.entries.count < 2 {
            throw TrainingError(.data, "there are less than two noun phrases to tell objects by")
        }
        (wordPiece, limit) = try start.pieces(atMost: settings.words.pieces)
    }

    func pieces(_ sentence: String) -> PieceBatch {
        PieceBatch(sentence, wordPiece, limit: limit)
    }

    /// What the patch encoder makes of the pictures.
    func rows(_ patches: FrozenSight, _ inputs: TrainingInputs, at place: RunPlace) throws -> PatchCache {
        let rows = try patches.rows(
            of: [train.shown, dev.shown], EvidenceData(inputs), .float32, at: place, photographs: inputs[.patchCache])
        guard let rows else { throw TrainingError(.data, "no pictures to learn from") }
        return rows
    }

    func examples(_ texts: PictureTexts, _ patches: PatchCache) throws(TrainingError) -> [PairExample] {
        try texts.all.map { text throws(TrainingError) in
            try PairExample(text, in: patches, nouns: namesObjects ? nouns : nil, pieces: pieces)
        }
    }
}

/// What comes out: a tagger with the encoder that was trained, and the encoder alone.
private struct PretrainedModel: Sendable {
    let writer: ModelWriter
    let network: Network
    let start: TaggerStart
    let learned: TrainableParameters

    /// What learned nothing is as it was, to the last bit, which its average is not.
    private func values(_ parameter: Parameter, _ average: TrainableParameters) -> [Float] {
        (learned.isFrozen(parameter) ? learned : average).read(parameter)
    }

    /// Writes the tagger, and its text encoder in Hugging Face's layout into the folder `encoder` beside it.
    func publish(_ average: TrainableParameters, origin: JSONValue) throws(TrainingError) {
        var configuration = start.configuration
        configuration.training = origin
        let parts = ModelWriter.Part.files(of: network.reading) { values($0.parameter, average) }
        try writer.publish(configuration, vocabulary: start.vocabulary, parts)

        var layout = ParameterLayout()
        _ = TextEncoder(configuration.text, in: &layout)
        let places = network.reading.byNames
        let encoder = ModelWriter.Part("model.safetensors", layout) { entry in
            places[entry.names.map { "text.\($0)" }].map { values($0, average) } ?? []
        }
        do throws(ModelError) {
            let writer = try ModelWriter(writer.directory.appending("encoder"), storage: writer.storage)
            try writer.write(encoder)
            try writer.write(start.vocabulary, to: "vocab.txt")
            try writer.write(json: configuration.text)
        } catch {
            throw TrainingError(.file, error.description)
        }
    }
}
