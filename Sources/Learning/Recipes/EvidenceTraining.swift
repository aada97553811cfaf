import FoundationEssentials
package import Reporting
package import Model
package import SystemPackage
import Text
package import Weights
import Corpora

/// A run that trains evidence reader, gate and box head on top of a tagger, put together.
package struct EvidenceTraining: Sendable {
    /// How posts are varied, and what is weighed how much.
    package var recipe = EvidenceRecipe.Settings()
    /// Rates and decays; the encoders do not learn.
    package var groups = ParameterGroups(headRate: 1e-3, decay: 0.05)
    /// The loop.
    package var trainer = TrainerSettings()
    /// Shape of what is trained.
    package var shape = EvidenceConfiguration(width: 256, heads: 8, layers: 2)
    /// Candidates among which a second stage of the box head chooses; `nil`: regression has the last word.
    package var candidates: Candidates?
    /// How the model's matrices are stored.
    package var storage = SafetensorsWriter.Storage.int8Rows
    /// File that keeps the rows of photographs; `nil`: in the run's own folder.
    package var photographCache: FilePath?
    /// Goes into the model's `config.json`: where it comes from.
    package var provenance: [String: String] = [:]

    /// The defaults.
    package init() {}

    /// How many candidates a box head chooses from.
    package struct Candidates: Sendable, Equatable {
        /// Boxes that are the same in every picture, chosen among those of the training posts.
        package var anchors = 64
        /// Boxes that patches at peaks of the mask propose.
        package var peaks = 8

        /// The defaults.
        package init() {}
    }

    /// A run that is ready.
    package struct Run {
        /// The loop.
        package let trainer: Trainer<EvidenceRecipe>
        /// What the model is judged by.
        package let evaluation: EvidenceEvaluation
    }

    /// Gets everything ready: lets the encoders read the data.
    ///
    /// - Parameters:
    ///   - tagger: a model that tags; its text encoder and CRF stay as they are.
    ///   - patches: folder of a patch encoder in Hugging Face's layout; `nil`: the tagger's own.
    ///   - directory: where the best model goes; its folder `training` gets checkpoint, logs and caches.
    package func run(
        _ data: EvidenceData, tagger: FilePath, patches: FilePath?, directory: FilePath, progress: ProgressStyle
    ) throws -> Run {
        let base = try ModelDirectory(tagger).configuration()
        try data.requireReader(of: base.words)
        let types = try Network(base).tags.inventory
        let training = try data.read(.train, types: types)
        let development = try data.read(.dev, types: types)
        var shape = shape
        shape.candidates = candidates.map { candidates in
            let boxes = (training.real + training.made).flatMap { $0.entities.flatMap(\.boxes) }
            return CandidateConfiguration(
                anchors: AnchorBoxes.covering(boxes, count: candidates.anchors), peaks: candidates.peaks)
        }
        let model = try EvidenceModel(tagger: tagger, patches: patches, shape: shape)
        let writer = try ModelWriter(directory, storage: storage)
        let logs = try ModelWriter(directory.appending("training"), storage: storage).directory
        let parameters = model.parameters(seed: trainer.seed)
        // The encoders as the model will have them; what lies where the model will be is not touched before there is one.
        let start = try ModelWriter(logs.appending("start"), storage: storage)
        try model.write(start, parameters, training: [:])
        defer { try? FileManager.default.removeItem(atPath: start.directory.string) }

        let pool = WorkerPool(workers: trainer.jobs)
        let preparation = EvidencePreparation(
            model: start.directory, cache: logs, photographs: photographCache, pool: pool)
        let rows = try preparation.rows(of: [training, development], data)
        guard let examples = try preparation.set(training.real + training.made, rows, "train") else {
            throw TrainingError(.data, "no posts with entities to learn from")
        }
        let evaluation = try preparation.evaluation(development, rows)
        let origin = provenance.merging(
            ["evidence_seed": "\(trainer.seed)", "evidence_posts": "\(examples.posts.count)"], uniquingKeysWith: { $1 })
        let task = EvidenceRecipe(
            model.heads, training: examples, development: evaluation, contrastScale: model.contrastScale,
            settings: recipe
        ) { (parameters, evaluation) throws(TrainingError) in
            let scores = evaluation.scalars.map { ("dev_\($0.name)", TrainingProgress.short($0.value, 4)) }
            try model.write(writer, parameters, training: origin.merging(scores, uniquingKeysWith: { $1 }))
        }
        var settings = trainer
        settings.context = "\(recipe), \(groups), \(shape)"
        let loop = try Trainer(
            task, examples: Array(examples.posts.indices), parameters: parameters,
            groups: groups.resolve(model.trained) { _ in false }, settings: settings, directory: logs,
            progress: progress)
        return Run(trainer: loop, evaluation: evaluation)
    }
}
