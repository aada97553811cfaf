package import Geometry

/// One entity of a post, from the head that found it to the answer: what was found, how sure that is, and where each
/// finding came from. Stages fill in what they find and leave the rest.
package struct Mention: Sendable, Equatable {
    /// Words `[first, last)` of the post.
    package var words: Range<Int>
    /// Unicode scalar offsets in the text, end exclusive.
    package var scalars: Range<Int>
    /// The type, as its position in the model's inventory.
    package var type: Int
    /// Probability of the span with its type, 0…1: the head's posterior, or what the model's configuration makes of it.
    package var score: Float
    /// Posterior probability that there is an entity of whatever type at these words, where ``score`` was calibrated; `nil`
    /// where the score tells it.
    var spanPosterior: Float?
    /// Probability of each type, given that there is a mention here: one number a type, their sum 1. Empty where whoever
    /// found the mention has no opinion on other types.
    package var posterior: [Float]
    /// Probability that the picture shows it; `nil` where nothing has decided. Where there is nothing to look at, it is
    /// guessed from the text alone.
    package var visible: Float?
    /// ``visible`` as an answer says it: `nil` too where there was nothing to look at.
    package var shownVisible: Float? { provenance.hasEvidence ? visible : nil }
    /// Where the picture shows it: the decision. `nil` where it does not, or not surely enough.
    package var box: RelativeBox?
    /// Where the picture shows it if it does, whether or not that was thought worth answering; `nil` where none was drawn.
    package var drawn: RelativeBox?
    /// Probability that the box that was drawn is right, given that the mention is visible; `nil` where none was
    /// drawn.
    package var boxScore: Float?
    /// Which of the post's pictures decided on visibility and box, from 0; `nil` where none was looked at.
    package var picture: Int?
    /// Where the picture shows it, patch by patch; only on request, and only with a picture.
    package var mask: PatchMask?
    /// Its pixels in the picture; only on request, and only where there is a box.
    package var cut: CutMask?
    /// Where the evidence came from; only on request.
    package var attention: Attention?
    /// Boxes that were weighed for it, the most probable first; only on request, and only where there was anything to choose from.
    package var weighed: [WeighedBox] = []
    /// How unsure the model is by the mean of several passes with dropout; only on request.
    package var sampled: Uncertainty?
    /// Who found what.
    package var provenance = Provenance()
    /// What an outside model has said better.
    package var corrected: Corrections = []

    /// A mention that a head found, or a caller knows.
    package init(
        words: Range<Int>, scalars: Range<Int> = 0..<0, type: Int, score: Float, posterior: [Float] = []
    ) {
        self.words = words
        self.scalars = scalars
        self.type = type
        self.score = score
        self.posterior = posterior
    }
}

/// What of a mention is worked out only on request.
package struct MentionDetails: OptionSet, Sendable {
    package let rawValue: Int

    package init(rawValue: Int) { self.rawValue = rawValue }

    /// ``Mention/mask``.
    package static let mask = MentionDetails(rawValue: 1)
    /// ``Mention/attention``, and the mask with it.
    package static let attention = MentionDetails(rawValue: 2)
    /// ``Mention/weighed``.
    package static let weighed = MentionDetails(rawValue: 4)
}

extension Mention {
    /// Parts of a mention that somebody else has corrected.
    package struct Corrections: OptionSet, Sendable {
        package let rawValue: Int

        package init(rawValue: Int) { self.rawValue = rawValue }

        /// ``Mention/words``.
        package static let span = Corrections(rawValue: 1)
        /// ``Mention/type``.
        package static let type = Corrections(rawValue: 2)
        /// ``Mention/box``.
        package static let region = Corrections(rawValue: 4)
        /// ``Mention/cut``.
        package static let mask = Corrections(rawValue: 8)
    }

    /// Share of attention on alternative text and on the picture; they sum to 1 where there is any evidence.
    package struct Attention: Sendable, Equatable {
        /// On words of the alternative text.
        package var alt: Float
        /// On patches.
        package var picture: Float

        /// Shares, 0…1.
        package init(alt: Float, picture: Float) {
            self.alt = alt
            self.picture = picture
        }
    }

    /// Who found what of a mention.
    package struct Provenance: Sendable, Equatable {
        /// A finder.
        package enum Source: String, Sendable {
            /// The model.
            case model
            /// Whoever sent the post.
            case caller
        }

        /// Who found words and type.
        package var span = Source.model
        /// Who decided on visibility and box; `nil`: nobody.
        package var region: Source?
        /// Whether there was a picture or alternative text to decide that by.
        package var hasEvidence = false

        /// Found by the model, not grounded.
        package init() {}
    }
}
