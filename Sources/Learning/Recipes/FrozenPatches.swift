import FoundationEssentials
import Model
import SystemPackage
import Weights

/// A patch encoder that stays as it is: one of its own, or that of a model.
struct FrozenPatches: Sendable {
    /// Its shape.
    let configuration: PatchEncoderConfiguration
    private let values: ParameterValues

    /// - Parameters:
    ///   - folder: of an encoder in Hugging Face's layout; `nil`: the model's own.
    ///   - model: a model that may have one.
    /// - Throws: where neither has one.
    init(_ folder: FilePath?, or model: FilePath?) throws {
        if let folder {
            let encoder = try EncoderImport(folder)
            configuration = try encoder.picture(folder)
            values = try encoder.values()
            return
        }
        guard let model else { throw TrainingError(.settings, "--patches is missing: there is no patch encoder") }
        let source = ModelDirectory(model)
        let given = try source.configuration()
        guard let picture = given.picture else {
            throw TrainingError(.settings, "\(model) has no patch encoder, and no other was given")
        }
        configuration = picture
        values = try source.checkpoint(given).load(Network(given).seeing)
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
            pool: WorkerPool(workers: place.jobs)
        ).rows(of: parts, data)
    }

    /// The files of a network's patch encoder. The encoder may come under other names, in the same order.
    func files(of network: Network) -> [ModelWriter.Part] {
        let names = values.layout.entries
        return ModelWriter.Part.files(of: network.seeing) { values.array(names[$0.parameter.index].parameter) }
    }
}
