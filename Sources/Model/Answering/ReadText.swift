import Kernels
import Text

/// A text on its way through the reader: words, pieces, windows, and what the head scored.
struct ReadText {
    var words: [Word]
    var pieces: PiecedText
    var windows: [TextWindows.Window]
    /// What is known about the post, as far as there is room for it.
    var context: PieceContext?
    /// The windows that have been scored, in order.
    var scored: [ScoredWindow] = []

    /// Cuts words into pieces and, where they are more than the encoder takes, into windows.
    init(_ words: [Word], _ model: ReadingModel) {
        self.words = words
        pieces = model.wordPiece.pieces(of: words)
        windows = TextWindows.cut(
            pieces.ranges.map(\.count), limit: model.windowPieces,
            overlap: min(TextReader.overlap, model.windowPieces / 4))
    }

    /// The same for a post: its own words, or those that it was split into, and what is known about it.
    init(_ post: PostText, _ model: ReadingModel) {
        self.init(
            post.tokens.map { Self.split(post.text, at: $0) } ?? WordSplitter.words(in: post.text), model)
        // A text of several windows fills them, and goes without.
        if let limit = model.words.configuration.knowledgePieces, let knowledge = post.knowledge, windows.count == 1 {
            context = PieceContext(knowledge, behind: pieces, limit: limit, model.wordPiece)
        }
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
