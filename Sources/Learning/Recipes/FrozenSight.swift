import FoundationEssentials
import Model
import SystemPackage
import Weights

/// What sees and stays as it is: a patch encoder and perhaps a detector of objects, each one of its own or that of a model.
struct FrozenSight: Sendable {
    /// The patch encoder's shape.
    let configuration: PatchEncoderConfiguration
    /// The detector's; `nil` where there is none.
    let objects: ObjectDetectorConfiguration?
    /// Numbers of their parameters, as they are declared.
    private let patchNumbers: @Sendable (Int) -> [Float]
    private let objectNumbers: @Sendable (Int) -> [Float]

    /// - Parameters:
    ///   - patches: folder of a patch encoder in Hugging Face's layout; `nil`: the model's own.
    ///   - detector: a detector that was brought in, or its graph; `nil`: the model's own, if it has one.
    ///   - model: a model that may have both.
    /// - Throws: where there is no patch encoder.
    init(patches: FilePath?, detector: FilePath? = nil, or model: FilePath?) throws {
        let base: Base? = if let model { try Base(model) } else { nil }
        if let patches {
            let encoder = try EncoderImport(patches)
            let (layout, values) = (encoder.layout, try encoder.values())
            configuration = try encoder.picture(patches)
            patchNumbers = { values.array(layout.entries[$0].parameter) }
        } else {
            guard let model, let base else {
                throw TrainingError(.settings, "--patches is missing: there is no patch encoder")
            }
            guard let picture = base.configuration.picture else {
                throw TrainingError(.settings, "\(model) has no patch encoder, and no other was given")
            }
            configuration = picture
            patchNumbers = base.numbers(isObject: false)
        }
        if let detector {
            let imported = try DetectorImport(detector)
            let parameters = imported.layout.entries.map(\.parameter)
            objects = imported.configuration
            objectNumbers = { imported.numbers(parameters[$0]) }
        } else if let base {
            objects = base.objects
            objectNumbers = base.numbers(isObject: true)
        } else {
            objects = nil
            objectNumbers = { _ in [] }
        }
    }

    /// What a model sees with.
    private struct Base {
        let configuration: ModelConfiguration
        /// Its detector, if it has one.
        let objects: ObjectDetectorConfiguration?
        private let values: ParameterValues

        init(_ folder: FilePath) throws {
            let source = try ModelDirectory(folder)
            let network = try Network(source.configuration())
            configuration = network.configuration
            objects = network.objectDetector?.configuration
            values = try source.checkpoint(configuration).load(network.seeing)
        }

        /// Numbers of the detector's parameters, or of all others, by their place among them.
        func numbers(isObject: Bool) -> @Sendable (Int) -> [Float] {
            let values = values
            let entries = values.layout.entries.filter { ($0.file == ObjectDetector.file) == isObject }
            return { values.array(entries[$0].parameter) }
        }
    }

    /// What the encoder makes of the pictures that posts show, or made of them before; `nil` where they show none.
    ///
    /// - Parameters:
    ///   - storage: How the encoder's numbers are kept while it sees.
    ///   - photographs: File that keeps the rows of photographs; `nil`: in the run's folder.
    func rows(
        of parts: [EvidenceData.Posts], _ data: EvidenceData, _ storage: SafetensorsWriter.Storage,
        at place: RunPlace, photographs: FilePath? = nil
    ) throws -> PatchCache? {
        // A model that sees with this encoder; its texts are read by nobody.
        let tiny = TinyModel.configuration(vocabulary: TinyModel.pieces)
        let network = try Network(
            tiny.with(
                EvidenceMethod.self, EvidenceMethod.Settings(tiny.words, tiny.grounding ?? EvidenceConfiguration()),
                picture: configuration))
        let writer = try ModelWriter(place.training.appending("start"), storage: storage)
        defer { try? FileManager.default.removeItem(atPath: writer.directory.string) }
        let reading = ModelWriter.Part.files(of: network.reading) { $0.initialValues(seed: 0) }
        try writer.publish(network.configuration, vocabulary: TinyModel.vocabulary, reading + files(of: network))
        return try EvidencePreparation(
            model: writer.directory, cache: place.training, photographs: photographs,
            pool: WorkerPool(workers: place.jobs), progress: place.progress
        ).rows(of: parts, data)
    }

    /// The files of what a network sees with. Parts that are the same may come under other names, in the same order.
    func files(of network: Network) -> [ModelWriter.Part] {
        let first = network.seeing.entries.count { $0.file != ObjectDetector.file }
        return ModelWriter.Part.files(of: network.seeing) { entry in
            let place = entry.parameter.index
            return place < first ? patchNumbers(place) : objectNumbers(place - first)
        }
    }
}
