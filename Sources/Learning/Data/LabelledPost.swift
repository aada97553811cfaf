public import Text
public import Wire

/// A post with its entities: gold, or what a model said.
public struct LabelledPost: Sendable, Equatable {
    /// The data set's name of the post. Never a number: "O_3437", "16_05_20_112".
    public var id: String
    /// The text that offsets count in: as the data set has it, or its words joined by one space.
    public var text: String
    /// Whether the text is known; answers of the filter come without, their offsets count in a text that is elsewhere.
    public var isTextKnown = true
    /// The words, as the data set splits them, or as ``WordSplitter`` does.
    public var words: [String]
    /// Where each word stands in `text`, in Unicode scalars.
    public var wordScalars: [Range<Int>]
    /// The entities, in text order.
    public var entities: [LabelledEntity]
    /// Size of the picture that boxes count in, where the data set says.
    public var picture: ImageSize?
    /// Path of the picture, where the data set says.
    public var image: String?
    /// Alternative text of the picture, where the data set says.
    public var alt: String?
    /// What is known about the post from elsewhere, where the data set says.
    public var knowledge: String?
    /// The line of the file where the post begins, for messages.
    public var line: Int

    /// A post whose words are given; the text is the words joined by one space.
    public init(id: String, words: [String], line: Int = 0) {
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

    /// A post whose text is given, split by ``WordSplitter``.
    public init(id: String, text: String, line: Int = 0) {
        let words = WordSplitter.words(in: text)
        self.init(id: id, text: text, words: words.map(\.text), wordScalars: words.map(\.scalars), line: line)
    }

    /// A post whose text and words are both given.
    public init(id: String, text: String, words: [String], wordScalars: [Range<Int>], line: Int = 0) {
        self.id = id
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
public struct LabelledEntity: Sendable, Equatable {
    /// The words it covers, end exclusive; those it touches where its ends stand inside words.
    public var words: Range<Int>
    /// Its place in the text, in Unicode scalars, end exclusive.
    public var scalars: Range<Int>
    /// The entity as it is written.
    public var name: String
    /// Its type; the coarse one where there are two.
    public var type: String
    /// Its fine type, where the data has one.
    public var fineType: String?
    /// Where it can be seen, in pixels: each is right by itself. Empty: it cannot be seen. `nil`: nobody looked.
    public var boxes: [PixelBox]?
    /// The same as pixel sets.
    public var masks: [Mask]?
    /// How sure a model was of it, 0…1.
    public var score: Float?
    /// How sure a model was that it can be seen, 0…1.
    public var visible: Float?

    /// An entity that nobody has looked for in a picture.
    public init(words: Range<Int>, scalars: Range<Int>, name: String, type: String) {
        self.words = words
        self.scalars = scalars
        self.name = name
        self.type = type
    }

    /// Whether it can be seen; `nil` where nobody looked.
    public var isGrounded: Bool? {
        if let boxes { return !boxes.isEmpty }
        if let masks { return !masks.isEmpty }
        return nil
    }
}

/// Posts of one source, and what is to be said about them.
public struct LabelledData: Sendable {
    /// The posts, in the source's order.
    public var posts: [LabelledPost]
    /// The types that the source may hold, where it is of a known format.
    public var inventory: TypeInventory?
    /// What was read by a rule rather than by the letter, such as orphan tags.
    public var notes: [DataNote] = []

    /// Posts of one source.
    public init(posts: [LabelledPost], inventory: TypeInventory? = nil) {
        self.posts = posts
        self.inventory = inventory
    }
}
