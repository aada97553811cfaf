import Kernels
import Text

/// A text on its way through the reader: words, pieces, windows, and what the head scored.
struct ReadText {
    private(set) var words: [Word]
    /// Words in which mentions are looked for, the first of all.
    private(set) var count: Int
    private(set) var pieces: PiecedText
    var windows: [TextWindows.Window] = []
    /// What is known about the post, as far as there is room for it.
    var context: PieceContext?
    /// The windows that have been scored, in order.
    var scored: [ScoredWindow] = []
    /// Rows of the words of those windows, where somebody will ask for them.
    var rows: [[Float]] = []
    /// What was left of the text.
    var unread: Unread?

    /// Cuts words into pieces. At most `most` pieces are read, but one word always is.
    private init(_ words: [Word], _ model: ReadingModel, most: Int = .max) {
        self.words = words
        count = words.count
        pieces = model.wordPiece.pieces(of: words)
        if pieces.ids.count > most {
            drop(from: max(1, pieces.ranges.prefix { $0.upperBound <= most }.count))
        }
    }

    /// A text that no mentions are looked for in: its first window is as long as the encoder takes.
    init(lookedUp text: String, _ model: ReadingModel) {
        self.init(WordSplitter.words(in: TextBlocks.first(of: text)), model)
        cut(into: model.encoderPieces)
    }

    /// The same for a post: its own words, or those that it was split into, and what is known about it.
    init(_ post: PostText, _ model: ReadingModel) {
        self.init(
            post.tokens.map { Self.split(post.text, at: $0) } ?? WordSplitter.words(in: post.text), model,
            most: post.limits.pieces)
        // Whoever reads what is known has learned from sequences so long; a text that leaves no room for it goes without.
        let limit = model.words.configuration.knowledgePieces ?? 0
        context = post.knowledge.flatMap { PieceContext($0, behind: pieces, limit: limit, model.wordPiece) }
        cut(into: context == nil ? model.windowPieces : limit)
    }

    /// Cuts a text of more pieces than one window takes into several. Neighbours share a quarter, so that every word has some
    /// words on both sides.
    private mutating func cut(into window: Int) {
        windows = TextWindows.cut(pieces.ranges.map(\.count), limit: window, overlap: window / 4)
    }

    /// Leaves all words from one on, and their pieces. Windows are cut afterwards.
    private mutating func drop(from word: Int) {
        leave(from: word, .tooLong)
        words.removeSubrange(word...)
        pieces.ranges.removeSubrange(word...)
        pieces.ids.removeSubrange((pieces.ranges.last?.upperBound ?? 0)...)
    }

    /// Finds nothing from a word on. Windows that end before it still see what follows.
    mutating func leave(from word: Int, _ reason: Unread.Reason) {
        guard word < count else { return }
        unread = Unread(from: words[word].scalars.lowerBound, reason)
        count = word
    }

    /// Leaves what lies in windows that were not scored.
    mutating func leaveUnscored() {
        guard scored.count < windows.count else { return }
        leave(from: scored.last?.owned.upperBound ?? 0, .outOfTime)
        windows.removeSubrange(scored.count...)
    }

    /// Pieces that a window of this text has, special ones and context included.
    func size(of window: TextWindows.Window) -> Int {
        2 + window.words.reduce(0) { $0 + pieces.ranges[$1].count } + (context?.count ?? 0)
    }

    /// Where words lie in the text, as Unicode scalars.
    func scalars(of words: Range<Int>) -> Range<Int> {
        self.words[words.lowerBound].scalars.lowerBound..<self.words[words.upperBound - 1].scalars.upperBound
    }

    /// Words at places that the caller knows.
    private static func split(_ text: String, at ranges: [Range<Int>]) -> [Word] {
        let scalars = text.unicodeScalars
        var offset = 0
        var index = scalars.startIndex
        return ranges.map { range in
            let start = scalars.index(index, offsetBy: range.lowerBound - offset)
            index = scalars.index(start, offsetBy: range.count)
            offset = range.upperBound
            return Word(scalars: range, text: String(scalars[start..<index]))
        }
    }
}
