/// An entity of a post with its type and place, as it goes out.
public struct Triple: Sendable, Equatable {
    /// Name of the type.
    public var type: String
    /// First Unicode scalar of the entity in the post's text.
    public var start: Int
    /// The Unicode scalar after the entity's last.
    public var end: Int
    /// Probability of the entity with its type, 0…1.
    public var score: Float
    /// Probability that the picture shows the entity; `nil` where nothing speaks to that.
    public var visible: Float?
    /// Where the picture shows the entity; `nil` if it cannot be seen.
    public var box: PixelBox?
    /// First of the given tokens that the entity covers; `nil` for a post without tokens.
    public var tokenStart: Int?
    /// The token after the entity's last; `nil` for a post without tokens.
    public var tokenEnd: Int?
    /// Where the evidence came from, if that was asked for.
    public var explanation: Evidence?

    /// A triple from its parts.
    public init(
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
    public init(
        type: String, scalars: Range<Int>, of post: Post, score: Float, visible: Float?, box: PixelBox?,
        explanation: Evidence? = nil
    ) {
        let tokens = post.tokens(touching: scalars)
        self.init(
            type: type, start: scalars.lowerBound, end: scalars.upperBound, score: score, visible: visible, box: box,
            tokenStart: tokens?.lowerBound, tokenEnd: tokens?.upperBound, explanation: explanation)
    }
}

/// A rectangle in pixels of the stored picture, after its EXIF orientation has been applied.
public struct PixelBox: Sendable, Equatable {
    /// Left edge.
    public var x1: Float
    /// Top edge.
    public var y1: Float
    /// Right edge.
    public var x2: Float
    /// Bottom edge.
    public var y2: Float

    /// A box from its edges.
    public init(x1: Float, y1: Float, x2: Float, y2: Float) {
        self.x1 = x1
        self.y1 = y1
        self.x2 = x2
        self.y2 = y2
    }

    /// A box whose edges are given as shares of a picture's sides, kept inside it.
    public init(shares: (x1: Float, y1: Float, x2: Float, y2: Float), of image: ImageSize) {
        let (width, height) = (Float(image.width), Float(image.height))
        self.init(
            x1: min(max(0, shares.x1 * width), width), y1: min(max(0, shares.y1 * height), height),
            x2: min(max(0, shares.x2 * width), width), y2: min(max(0, shares.y2 * height), height))
    }
}

/// How much the alternative text and the picture said about one entity.
public struct Evidence: Sendable, Equatable {
    /// Share of the alternative text, 0…1.
    public var alt: Float
    /// Share of the picture, 0…1.
    public var picture: Float
    /// Where in the picture: probabilities on a grid in tenths, as digits 0–9, row by row; empty without a picture.
    public var heat: String

    /// Evidence from its parts.
    public init(alt: Float, picture: Float, heat: String) {
        self.alt = alt
        self.picture = picture
        self.heat = heat
    }
}

/// Size of the stored picture in pixels, after its EXIF orientation has been applied.
public struct ImageSize: Sendable, Equatable {
    /// Pixels across.
    public var width: Int
    /// Pixels down.
    public var height: Int

    /// A size from its parts.
    public init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }
}

/// Something that went wrong with a part of a post without costing it its answer.
public struct Warning: Sendable, Equatable {
    /// What went wrong, for programs: `image.truncated`, say.
    public var code: String
    /// The step of the pipeline that noticed.
    public var stage: String
    /// One sentence for people.
    public var message: String

    /// A warning from its parts.
    public init(code: String, stage: String, message: String) {
        self.code = code
        self.stage = stage
        self.message = message
    }
}

/// What goes out for one record.
public struct Answer: Sendable, Equatable {
    /// Either what was found, or why nothing could be looked for.
    public enum Outcome: Sendable, Equatable {
        /// The triples in the order of the text; the picture's size if it could be read.
        case triples([Triple], image: ImageSize?, warnings: [Warning])
        /// Why there is no answer.
        case error(RecordError)
    }

    /// Number of the record's line in the stream, from 1.
    public var line: Int
    /// The record's id as it was written.
    public var id: RawJSON?
    /// What was found.
    public var outcome: Outcome
    /// Members of the record to return as they were written.
    public var passthrough: [UInt8]?

    /// The answer to a post.
    public init(_ post: Post, triples: [Triple], image: ImageSize? = nil, warnings: [Warning] = []) {
        line = post.line
        id = post.id
        outcome = .triples(triples, image: image, warnings: warnings)
        passthrough = post.passthrough
    }

    /// The answer to a post that was read but could not be worked on.
    public init(_ post: Post, error: RecordError) {
        line = post.line
        id = post.id
        outcome = .error(error)
        passthrough = post.passthrough
    }

    /// The answer to a line that is not a post.
    public init(line: Int, error: RecordError) {
        self.line = line
        id = error.id
        outcome = .error(error)
        passthrough = error.passthrough
    }
}
