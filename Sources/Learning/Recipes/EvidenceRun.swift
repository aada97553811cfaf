import Corpora
import FoundationEssentials
import Geometry
import JSON
import Model
import SystemPackage
import Text

/// A run in which what looks is trained: evidence reader, visibility gate and box head, or the second stage alone, on top
/// of the others.
struct EvidenceRun {
    /// What it decides.
    var settings: EvidenceSettings
    /// What of the heads learns; the rest stays as it is in the model that it starts from.
    var learned = LearnedHeads.all
    /// How what is there already goes on by what its answers earn; `nil`: it is made anew, by what is right.
    var policy: PolicySettings?

    /// Gets everything ready; `said` is what the recipe was told.
    func prepare<R: Recipe>(
        _ recipe: R.Type, _ said: R.Settings, _ inputs: TrainingInputs, at place: RunPlace
    ) throws -> TrainingRun {
        let read = try Posts(settings, inputs)
        let tagger = try inputs.require(.tagger)
        let model = try EvidenceModel(
            tagger: tagger, sight: FrozenSight(patches: inputs[.patches], detector: inputs[.detector], or: tagger),
            shape: shape(read, inputs), posts: read.training.all, learned: learned,
            deviations: policy.flatMap { $0.actions == .offsets && $0.learnsDeviation ? $0.deviations : nil })
        let parameters = model.parameters(seed: settings.loop.seed)
        // The encoders as the model will have them; what lies where the model will be is not touched before there is one.
        let start = try ModelWriter(place.training.appending("start"), storage: settings.store.storage)
        try model.write(start, parameters, origin: .object([]))
        defer { try? FileManager.default.removeItem(atPath: start.directory.string) }
        let preparation = EvidencePreparation(
            model: start.directory, cache: place.training, photographs: inputs[.patchCache],
            pool: WorkerPool(workers: place.jobs), progress: place.progress)
        let training = try preparation.lookedAt(read.training, read.data)
        let development = try preparation.lookedAt(read.development, read.data)
        let pictures = try preparation.pictures(of: [training, development], read.data)
        guard let examples = try preparation.set(training.all, pictures, "train") else {
            throw TrainingError(.data, "no posts with entities to learn from")
        }
        let evaluation = try preparation.evaluation(development, pictures)
        let origin = try RunOrigin(
            recipe, said, inputs,
            [
                DataStamp("train", examples.posts) { $0.add(to: &$1) },
                DataStamp("dev", development.all) { $0.add(to: &$1) },
            ])
        let writer = try ModelWriter(place.directory, storage: settings.store.storage)
        let task = EvidenceTask(
            model, training: examples, development: evaluation, settings: settings,
            policy: policy.map { ($0, model.parameters(seed: settings.loop.seed)) }
        ) { (parameters, evaluation) throws(TrainingError) in
            try model.write(writer, parameters, origin: origin.json(evaluation, base: model.base))
        }
        let groups = ParameterGroups(headRate: settings.rate, decay: settings.optimizer.weightDecay)
        let trainer = try Trainer(
            task, examples: turns(of: examples.posts), parameters: parameters,
            groups: groups.resolve(model.trained, isEncoder: model.staysAsItIs),
            settings: TrainerSettings(settings.loop, settings.optimizer, origin.json), at: place)
        return TrainingRun(trainer, notes: read.training.notes + read.development.notes) {
            try evaluation.calibrate(place.directory, choiceAlone: learned == .choice, pool: preparation.pool)
        }
    }

    /// Positions of posts, as often as an epoch shows each.
    func turns(of posts: [EvidencePost]) -> [Int] {
        posts.indices.flatMap { index in
            repeatElement(index, count: posts[index].origin == .pictured ? settings.pictured.turns : 1)
        }
    }

    /// The shape of the heads; anchors are taken from the training posts' boxes.
    private func shape(_ read: Posts, _ inputs: TrainingInputs) throws -> EvidenceConfiguration {
        let (reader, head) = (settings.reader, settings.boxes)
        let boxes = read.training.all.flatMap { $0.entities.flatMap(\.boxes) }
        let candidates =
            head.draws == .choice
            ? CandidateConfiguration(
                anchors: AnchorBoxes.covering(boxes, count: head.anchors), peaks: head.peaks, units: head.units,
                regions: head.regions, presence: head.presence) : nil
        let heat =
            head.draws == .heat
            ? HeatMapConfiguration(
                layer: head.layer > 0 ? head.layer : nil, threshold: head.threshold, merging: head.merging) : nil
        guard learned != .all else {
            return EvidenceConfiguration(
                width: reader.width, heads: reader.heads, layers: reader.layers,
                pictureLayers: reader.pictureLayers > 0 ? reader.pictureLayers : nil,
                prior: reader.prior > 0 ? reader.prior : nil, candidates: candidates, heat: heat)
        }
        let base = try inputs.require(.tagger)
        guard var shape = try ModelDirectory(base).configuration().grounding else {
            throw TrainingError(
                .settings, "\(base): a second stage stands on a model that grounds, and this one only tags")
        }
        guard shape.heat == nil else {
            throw TrainingError(
                .settings,
                "\(base): a second stage stands on boxes that are drawn, and this model tells them from heat maps")
        }
        if policy == nil { shape.candidates = candidates }
        return shape
    }

    /// Posts to learn from and to judge by.
    private struct Posts {
        let data: EvidenceData
        let training: EvidenceData.Posts
        let development: EvidenceData.Posts

        init(_ settings: EvidenceSettings, _ inputs: TrainingInputs) throws {
            var data = EvidenceData(inputs)
            data.knowledge = try inputs.knowledge
            data.partsPerPicture = settings.pictured.parts
            data.postsPerPhotograph = settings.photographs.posts
            data.partsPerPhotograph = settings.photographs.parts
            data.collagesPerPhotograph = settings.photographs.collages
            let base = try ModelDirectory(inputs.require(.tagger)).configuration()
            try data.requireReader(of: base.words)
            let types = try Network(base).tags.inventory
            training = try data.read(.train, types: types)
            development = try data.read(.dev, types: types)
            self.data = data
        }
    }
}
