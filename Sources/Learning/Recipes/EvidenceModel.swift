import JSON
import Model
import SystemPackage
import Text
import Corpora

/// What of the heads that ground learns.
enum LearnedHeads: Sendable {
    /// All that there is.
    case all
    /// The second stage.
    case choice
    /// Gate and box head, on top of what they read.
    case decision
}

/// A model that grounds, while its heads are being trained: a tagger and a patch encoder that stay as they are, and
/// heads whose numbers are elsewhere.
struct EvidenceModel: Sendable {
    let network: Network
    /// The heads, declared in a layout of their own, so that nothing frozen takes part in training.
    let heads: GroundingHeads
    let trained: ParameterLayout
    /// Inverse temperature of the contrast; no part of the model.
    let contrastScale: Parameter
    /// Nets that know texts alone; no part of the model either.
    let priors: CrossFittedPriors?
    /// Logarithms of the deviations of boxes that are drawn by chance, `1 × 4`; no part of the model. `nil`: they do not learn.
    let deviations: Parameter?
    /// What of the heads learns.
    let learned: LearnedHeads

    private let tagger: ParameterValues
    private let sight: FrozenSight
    private let vocabulary: [UInt8]
    private let firstDeviations: [Float]

    /// - Parameters:
    ///   - tagger: a model that tags; where it grounds too, its heads are where training starts, if they have this shape.
    ///   - posts: what will be learned from.
    ///   - learned: what of the heads learns; the rest stays as the tagger has it.
    ///   - deviations: standard deviations that are to be learned, beside the model.
    ///   - sight: what sees.
    init(
        tagger: FilePath, sight: FrozenSight, shape: EvidenceConfiguration, posts: [EvidencePost],
        learned: LearnedHeads = .all, deviations: BoxOffsets.Numbers? = nil
    ) throws {
        let source = try ModelDirectory(tagger)
        let base = try source.configuration()
        let baseNetwork = try Network(base)
        let checkpoint = try source.checkpoint(base)
        self.sight = sight
        let picture = sight.configuration
        var configuration = Self.grounding(base, shape, picture)
        configuration.objects = sight.objects
        network = try Network(configuration)
        self.tagger = try checkpoint.load(baseNetwork.reading)
        vocabulary = try DataFile.read(source.vocabulary)
        var layout = ParameterLayout()
        heads = GroundingHeads(
            shape, textWidth: base.text.width, picture: picture, typeCount: base.types.count, in: &layout)
        contrastScale = layout.parameter(["contrast.scale"], rows: 1, columns: 1, .constant(10), .vector)
        priors =
            learned != .all
            ? nil
            : shape.prior.map { units in
                CrossFittedPriors(
                    of: posts, queryWidth: 2 * base.text.width, typeCount: base.types.count, width: units, in: &layout)
            }
        self.learned = learned
        self.deviations = deviations.map { _ in
            layout.parameter(["offsets.deviations"], rows: 1, columns: 4, .zeros, .vector)
        }
        firstDeviations = deviations?.logarithms.map(Float.init) ?? []
        trained = layout
    }

    /// The tagger with heads: one that looks before it tags goes on looking.
    private static func grounding(
        _ base: ModelConfiguration, _ shape: EvidenceConfiguration, _ picture: PatchEncoderConfiguration
    ) -> ModelConfiguration {
        guard base.method is any FusionMethod.Type else {
            return base.with(EvidenceMethod.self, EvidenceMethod.Settings(base.words, shape), picture: picture)
        }
        var configuration = base
        configuration.picture = picture
        configuration.grounding = shape
        return configuration
    }

    /// Where training starts: what the tagger knows of grounding already, and random numbers for the rest.
    func parameters(seed: UInt64) -> TrainableParameters {
        let parameters = TrainableParameters(layout: trained, seed: seed)
        parameters.takeOver(tagger)
        if let deviations { parameters.write(deviations, firstDeviations.span) }
        return parameters
    }

    /// Whether a parameter, by its name, is not to learn.
    func staysAsItIs(_ name: String) -> Bool {
        switch learned {
        case .all: false
        case .choice: !name.hasPrefix("choice.")
        case .decision: !["gate.", "box.", "offsets."].contains { name.hasPrefix($0) }
        }
    }

    /// What the tagger says of where it comes from.
    var base: JSONValue? { network.configuration.training }

    /// Writes the model.
    func write(
        _ writer: ModelWriter, _ parameters: TrainableParameters, origin: JSONValue
    ) throws(TrainingError) {
        var configuration = network.configuration
        configuration.training = origin
        let reading = ModelWriter.Part.files(of: network.reading, learned: parameters, rest: tagger)
        try writer.publish(configuration, vocabulary: vocabulary, reading + sight.files(of: network))
    }
}
