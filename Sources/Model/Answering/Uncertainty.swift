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
    /// The mean of those of ten passes with dropout (Monte Carlo dropout, as in UnCo).
    case dropout
}

extension Mention {
    /// What passes with dropout say, where somebody asked for them; otherwise what follows from the posteriors that an answer
    /// has anyway.
    package var uncertainty: Uncertainty {
        sampled
            ?? Uncertainty(
                span: 1 - spanScore, type: posterior.isEmpty ? 0 : posterior.entropy, region: 1 - regionScore)
    }

    /// Posterior probability that there is an entity of whatever type at these words.
    package var spanScore: Float {
        if let spanPosterior { return spanPosterior }
        guard posterior.indices.contains(type), posterior[type] > 0 else { return score }
        return min(1, score / posterior[type])
    }

    /// Probability that what is said of the region is right: that there is a box and it fits, or that there is none.
    private var regionScore: Float {
        guard let visible = shownVisible else { return 1 }
        return box == nil ? 1 - visible : visible * (boxScore ?? 1)
    }
}

extension [Float] {
    /// Entropy of shares, whatever their sum is, as a part of the largest that it could be; 1 where all are 0.
    var entropy: Float {
        guard count > 1 else { return 0 }
        let sum = reduce(0, +)
        guard sum > 0 else { return 1 }
        let entropy = reduce(Float(0)) { $1 > 0 ? $0 - $1 / sum * log($1 / sum) : $0 }
        return Swift.min(1, Swift.max(0, entropy / log(Float(count))))
    }
}
