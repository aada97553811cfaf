import Model
import SystemPackage

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

    /// The files of a network's patch encoder. The encoder may come under other names, in the same order.
    func files(of network: Network) -> [ModelWriter.Part] {
        let names = values.layout.entries
        return ModelWriter.Part.files(of: network.seeing) { values.array(names[$0.parameter.index].parameter) }
    }
}
