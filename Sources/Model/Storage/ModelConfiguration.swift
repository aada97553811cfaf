package import JSON
import Text

/// What a model directory's `config.json` says.
package struct ModelConfiguration: Sendable {
    /// Version of this format that the package writes. It reads the one before, too.
    package static let currentFormat = 2

    /// The method.
    package private(set) var method: any Method.Type
    /// The method's settings: a value of its ``Method/Settings``.
    package var settings: any MethodSettings
    /// Entity types, in the order of the tag set.
    package var types: [String]
    /// The coarser type above each, where the model tells types apart that finely.
    package var parents: [String]?
    /// Whether the vocabulary is lower-cased.
    package var lowercase: Bool
    /// The text encoder.
    package var text: TextEncoderConfiguration
    /// The patch encoder, for models that look at pictures.
    package var picture: PatchEncoderConfiguration?
    /// What finds objects in pictures for the second stage of grounding, for models that have it.
    package var objects: ObjectDetectorConfiguration?
    /// Makes a probability of a mention's posterior, fitted on dev; `nil`: as the head says it.
    package var score: Calibration?
    /// Files with the weights, in the model's directory.
    package var weights: [String]
    /// Where the model comes from: data, seed, numbers.
    package var training: JSONValue?
    /// Version of the format that this was read from.
    private(set) var readsFormat = Self.currentFormat

    /// A configuration of the current format.
    package init<M: Method>(
        _ method: M.Type, _ settings: M.Settings = M.Settings(), types: [String], lowercase: Bool = true,
        text: TextEncoderConfiguration, picture: PatchEncoderConfiguration? = nil
    ) {
        self.method = method
        self.settings = settings
        self.types = types
        self.lowercase = lowercase
        self.text = text
        self.picture = picture
        weights = []
    }

    /// Another method over the same encoders, types and origin.
    package func with<M: Method>(
        _ method: M.Type, _ settings: M.Settings, picture: PatchEncoderConfiguration? = nil
    ) -> ModelConfiguration {
        var configuration = self
        configuration.method = method
        configuration.settings = settings
        configuration.picture = picture
        return configuration
    }

    /// How words are read.
    package var words: WordConfiguration { settings.words }

    /// What decides and draws, where the method has it. What is set for a method without is dropped.
    package var grounding: EvidenceConfiguration? {
        get { (settings as? any GroundedSettings)?.grounding }
        set {
            guard var grounded = settings as? any GroundedSettings else { return }
            grounded.grounding = newValue
            settings = grounded
        }
    }

    /// Throws where something in the file cannot be.
    func validate() throws(ModelError) -> ModelShapes {
        try ModelError.require("types", [("their number", types.count, SizeLimits.types)])
        guard weights.allSatisfy({ !$0.isEmpty && !$0.contains("/") && $0 != ".." }) else {
            throw ModelError(.invalid, "weights: expected names of files in the model's directory")
        }
        try text.validate()
        try picture?.validate()
        try objects?.validate()
        try score?.validate("score", types: 0)
        let tags: TagSet
        do throws(TypeInventoryError) {
            tags = TagSet(try TypeInventory(types, parents: parents))
        } catch {
            throw ModelError(.invalid, "types: \(error)")
        }
        let shapes = ModelShapes(text: text, picture: picture, tags: tags)
        try settings.validate(shapes)
        return shapes
    }
}

// MARK: JSON

extension ModelConfiguration: Codable {
    private enum CodingKeys: String, CodingKey {
        case format = "gmner_format"
        case method, settings, types, parents, lowercase, text, picture, objects, score, weights, training
        /// Of format 1, where each part had an object of its own.
        case tagger, evidence
    }

    /// Reads formats 1 and 2.
    ///
    /// - Throws: ``ModelError`` for another format and for a method that this package does not have, and what the decoder
    ///   throws.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let format = try container.decode(Int.self, forKey: .format)
        guard (1...Self.currentFormat).contains(format) else {
            throw ModelError(.unsupported, "model format \(format); this package reads 1...\(Self.currentFormat)")
        }
        let name = try container.decode(String.self, forKey: .method)
        guard let method = Methods.named(name) else { throw ModelError(.unsupported, "unknown method '\(name)'") }
        self.method = method
        readsFormat = format
        settings = try Self.settings(of: method, container, format: format)
        types = try container.decode([String].self, forKey: .types)
        parents = try container.decodeIfPresent([String].self, forKey: .parents)
        lowercase = try container.decode(Bool.self, forKey: .lowercase)
        text = try container.decode(TextEncoderConfiguration.self, forKey: .text)
        picture = try container.decodeIfPresent(PatchEncoderConfiguration.self, forKey: .picture)
        objects = try container.decodeIfPresent(ObjectDetectorConfiguration.self, forKey: .objects)
        score = try container.decodeIfPresent(Calibration.self, forKey: .score)
        weights = try container.decode([String].self, forKey: .weights)
        training = try container.decodeIfPresent(JSONValue.self, forKey: .training)
    }

    private static func settings<M: Method>(
        of method: M.Type, _ container: KeyedDecodingContainer<CodingKeys>, format: Int
    ) throws -> any MethodSettings {
        guard format == 1 else { return try container.decode(M.Settings.self, forKey: .settings) }
        var settings = M.Settings()
        settings.words = try container.decode(WordConfiguration.self, forKey: .tagger)
        if var grounded = settings as? any GroundedSettings {
            grounded.grounding = try container.decodeIfPresent(EvidenceConfiguration.self, forKey: .evidence)
            return grounded
        }
        return settings
    }

    /// Writes the current format.
    package func encode(to encoder: any Swift.Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(Self.currentFormat, forKey: .format)
        try container.encode(method.name, forKey: .method)
        try settings.encode(to: container.superEncoder(forKey: .settings))
        try container.encode(types, forKey: .types)
        try container.encodeIfPresent(parents, forKey: .parents)
        try container.encode(lowercase, forKey: .lowercase)
        try container.encode(text, forKey: .text)
        try container.encodeIfPresent(picture, forKey: .picture)
        try container.encodeIfPresent(objects, forKey: .objects)
        try container.encodeIfPresent(score, forKey: .score)
        try container.encode(weights, forKey: .weights)
        try container.encodeIfPresent(training, forKey: .training)
    }
}
