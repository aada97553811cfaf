package import Text
package import Wire
package import Geometry

/// A post with its entities: gold, or what a model said.
package struct LabelledPost: Sendable, Equatable {
    /// The name of the post: in data that was read, of this one alone. Never a number: "O_3437", "16_05_20_112".
    package var id: String
    /// The same as the source has it, where it may come twice; `nil` where it has none, and ``id`` is made up.
    package var givenID: String?
    /// The name by which other files know the post.
    package var sourceID: String { givenID ?? id }
    /// The text that offsets count in: as the data set has it, or its words joined by one space.
    package var text: String
    /// What the text was before its markup was taken out, where it had any.
    package var markup: Markup?
    /// Whether the text is known; answers of the filter come without, their offsets count in a text that is elsewhere.
    package var isTextKnown = true
    /// The words, as the data set splits them, or as ``WordSplitter`` does.
    package var words: [String]
    /// Where each word stands in `text`, in Unicode scalars.
    package var wordScalars: [Range<Int>]
    /// The entities, in text order.
    package var entities: [LabelledEntity]
    /// Size of the picture that boxes count in, where the data set says.
    package var picture: ImageSize?
    /// Path of the picture, where the data set says.
    package var image: String?
    /// What outside tools saw in the picture, where the data set says.
    package var regions: [PostRegion] = []
    /// Alternative text of the picture, where the data set says.
    package var alt: String?
    /// What is known about the post from elsewhere, where the data set says.
    package var knowledge: String?
    /// The line of the file where the post begins, for messages.
    package var line: Int

    /// A post whose words are given; the text is the words joined by one space.
    package init(id: String, words: [String], line: Int = 0) {
        var offset = 0
        var scalars: [Range<Int>] = []
        scalars.reserveCapacity(words.count)
        for word in words {
            let end = offset + word.unicodeScalars.count
            scalars.append(offset..<end)
            offset = end + 1
        }
        self.init(id: id, text: words.joined(separator: " "), words: words, wordScalars: scalars, line: line)
    }

    /// A post whose words are given, with its entities; no entity is in a picture.
    package init(id: String, words: [String], entities: [(words: Range<Int>, type: String)]) {
        self.init(id: id, words: words)
        self.entities = entities.map { entity(words: $0.words, type: $0.type) }
    }

    /// A post whose text is given, split by ``WordSplitter``.
    package init(id: String, text: String, line: Int = 0) {
        let words = WordSplitter.words(in: text)
        self.init(id: id, text: text, words: words.map(\.text), wordScalars: words.map(\.scalars), line: line)
    }

    /// A post whose text and words are both given.
    package init(id: String, text: String, words: [String], wordScalars: [Range<Int>], line: Int = 0) {
        self.id = id
        givenID = id
        self.text = text
        self.words = words
        self.wordScalars = wordScalars
        self.line = line
        entities = []
    }

    /// An entity over whole words of this post.
    ///
    /// `name` is its words joined by one space, as data sets write it, whatever stands between them in the text.
    func entity(words range: Range<Int>, type: String) -> LabelledEntity {
        LabelledEntity(
            words: range,
            scalars: wordScalars[range.lowerBound].lowerBound..<wordScalars[range.upperBound - 1].upperBound,
            name: words[range].joined(separator: " "), type: type)
    }

    /// The words that a range of the text touches.
    func words(touching scalars: Range<Int>) -> Range<Int> {
        let first = wordScalars.firstInOrder { $0.upperBound > scalars.lowerBound }
        let end = wordScalars.firstInOrder { $0.lowerBound >= scalars.upperBound }
        return first..<max(first, end)
    }
}

extension Array {
    /// The first place from which on a condition holds, in an array where it holds from some place on.
    func firstInOrder(_ holds: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if holds(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

/// An entity of a post, with its type and where it can be seen.
package struct LabelledEntity: Sendable, Equatable {
    /// The words it covers, end exclusive; those it touches where its ends stand inside words.
    package var words: Range<Int>
    /// Its place in the text, in Unicode scalars, end exclusive.
    package var scalars: Range<Int>
    /// The entity as it is written.
    package var name: String
    /// Its type; the coarse one where there are two.
    package var type: String
    /// Its fine type, where the data has one.
    package var fineType: String?
    /// Where it can be seen, in pixels: each is right by itself. Empty: it cannot be seen. `nil`: nobody looked.
    package var boxes: [PixelBox]?
    /// The same as pixel sets.
    package var masks: [Mask]?
    /// How sure a model was of it, 0…1.
    package var score: Float?
    /// How sure a model was that it can be seen, 0…1.
    package var visible: Float?
    /// How sure a model was that the box that it drew is right, given that the entity can be seen, 0…1.
    package var boxScore: Float?
    /// How unsure a model was of its parts.
    package var uncertainty: StatedUncertainty?
    /// Whether whoever labelled it could not tell: it is neither right nor wrong, and so are its boxes.
    package var isUnsure = false

    /// An entity that nobody has looked for in a picture.
    package init(words: Range<Int>, scalars: Range<Int>, name: String, type: String) {
        self.words = words
        self.scalars = scalars
        self.name = name
        self.type = type
    }

    /// Whether it can be seen; `nil` where nobody looked, or could not tell.
    package var isGrounded: Bool? {
        if isUnsure { return nil }
        if let boxes { return !boxes.isEmpty }
        if let masks { return !masks.isEmpty }
        return nil
    }
}

/// Posts of one source, and what is to be said about them.
package struct LabelledData: Sendable {
    /// The posts, in the source's order.
    package var posts: [LabelledPost]
    /// The types that the source may hold, where it is of a known format.
    package var inventory: TypeInventory?
    /// Whether a post without entities may be missing: `--emit triples` has no line for it.
    package var leavesOutEmpty = false
    /// What was read by a rule rather than by the letter, such as orphan tags.
    package var notes: [DataNote] = []

    /// Posts of one source.
    package init(posts: [LabelledPost], inventory: TypeInventory? = nil) {
        self.posts = posts
        self.inventory = inventory
    }
}
