import Kernels
import Text

/// Reads texts: words, pieces, windows, fusion, the head's scores, mentions, and the vectors that grounding needs of them.
///
/// Several texts go through the encoder together, one after the other without padding.
struct TextReader {
    /// A window of a text, in a batch.
    struct Place {
        /// The text, by its position.
        let text: Int
        let window: TextWindows.Window
        /// First row of the window's words among the batch's words.
        let row: Int
    }

    /// Most pieces that go through the encoder together: enough for long products, little enough to stay in cache.
    static let batchPieces = 704
    /// Pieces that neighbouring windows of a long text share.
    static let overlap = 128

    let model: ReadingModel
    let evaluator: Evaluator

    func read(_ posts: [PostText]) throws(ShapeError) -> [Reading] {
        var texts = posts.map { ReadText($0, model) }
        var readings = posts.map { _ in Reading(mentions: []) }
        let shown = try ShownPosts(posts, reader: self)
        for batch in batches(texts) {
            evaluator.reset()
            let states = try encode(batch, of: texts)
            let scores = try score(states, of: batch, shown)
            for (place, rows) in zip(batch, scores) {
                texts[place.text].scored.append(
                    ScoredWindow(words: place.window.words, owned: place.window.owned, scores: rows))
                // A text of one window is complete while its rows are still at hand; longer ones come again below.
                guard texts[place.text].windows.count == 1 else { continue }
                readings[place.text].mentions = try mentions(texts[place.text], posts[place.text])
                try addQueries(&readings[place.text], states: states, from: place)
            }
        }
        for index in texts.indices where texts[index].windows.count > 1 {
            readings[index].mentions = try mentions(texts[index], posts[index])
            try addQueriesOfLongText(&readings[index], texts, index)
        }
        try addAlt(&readings, posts, shown)
        return readings
    }

    /// Windows of all texts, or the first of each, put together to batches of about equal size.
    private func batches(_ texts: [ReadText], firstWindows: Bool = false) -> [[Place]] {
        var batches: [[Place]] = []
        var batch: [Place] = []
        var pieces = 0
        var row = 0
        for (index, text) in texts.enumerated() {
            for window in firstWindows ? text.windows.prefix(1) : text.windows[...] {
                let size = text.size(of: window)
                if pieces + size > Self.batchPieces, !batch.isEmpty {
                    batches.append(batch)
                    (batch, pieces, row) = ([], 0, 0)
                }
                batch.append(Place(text: index, window: window, row: row))
                pieces += size
                row += window.words.count
            }
        }
        return batch.isEmpty ? batches : batches + [batch]
    }

    /// Rows of the words of all windows in a batch.
    func encode(_ batch: [Place], of texts: [ReadText]) throws(ShapeError) -> Evaluator.Value {
        var pieces = PieceBatch()
        for place in batch {
            let text = texts[place.text]
            pieces.append(
                text.words, text.pieces, place.window.words, cls: model.wordPiece.cls, sep: model.wordPiece.sep)
            if let context = text.context { pieces.append(context, model.wordPiece) }
        }
        return try evaluator.block(replacing: nil) { () throws(ShapeError) in
            try model.words.states(pieces, on: evaluator)
        }
    }

    /// What the head scores for each window, after words have seen what their posts show.
    private func score(
        _ states: Evaluator.Value, of batch: [Place], _ shown: ShownPosts
    ) throws(ShapeError) -> [[Float]] {
        let lengths = batch.map(\.window.words.count)
        var words = states
        if let fusion = model.parts.fusion {
            words = try fusion.fuse(
                states, lengths: lengths, evidence: shown.evidence(of: batch.map(\.text), on: evaluator), dropout: 0,
                on: evaluator)
        }
        let scores = try model.parts.head.score(words, lengths: lengths, dropout: 0, on: evaluator)
        let rows = evaluator.array(scores.rows)
        var start = 0
        return scores.lengths.map { length in
            defer { start += length * scores.rows.columns }
            return Array(rows[start..<start + length * scores.rows.columns])
        }
    }

    private func mentions(_ text: ReadText, _ post: PostText) throws(ShapeError) -> [Mention] {
        if let known = post.mentions { return known }
        return try model.decoder.mentions(of: text.scored, words: text.words.count).map { mention in
            var mention = mention
            mention.scalars = text.scalars(of: mention.words)
            return mention
        }
    }

    /// A row for each word of each text, as far as one window reaches.
    func rows(of texts: [String]) throws(ShapeError) -> [[Float]] {
        let texts = texts.map { ReadText(WordSplitter.words(in: $0), model) }
        var rows = [[Float]](repeating: [], count: texts.count)
        let width = model.words.width
        for batch in batches(texts, firstWindows: true) {
            evaluator.reset()
            let states = evaluator.array(try encode(batch, of: texts))
            for place in batch {
                rows[place.text] = Array(states[place.row * width..<(place.row + place.window.words.count) * width])
            }
        }
        return rows
    }
}
