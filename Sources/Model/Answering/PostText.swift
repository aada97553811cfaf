package import Text

/// The text side of a post, as a model reads it.
package struct PostText: Sendable {
    /// The post's text, exactly as it came.
    package var text: String
    /// Words that the caller has split already: Unicode scalar ranges of `text`. `nil` lets the model split.
    package var tokens: [Range<Int>]?
    /// Alternative text of the picture, if the feed carries it.
    package var alt: String?
    /// What is known about the post from elsewhere. It is read only by models that were trained with such texts
    /// (``WordConfiguration/knowledgePieces``), and beside posts that leave room for it.
    package var knowledge: String?
    /// What the patch encoder saw, for models whose tagger looks (``Looks/beforeTagging``); `nil` without a picture.
    package var picture: PictureFeatures?
    /// Mentions that the caller knows already, by words of `tokens`; `nil` lets the model tag.
    package var mentions: [Mention]?
    /// How much of the text is read.
    package var limits = ReadingLimits()
    /// Whether anything will be shown, a picture or alternative text. Where nothing will, nobody decides what can be seen
    /// (``Mention/visible``), and what that takes is not made.
    package var isShown = true
    /// Whether somebody wants to know how far the words let in what is shown (``Reading/openness``).
    package var wantsOpenness = false
    /// Whether somebody wants to know how unsure the model is by passes with dropout (``Mention/sampled``).
    package var wantsSamples = false

    /// A post's text, with what else the feed knows of it.
    package init(
        text: String, tokens: [Range<Int>]? = nil, alt: String? = nil, knowledge: String? = nil,
        picture: PictureFeatures? = nil, mentions: [Mention]? = nil
    ) {
        self.text = text
        self.tokens = tokens
        self.alt = alt
        self.knowledge = knowledge
        self.picture = picture
        self.mentions = mentions
    }
}

/// What the text of one post gave: mentions, and the vectors that later stages need of them.
package struct Reading: Sendable {
    /// In text order, never overlapping.
    package var mentions: [Mention]
    /// Whether looking at a picture could change the answer: there is a mention that could be visible, and the method
    /// grounds. A post whose reading does not want a picture never has it decoded, unless its tagger looked already.
    package var wantsPicture: Bool
    /// One row a mention (`mentions.count × 2·width`): the mean of its words, then that of all words around it. Empty
    /// where the method does not ground or nothing is shown.
    package var queries: [Float]
    /// Rows of the alternative text (`altRows × width`), empty without `alt` or where the method does not ground.
    package var alt: [Float]
    /// Rows of `alt`.
    package var altRows: Int
    /// The mentions as the text has them; empty unless the model looks for names in what outside tools saw.
    package var names: [String] = []
    /// How far each word of the text let in what the post shows before it was tagged, 0 to 1: the mean of its gate's columns.
    /// Empty unless it was asked for (``PostText/wantsOpenness``), and where nothing is shown or nothing looks.
    package var openness: [Float] = []
    /// What dropout begins with where uncertainty is told by it; `nil` where nobody asked (``PostText/wantsSamples``).
    package var sampleSeed: UInt64?
    /// What was left of the text, if anything was.
    package var unread: Unread?
    /// How many letters of the text the model can read.
    package var coverage = LetterCoverage()

    /// A reading by its parts.
    package init(
        mentions: [Mention], wantsPicture: Bool = false, queries: [Float] = [], alt: [Float] = [], altRows: Int = 0
    ) {
        self.mentions = mentions
        self.wantsPicture = wantsPicture
        self.queries = queries
        self.alt = alt
        self.altRows = altRows
    }
}

extension Reading {
    /// Adds what was read of the next part of the text, which begins at a word and a Unicode scalar.
    mutating func append(_ part: Reading, fromWord word: Int, scalar: Int) {
        mentions += part.mentions.map { mention in
            var mention = mention
            mention.words = mention.words.lowerBound + word..<mention.words.upperBound + word
            mention.scalars = mention.scalars.lowerBound + scalar..<mention.scalars.upperBound + scalar
            return mention
        }
        queries += part.queries
        openness += part.openness
        sampleSeed = sampleSeed ?? part.sampleSeed
        unread = part.unread.map { Unread(from: $0.scalar + scalar, $0.reason) }
        coverage = coverage + part.coverage
    }
}

/// A picture as a model's networks take it.
package struct PictureInput: Sendable {
    /// One row a patch, `3·patch²` normalised values a row, as `Images` makes them for ``Grounder/imageSize``.
    package var patches: [Float]
    /// Three values of −1…1 a pixel, line by line, for ``Grounder/objectImageSize``; empty where objects are not looked for.
    package var pixels: [Float]

    /// A picture, and what the detector of objects takes of it.
    package init(patches: [Float], pixels: [Float] = []) {
        (self.patches, self.pixels) = (patches, pixels)
    }
}

/// What is known of one picture: what the patch encoder saw, a row a patch, and what outside tools did.
package struct PictureFeatures: Sendable {
    /// `rows × width`, CLS token first.
    package var tokens: [Float]
    /// Tokens of the picture.
    package var rows: Int
    /// Columns of a token.
    package var width: Int
    /// What outside tools saw.
    package var regions: [SeenRegion] = []
    /// What the model's own detector saw, where it has one and it was shown the picture.
    package var objects: [SeenRegion] = []
    /// All that was seen. Where an outside detector has looked, its word is taken instead of the model's own.
    var seen: [SeenRegion] { regions.areDetected ? regions : objects + regions }

    /// Whether the model's own detector saw that one of ``seen``.
    func isOwn(_ region: Int) -> Bool { !regions.areDetected && region < objects.count }

    /// A picture's tokens.
    package init(tokens: [Float], rows: Int, width: Int) {
        self.tokens = tokens
        self.rows = rows
        self.width = width
    }
}
