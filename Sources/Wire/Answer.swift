package import Geometry
package import Text

/// An entity of a post with its type and place, as it goes out.
package struct Triple: Sendable, Equatable {
    /// Name of the type; the coarse one where there are two.
    package var type: String
    /// Name of the fine type, of models that tell types apart that finely.
    package var fineType: String?
    /// First Unicode scalar of the entity in the post's text.
    package var start: Int
    /// The Unicode scalar after the entity's last.
    package var end: Int
    /// Probability of the entity with its type, 0…1.
    package var score: Float
    /// Probability that the picture shows the entity; `nil` where there is neither a picture nor alternative text.
    package var visible: Float?
    /// Where the picture shows the entity; `nil` if it cannot be seen.
    package var box: PixelBox?
    /// Probability that the box that was drawn is right, given that the entity is visible, whether or not it is the answer;
    /// `nil` where none was drawn, as there is no picture.
    package var boxScore: Float?
    /// Its pixels, where there is a box and somebody asked for them.
    package var mask: CutMask?
    /// The id of the entity in a knowledge base; `nil` where it has none, and where nobody asked.
    package var link: String?
    /// Which of several pictures decided on visibility and box, from 0; `nil` for a post without several, and where none
    /// was looked at.
    package var picture: Int?
    /// First of the given tokens that the entity covers; `nil` for a post without tokens.
    package var tokenStart: Int?
    /// The token after the entity's last; `nil` for a post without tokens.
    package var tokenEnd: Int?
    /// How unsure the model is of each part, if that was asked for.
    package var uncertainty: StatedUncertainty?
    /// What of it an outside model has corrected: `span`, `type`, `region`.
    package var corrected: [String] = []
    /// Where the evidence came from, if that was asked for.
    package var explanation: Evidence?

    /// A triple from its parts.
    package init(
        type: String, start: Int, end: Int, score: Float, visible: Float? = nil, box: PixelBox? = nil,
        tokenStart: Int? = nil, tokenEnd: Int? = nil, explanation: Evidence? = nil
    ) {
        self.type = type
        self.start = start
        self.end = end
        self.score = score
        self.visible = visible
        self.box = box
        self.tokenStart = tokenStart
        self.tokenEnd = tokenEnd
        self.explanation = explanation
    }

    /// An entity of a post, with the numbers of the tokens that it covers if the post has tokens.
    package init(
        type: String, scalars: Range<Int>, of post: Post, score: Float, visible: Float?, box: PixelBox?,
        explanation: Evidence? = nil
    ) {
        let tokens = post.tokens(touching: scalars)
        self.init(
            type: type, start: scalars.lowerBound, end: scalars.upperBound, score: score, visible: visible, box: box,
            tokenStart: tokens?.lowerBound, tokenEnd: tokens?.upperBound, explanation: explanation)
    }
}

/// How much the alternative text and the picture said about one entity.
package struct Evidence: Sendable, Equatable {
    /// Share of the alternative text, 0…1.
    package var alt: Float
    /// Share of the picture, 0…1.
    package var picture: Float
    /// Where in the picture: probabilities on a grid in tenths, as digits 0–9, row by row; empty without a picture.
    package var heat: String
    /// Boxes that were weighed, the most probable first; empty where there was nothing to choose from.
    package var candidates: [Candidate]

    /// A box that was weighed.
    package struct Candidate: Sendable, Equatable {
        /// The box.
        package var box: PixelBox
        /// Where it comes from, in one word.
        package var origin: String
        /// What whoever saw it calls it.
        package var label: String?
        /// Probability of being the right one of all, given that one is.
        package var share: Float

        /// A candidate from its parts.
        package init(box: PixelBox, origin: String, label: String? = nil, share: Float) {
            self.box = box
            self.origin = origin
            self.label = label
            self.share = share
        }
    }

    /// Evidence from its parts.
    package init(alt: Float, picture: Float, heat: String, candidates: [Candidate] = []) {
        self.alt = alt
        self.picture = picture
        self.heat = heat
        self.candidates = candidates
    }
}

/// Something that went wrong with a part of a post without costing it its answer.
package struct Warning: Sendable, Equatable {
    /// What went wrong, for programs: `image.truncated`, say.
    package var code: String
    /// The step of the pipeline that noticed.
    package var stage: String
    /// One sentence for people.
    package var message: String

    /// A warning from its parts.
    package init(code: String, stage: String, message: String) {
        self.code = code
        self.stage = stage
        self.message = message
    }
}

/// What goes out for one record.
package struct Answer: Sendable, Equatable {
    /// Either what was found, or why nothing could be looked for.
    package enum Outcome: Sendable, Equatable {
        /// The triples in the order of the text; the size of each picture of the post, if it was read.
        case triples([Triple], images: [ImageSize?], warnings: [Warning])
        /// Why there is no answer.
        case error(RecordError)
    }

    /// Number of the record's line in the stream, from 1.
    package var line: Int
    /// The record's id as it was written.
    package var id: RawJSON?
    /// What was found.
    package var outcome: Outcome
    /// Members of the record to return as they were written.
    package var passthrough: [UInt8]?
    /// What the post's text was before its markup was taken out.
    package var markup: Markup?

    /// The answer to a post.
    package init(_ post: Post, triples: [Triple], images: [ImageSize?] = [], warnings: [Warning] = []) {
        line = post.line
        id = post.id
        outcome = .triples(triples, images: images, warnings: warnings)
        passthrough = post.passthrough
        markup = post.markup
    }

    /// The answer to a post that was read but could not be worked on.
    package init(_ post: Post, error: RecordError) {
        line = post.line
        id = post.id
        outcome = .error(error)
        passthrough = post.passthrough
    }

    /// The answer to a line that is not a post.
    package init(line: Int, error: RecordError) {
        self.line = line
        id = error.id
        outcome = .error(error)
        passthrough = error.passthrough
    }
}
