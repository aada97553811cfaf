import JSON
package import Kernels
package import Model
import SystemPackage
package import Text

/// Trains a tagger that looks before it tags. A recipe of a fusion says what its settings are and what it learns from beside
/// the likelihood of the tags; the rest is here.
package protocol FusionRecipe: Recipe where Settings == FusionSettings<Shape, HeadShape, Objectives> {
    /// The method that is trained.
    associatedtype Trained: FusionMethod
    /// The fusion's shape, as settings.
    associatedtype Shape: FusionShape where Shape.Configuration == Trained.Part.Configuration
    /// The head's shape, as settings.
    associatedtype HeadShape: HeadSettings = PlainHeadSettings
    where HeadShape.Configuration == Trained.Head.Configuration
    /// Weights of the terms.
    associatedtype Objectives: FusionObjectives
    /// What the head's scores are learned by.
    ///
    /// - Parameter counts: how many mentions of each type there are to learn from.
    static func likelihood(
        _ weights: Objectives, _ head: any LearnedHead, counts: [Int]
    ) -> WeightedObjective<FusionForward>
    /// What is learned from beside the likelihood of the tags and the agreement of the two views.
    static func objectives(
        _ weights: Objectives, _ fusion: Trained.Part, _ head: any TagHead
    ) -> [WeightedObjective<FusionForward>]
    /// Gives parameters what they begin with, beyond what was declared and what the encoder brings; a tagger that has been
    /// trained by this very recipe brings its own.
    static func begin(
        _ parameters: TrainableParameters, _ network: Network, _ wordPiece: WordPiece
    ) throws(ShapeError)
}

extension FusionRecipe {
    package static func likelihood(
        _ weights: Objectives, _ head: any LearnedHead, counts: [Int]
    ) -> WeightedObjective<FusionForward> {
        head.likelihood()
    }

    package static func begin(
        _ parameters: TrainableParameters, _ network: Network, _ wordPiece: WordPiece
    ) throws(ShapeError) {
    }

    package static var name: String { Trained.name }
    package static var summary: String { Trained.summary }
    package static var paper: String { Trained.paper }
    package static var command: String {
        "gmner train \(name) --tagger head --patches vit --data twitter-gmner --set loop.epochs=3 "
            + "--set loop.averaging=0.998 --out model (head: crf-none on a frozen encoder; examples/fusions)"
    }
    package static var inputs: [TrainingInput: Bool] {
        [
            .data: true, .encoder: false, .tagger: false, .patches: false, .images: false, .pictured: false,
            .knowledge: false,
        ]
    }

    package static func prepare(
        _ settings: Settings, _ inputs: TrainingInputs, at place: RunPlace
    ) throws -> TrainingRun {
        var data = EvidenceData(inputs)
        data.knowledge = try inputs.knowledge
        let start = try TaggerStart.read(
            settings.words, inputs, types: TrainingData(folder: inputs.require(.data)).inventory,
            isKnown: !data.knowledge.isEmpty)
        try data.requireReader(of: start.configuration.words)
        let model = try FusionModel(
            Trained.self, start, (settings.fusion.configuration, settings.head.configuration), settings.grounding,
            inputs)
        let layout = model.learned.reading
        let (parameters, _) = try start.parameters(layout, seed: settings.loop.seed, isKept: model.isKept)
        let posts = try FusionPosts(data, start, model.learned.tags, pieces: settings.words.pieces)
        // A tagger of this very method goes on from where it is.
        if start.base?.method != Trained.self { try begin(parameters, model.learned, posts.wordPiece) }
        let rows = try model.rows(of: posts, data, settings.store.storage, at: place)
        let (train, dev) = (posts.examples(posts.read.train), posts.examples(posts.read.dev))
        let origin = try RunOrigin(
            Self.self, settings, inputs,
            [DataStamp("train", train) { $0.add(to: &$1) }, DataStamp("dev", dev) { $0.add(to: &$1) }])
        let writer = try ModelWriter(place.directory, storage: settings.store.storage)
        let task = try FusionTask(
            model.learned, plan(settings), objectives: try objectives(settings, of: model.learned, train),
            examples: (rows, posts.wordPiece.mask, dev)
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

    private static func plan(_ settings: Settings) -> FusionTask.Plan {
        FusionTask.Plan(
            dropout: settings.dropout, variation: settings.variation, tiesViews: settings.objectives.views > 0,
            readsTwice: settings.agreement > 0)
    }

    private static func objectives(
        _ settings: Settings, of network: Network, _ examples: [FusionExample]
    ) throws(TrainingError) -> [WeightedObjective<FusionForward>] {
        guard let fusion = network.parts.fusion as? Trained.Part else {
            throw TrainingError(.settings, "'\(network.configuration.method.name)' has another fusion than '\(name)'")
        }
        var counts = [Int](repeating: 0, count: network.tags.inventory.count)
        for example in examples { for span in example.post.tagger.spans { counts[span.type] += 1 } }
        let (weights, head) = (settings.objectives, try TagJudge(network).head)
        guard settings.agreement == 0 || (weights.views == 0 && head.agrees) else {
            let reason = head.agrees ? "objectives.views ties two passes already" : "'\(name)' has no rows that could"
            throw TrainingError(.settings, "agreement: \(reason)")
        }
        let tied = [("views", weights.views), ("agreement", settings.agreement)].filter { $0.1 > 0 }.map {
            WeightedObjective($0.0, weight: $0.1, Agreement<FusionForward>())
        }
        return [likelihood(weights, head, counts: counts)] + tied + objectives(weights, fusion, network.parts.head)
    }
}
