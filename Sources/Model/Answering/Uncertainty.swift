import Glibc

/// How unsure a model is of what it found: of the words, of their type, and of what it says about the picture. Each is
/// 0…1, and whoever asks an outside model asks about what is above a threshold (UnCo, EMNLP 2025, section 3.2).
package struct Uncertainty: Sendable, Equatable {
    /// Of where the entity begins and ends, and of its being one.
    package var span: Float
    /// Of its type, given the words.
    package var type: Float
    /// Of the box, or of there being none; 0 where nothing was decided.
    package var region: Float

    /// Uncertainties, each 0…1.
    package init(span: Float, type: Float, region: Float) {
        self.span = span
        self.type = type
        self.region = region
    }
}

/// What a model's uncertainty is told by.
package enum UncertaintyKind: String, Sendable, CaseIterable {
    /// The posteriors that an answer has anyway.
    case posterior
}

extension Mention {
    /// What follows from the posteriors that an answer has anyway, in one pass.
    package var uncertainty: Uncertainty {
        Uncertainty(span: 1 - spanScore, type: Self.entropy(posterior), region: 1 - regionScore)
    }

    /// Posterior probability that there is an entity of whatever type at these words.
    package var spanScore: Float {
        guard posterior.indices.contains(type), posterior[type] > 0 else { return score }
        return min(1, score / posterior[type])
    }

    /// Probability that what is said of the region is right: that there is a box and it fits, or that there is none.
    private var regionScore: Float {
        guard let visible = shownVisible else { return 1 }
        return box == nil ? 1 - visible : visible * (boxScore ?? 1)
    }

    /// Entropy of a distribution as a share of the largest that it could have.
    private static func entropy(_ shares: [Float]) -> Float {
        guard shares.count > 1 else { return 0 }
        let entropy = shares.reduce(Float(0)) { $1 > 0 ? $0 - $1 * log($1) : $0 }
        return min(1, max(0, entropy / log(Float(shares.count))))
    }
}
