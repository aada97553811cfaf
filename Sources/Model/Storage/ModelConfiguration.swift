import Text
package import Geometry

/// What a model directory's `config.json` says.
package struct ModelConfiguration: Codable, Sendable, Equatable {
    /// Version of this format that the package reads and writes.
    package static let currentFormat = 1

    /// Version of the format; a model of a later one is refused.
    package var format: Int
    /// Name of a ``Method``.
    package var method: String
    /// Entity types, in the order of the tag set.
    package var types: [String]
    /// Whether the vocabulary is lower-cased.
    package var lowercase: Bool
    /// The text encoder.
    package var text: TextEncoderConfiguration
    /// The tagger on top of it.
    package var tagger: TaggerConfiguration
    /// The patch encoder, where the method grounds.
    package var picture: PatchEncoderConfiguration?
    /// Evidence reader, gate and box head, where the method grounds.
    package var evidence: EvidenceConfiguration?
    /// Files with the weights, in the model's directory.
    package var weights: [String]
    /// Where the model comes from: data, seed, numbers.
    package var training: [String: String]?

    enum CodingKeys: String, CodingKey {
        case format = "gmner_format"
        case method, types, lowercase, text, tagger, picture, evidence, weights, training
    }

    /// A configuration of the current format.
    package init(
        method: Method, types: [String], lowercase: Bool = true, text: TextEncoderConfiguration,
        tagger: TaggerConfiguration, picture: PatchEncoderConfiguration? = nil,
        evidence: EvidenceConfiguration? = nil, weights: [String] = ["model.safetensors"],
        training: [String: String]? = nil
    ) {
        self.format = Self.currentFormat
        self.method = method.name
        self.types = types
        self.lowercase = lowercase
        self.text = text
        self.tagger = tagger
        self.picture = picture
        self.evidence = evidence
        self.weights = weights
        self.training = training
    }

    /// The recipe, after everything in the file has been checked.
    package func validated() throws(ModelError) -> Method {
        guard format == Self.currentFormat else {
            throw ModelError(.unsupported, "model format \(format); this package reads \(Self.currentFormat)")
        }
        guard let method = Method.named(method) else {
            throw ModelError(.unsupported, "unknown method '\(method)'")
        }
        guard (1...1024).contains(types.count) else {
            throw ModelError(.invalid, "types: expected 1...1024 names, got \(types.count)")
        }
        guard (0...1024).contains(tagger.shapes) else {
            throw ModelError(.invalid, "tagger: shapes is \(tagger.shapes), not in 0...1024")
        }
        guard !weights.isEmpty, weights.allSatisfy({ !$0.isEmpty && !$0.contains("/") && $0 != ".." }) else {
            throw ModelError(.invalid, "weights: expected names of files in the model's directory")
        }
        try text.validate()
        if let pieces = tagger.knowledgePieces, !(1...text.maximumLength).contains(pieces) {
            throw ModelError(.invalid, "tagger: knowledgePieces is \(pieces), not in 1...\(text.maximumLength)")
        }
        if method.grounds {
            guard let picture, let evidence else {
                throw ModelError(.invalid, "method '\(method.name)' needs 'picture' and 'evidence' in config.json")
            }
            try picture.validate()
            try evidence.validate()
        }
        return method
    }
}

/// The tagger on top of a text encoder.
package struct TaggerConfiguration: Codable, Sendable, Equatable {
    /// Which of a word's pieces speaks for it.
    package enum Pooling: String, Codable, Sendable {
        case first
        case mean
    }

    /// How pieces become words.
    package var pooling: Pooling
    /// Rows of the word-shape table; 0 for none.
    package var shapes: Int
    /// Most pieces of a post together with what is known about it, as in training; `nil` where the tagger learned
    /// without such knowledge, and does not read it.
    package var knowledgePieces: Int?
    /// Whether a word gets what knowledge says where it names the word too; `nil`: no.
    package var knowledgeMatches: Bool?

    /// A new tagger: a row for each word shape, and matches where it reads knowledge.
    package init(pooling: Pooling = .mean, readingPieces knowledgePieces: Int? = nil) {
        self.init(
            pooling: pooling, shapes: WordShape.allCases.count + 1, knowledgePieces: knowledgePieces,
            knowledgeMatches: knowledgePieces.map { _ in true })
    }

    /// A tagger's shape.
    package init(
        pooling: Pooling = .mean, shapes: Int, knowledgePieces: Int? = nil, knowledgeMatches: Bool? = nil
    ) {
        self.pooling = pooling
        self.shapes = shapes
        self.knowledgePieces = knowledgePieces
        self.knowledgeMatches = knowledgeMatches
    }
}

