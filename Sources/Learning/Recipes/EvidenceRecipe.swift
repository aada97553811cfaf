import Corpora
import FoundationEssentials
import Geometry
import JSON
import Model
import SystemPackage
import Text

/// Trains `evidence`: evidence reader, visibility gate and box head, on top of a tagger that stays as it is.
package enum EvidenceRecipe: Recipe {
    package static let name = "evidence"
    package static let summary = "evidence reader, visibility gate and box head on top of a tagger"
    package static let paper = "the order of RiVEG (Li et al. 2024) in one small model"
    package static let measured =
        "the default model, tweets with pictures: gate 79.0 % right (AUC 84.7), GMNER F1 +8.8 over never a box"
    package static let command = "examples/train-default/train.sh data work"
    package static let inputs: [TrainingInput: Bool] = [
        .data: false, .tagger: true, .patches: false, .images: false, .pictured: false, .photographs: false,
        .names: false, .knowledge: false, .patchCache: false,
    ]

    package static func prepare(
        _ settings: EvidenceSettings, _ inputs: TrainingInputs, at place: RunPlace
    ) throws -> TrainingRun {
        try requireUse(of: settings, inputs)
        let read = try Posts(settings, inputs)
        let model = try EvidenceModel(
            tagger: inputs.require(.tagger), patches: inputs[.patches],
            shape: shape(settings, boxes: read.training.all.flatMap { $0.entities.flatMap(\.boxes) }),
            posts: read.training.all)
        let parameters = model.parameters(seed: settings.loop.seed)
        // The encoders as the model will have them; what lies where the model will be is not touched before there is one.
        let start = try ModelWriter(place.training.appending("start"), storage: settings.store.storage)
        try model.write(start, parameters, origin: .object([]))
        defer { try? FileManager.default.removeItem(atPath: start.directory.string) }
        let preparation = EvidencePreparation(
            model: start.directory, cache: place.training, photographs: inputs[.patchCache],
            pool: WorkerPool(workers: place.jobs))
        let rows = try preparation.rows(of: [read.training, read.development], read.data)
        guard let examples = try preparation.set(read.training.all, rows, "train") else {
            throw TrainingError(.data, "no posts with entities to learn from")
        }
        let evaluation = try preparation.evaluation(read.development, rows)
        let origin = try RunOrigin(
            Self.self, settings, inputs,
            [
                DataStamp("train", examples.posts) { $0.add(to: &$1) },
                DataStamp("dev", read.development.all) { $0.add(to: &$1) },
            ])
        let writer = try ModelWriter(place.directory, storage: settings.store.storage)
        let task = EvidenceTask(
            model.heads, training: examples, development: evaluation, contrastScale: model.contrastScale,
            priors: model.priors, settings: settings
        ) { (parameters, evaluation) throws(TrainingError) in
            try model.write(writer, parameters, origin: origin.json(evaluation, base: model.base))
        }
        let groups = ParameterGroups(headRate: settings.rate, decay: settings.optimizer.weightDecay)
        let trainer = try Trainer(
            task, examples: turns(of: examples.posts, settings), parameters: parameters,
            groups: groups.resolve(model.trained) { _ in false },
            settings: TrainerSettings(settings.loop, settings.optimizer, origin.json), at: place)
        return TrainingRun(trainer, notes: read.training.notes + read.development.notes) {
            try evaluation.calibrate(place.directory, pool: preparation.pool)
        }
    }

    /// Refuses what would make no difference.
    private static func requireUse(of settings: EvidenceSettings, _ inputs: TrainingInputs) throws {
        guard [TrainingInput.data, .pictured, .photographs].contains(where: { inputs[$0] != nil }) else {
            throw TrainingError(.settings, "evidence needs --data, --pictured or --photographs")
        }
        guard inputs[.photographs] == nil || inputs[.data] != nil || inputs[.names] != nil else {
            throw TrainingError(.settings, "--photographs needs --names, or --data to draw names from")
        }
        guard inputs[.images] == nil || inputs[.data] != nil else {
            throw TrainingError(.settings, "--images are pictures of the posts of --data")
        }
        guard inputs[.pictured] != nil || settings.pictured == EvidenceSettings.Pictured() else {
            throw TrainingError(.settings, "pictured: there are none without --pictured")
        }
        if inputs[.photographs] == nil {
            for input in [TrainingInput.names, .patchCache] where inputs[input] != nil {
                throw TrainingError(.settings, "--\(input.rawValue) is for --photographs, which are not given")
            }
            guard settings.photographs == EvidenceSettings.Photographs() else {
                throw TrainingError(.settings, "photographs: there are none without --photographs")
            }
        }
        let unused = EvidenceSettings()
        guard settings.boxes.draws == .choice || settings.boxes == unused.boxes else {
            throw TrainingError(.settings, "boxes.anchors and boxes.peaks are for boxes.draws=choice")
        }
        guard settings.boxes.draws == .choice || settings.objectives.choice == unused.objectives.choice else {
            throw TrainingError(.settings, "objectives.choice is for boxes.draws=choice")
        }
        guard settings.boxes.draws == .regression || settings.objectives.trust == unused.objectives.trust else {
            throw TrainingError(.settings, "objectives.trust is for boxes.draws=regression")
        }
    }

    /// Positions of posts, as often as an epoch shows each.
    static func turns(of posts: [EvidencePost], _ settings: EvidenceSettings) -> [Int] {
        posts.indices.flatMap { index in
            repeatElement(index, count: posts[index].origin == .pictured ? settings.pictured.turns : 1)
        }
    }

    /// The shape of the heads; anchors are taken from these boxes.
    private static func shape(_ settings: EvidenceSettings, boxes: [RelativeBox]) -> EvidenceConfiguration {
        let (reader, head) = (settings.reader, settings.boxes)
        let candidates = CandidateConfiguration(
            anchors: head.draws == .choice ? AnchorBoxes.covering(boxes, count: head.anchors) : [], peaks: head.peaks)
        return EvidenceConfiguration(
            width: reader.width, heads: reader.heads, layers: reader.layers,
            pictureLayers: reader.pictureLayers > 0 ? reader.pictureLayers : nil,
            prior: reader.prior > 0 ? reader.prior : nil,
            candidates: head.draws == .choice ? candidates : nil)
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
