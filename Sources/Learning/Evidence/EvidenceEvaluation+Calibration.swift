import Model
package import SystemPackage
import Weights

extension EvidenceEvaluation {
    /// Fits the lines that make probabilities of the gate's and the trust's logits, and writes them into a model's
    /// `config.json`.
    ///
    /// The gate's are fitted on real posts, one from text alone, one with captions, and one with pictures, and so is the
    /// trust's, of which only entities count that the tagger finds: others get no answer. Photographs stand in where no real
    /// post has its picture: what feeds show is harder. Where there are no posts of a kind, its line stays as it is; a model
    /// that knows nothing else takes that of pictures for all.
    ///
    /// - Parameter choiceAlone: whether all lines but the second stage's stay as they are.
    package func calibrate(_ directory: FilePath, choiceAlone: Bool = false, pool: WorkerPool) throws {
        let model = try Self.heads(of: directory)
        let predictions = try predict(model.heads, model.parameters, pool: pool)
        func answered(_ predictions: [EvidencePrediction]) -> [EvidencePrediction] {
            let found = predictions.filter { $0.entity.isFound != false }
            return found.contains { $0.entity.isVisible != nil } ? found : predictions
        }
        let textAlone = predictions.textAlone + answered(predictions.unpictured)
        let isReal = predictions.pictured.contains { $0.entity.isVisible != nil }
        let pictured = isReal ? answered(predictions.pictured) : predictions.photographs
        var configuration = try ModelDirectory(directory).configuration()
        let types = configuration.types.count
        let (drawn, chosen) = (pictured.filter { !$0.isChosen }, pictured.filter(\.isChosen))
        if !chosen.isEmpty {
            configuration.grounding?.candidates?.visible = .gate(chosen)
            configuration.grounding?.candidates?.trust = .trust(chosen)
        }
        if !choiceAlone {
            configuration.grounding?.calibrate(
                textAlone, predictions.captioned, drawn: drawn, chosen: chosen, types: types)
        }
        try ModelWriter(directory, storage: .float32).write(json: configuration)
    }

    /// The heads of a model on disk, alone.
    static func heads(
        of directory: FilePath
    ) throws -> (heads: GroundingHeads, parameters: TrainableParameters, configuration: EvidenceConfiguration) {
        let source = try ModelDirectory(directory)
        let configuration = try source.configuration()
        guard let picture = configuration.picture, let evidence = configuration.grounding else {
            throw TrainingError(.settings, "\(directory): a model without evidence reader, gate and box head")
        }
        var layout = ParameterLayout()
        let heads = GroundingHeads(
            evidence, textWidth: configuration.text.width, picture: picture, typeCount: configuration.types.count,
            in: &layout)
        let values = try source.checkpoint(configuration).load(layout)
        let parameters = TrainableParameters(layout: layout, seed: 0)
        for entry in layout.entries { parameters.write(entry.parameter, values.array(entry.parameter).span) }
        return (heads, parameters, evidence)
    }
}

extension EvidenceConfiguration {
    /// Fits all lines but those of the second stage. Types have shifts of their own where thousands of entities tell them, which
    /// is without pictures.
    fileprivate mutating func calibrate(
        _ textAlone: [EvidencePrediction], _ captioned: [EvidencePrediction], drawn: [EvidencePrediction],
        chosen: [EvidencePrediction], types: Int
    ) {
        if !textAlone.isEmpty {
            visible = .gate(textAlone, types: types)
        } else if visible == Calibration() {
            visible = .gate(drawn + chosen)
        }
        if !captioned.isEmpty { described = .gate(captioned, types: types) }
        // Where there is a second stage, next to no picture leaves it without candidates.
        guard !drawn.isEmpty, chosen.isEmpty else { return }
        (pictured, trust) = (.gate(drawn), .trust(drawn))
    }
}