/// Evidence reader, gate and box head.
package struct EvidenceConfiguration: Codable, Sendable, Equatable {
    /// Columns of query and evidence rows.
    package var width: Int
    /// Attention heads; divides `width`.
    package var heads: Int
    /// Cross-attention layers.
    package var layers: Int
    /// Layers of attention among a picture's own tokens before that; `nil` for none.
    package var pictureLayers: Int?
    /// What a second stage of the box head chooses from; `nil`: the box is drawn by regression alone.
    package var candidates: CandidateConfiguration?
    /// Makes a probability of the gate's logit, fitted on dev.
    package var visible: Calibration
    /// The same where the post has alternative text and no picture; `nil`: as without.
    package var described: Calibration?
    /// The same where the post has a picture, which makes the gate surer; `nil`: as without.
    package var pictured: Calibration?
    /// Makes a probability of the box's trust, fitted on dev.
    package var trust: Calibration

    /// A shape, and uncalibrated probabilities.
    package init(
        width: Int, heads: Int, layers: Int, pictureLayers: Int? = nil, candidates: CandidateConfiguration? = nil,
        visible: Calibration = Calibration(), trust: Calibration = Calibration()
    ) {
        self.width = width
        self.heads = heads
        self.layers = layers
        self.pictureLayers = pictureLayers
        self.candidates = candidates
        self.visible = visible
        self.trust = trust
    }

    /// What makes a probability of the gate's logit, by what it got to see.
    package func gate(isPictured: Bool, isDescribed: Bool) -> Calibration {
        (isPictured ? pictured : isDescribed ? described : nil) ?? visible
    }

    func validate() throws(ModelError) {
        guard (2...4096).contains(width), (1...width).contains(heads), width % heads == 0, (1...64).contains(layers),
            (0...64).contains(pictureLayers ?? 0)
        else {
            throw ModelError(
                .invalid,
                "evidence: width \(width), heads \(heads), layers \(layers), pictureLayers \(pictureLayers ?? 0) do not fit"
            )
        }
        try candidates?.validate()
        for calibration in [visible, trust, pictured ?? visible, described ?? visible] {
            guard calibration.scale.isFinite, calibration.scale > 0, calibration.shift.isFinite else {
                throw ModelError(
                    .invalid, "evidence: calibration \(calibration.scale), \(calibration.shift) is not a rising line")
            }
        }
    }
}

/// What the second stage of a box head chooses from.
package struct CandidateConfiguration: Codable, Sendable, Equatable {
    /// Boxes that are candidates in every picture: corners `[x1, y1, x2, y2]` in 0…1.
    package var anchors: [[Float]]
    /// Peaks of the mask whose patches propose a box.
    package var peaks: Int

    /// Candidates by number and place.
    package init(anchors: [RelativeBox], peaks: Int) {
        self.anchors = anchors.map { [$0.x1, $0.y1, $0.x2, $0.y2] }
        self.peaks = peaks
    }

    /// The same as boxes.
    var boxes: [RelativeBox] { anchors.map { RelativeBox(x1: $0[0], y1: $0[1], x2: $0[2], y2: $0[3]) } }

    func validate() throws(ModelError) {
        func isBox(_ anchor: [Float]) -> Bool {
            anchor.count == 4 && anchor.allSatisfy { (0...1).contains($0) } && anchor[0] <= anchor[2]
                && anchor[1] <= anchor[3]
        }
        guard (0...256).contains(peaks), anchors.count <= 1024, anchors.allSatisfy(isBox) else {
            throw ModelError(.invalid, "evidence: candidates are no boxes in 0...1, or too many")
        }
    }
}

/// How a logit becomes a probability that can be believed: `logistic(scale · logit + shift)` (Platt 1999; without the
/// shift, temperature scaling as in Guo et al. 2017).
package struct Calibration: Codable, Sendable, Equatable {
    /// Slope; the reciprocal of a temperature.
    package var scale: Float
    /// Shift.
    package var shift: Float

    /// A line; by default the one that changes nothing.
    package init(scale: Float = 1, shift: Float = 0) {
        self.scale = scale
        self.shift = shift
    }

    /// The probability that a logit stands for.
    package func probability(_ logit: Float) -> Float {
        logistic(scale * logit + shift)
    }
}
