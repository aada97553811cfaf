import Kernels
import Text

/// Reads texts: words, pieces, windows, fusion, the head's scores, mentions, and the vectors that grounding needs of them.
///
/// Several texts go through the encoder together, one after the other without padding.
struct TextReader {
    let model: ReadingModel
    let evaluator: Evaluator

    func read(_ posts: [PostText]) throws(ShapeError) -> [Reading] {
        let shown = try ShownPosts(posts, reader: self)
        var readings = posts.map { _ in Reading(mentions: []) }
        let whole = posts.indices.filter { !TextBlocks.areSeveral(in: posts[$0]) }
        for (index, part) in zip(whole, try readTogether(whole.map { posts[$0] }, shown.only(whole))) {
            readings[index] = part.reading
        }
        for index in posts.indices where TextBlocks.areSeveral(in: posts[index]) {
            readings[index] = try readByBlocks(posts[index], shown.only([index]))
        }
        try addAlt(&readings, posts, shown)
        return readings
    }

    /// What was read of some text, and how much that was.
    private struct Part {
        var reading: Reading
        let words: Int
        let pieces: Int
    }

    /// Reads a text of several blocks, one after the other.
    private func readByBlocks(_ post: PostText, _ shown: ShownPosts) throws(ShapeError) -> Reading {
        var reading = Reading(mentions: [])
        var blocks = TextBlocks(post)
        var (words, pieces) = (0, 0)
        while reading.unread == nil, var block = blocks.next() {
            block.post.limits.pieces = post.limits.pieces - pieces
            guard pieces == 0 || block.post.limits.pieces > 0 else {
                reading.unread = Unread(from: block.firstScalar, .tooLong)
                break
            }
            // The first block is read whatever the time; white space before the first word is no more than others.
            guard block.firstScalar == 0 || !post.limits.isOver() else {
                reading.unread = Unread(from: block.firstScalar, .outOfTime)
                break
            }
            let part = try readTogether([block.post], shown)[0]
            reading.append(part.reading, fromWord: words, scalar: block.firstScalar)
            words += part.words
            pieces += part.pieces
        }
        return reading
    }

    private func readTogether(_ posts: [PostText], _ shown: ShownPosts) throws(ShapeError) -> [Part] {
        var texts = posts.map { ReadText($0, model) }
        var readings = posts.map { _ in Reading(mentions: []) }
        var queue = WindowQueue(texts)
        while let batch = queue.next(texts, isOver: { posts[$0].limits.isOver() }) {
            evaluator.reset()
            let states = try encode(batch, of: texts)
            let scored = try score(states, of: batch, texts, shown)
            for (index, place) in batch.enumerated() {
                let rows = scored.rows[index]
                if posts[place.text].wantsOpenness {
                    readings[place.text].openness += scored.openness(index, of: place.window)
                }
                texts[place.text].scored.append(
                    ScoredWindow(words: place.window.words, owned: place.window.owned, scores: rows))
                let isAsked = model.grounds && posts[place.text].isShown
                // A text of one window is complete while its rows are still at hand; those of longer ones are kept.
                guard texts[place.text].windows.count == 1 else {
                    if isAsked { texts[place.text].rows.append(copy(of: states, at: place)) }
                    continue
                }
                readings[place.text].mentions = try mentions(texts[place.text], posts[place.text])
                if isAsked { try addQueries(&readings[place.text], states: states, from: place) }
            }
        }
        for index in texts.indices {
            if texts[index].windows.count > 1 {
                texts[index].leaveUnscored()
                readings[index].mentions = try mentions(texts[index], posts[index])
                if posts[index].isShown { try addQueriesOfLongText(&readings[index], texts[index]) }
            }
            readings[index].unread = texts[index].unread
            readings[index].coverage = LetterCoverage(
                texts[index].words, texts[index].pieces, unknown: model.wordPiece.unk)
            if posts[index].wantsSamples {
                try addSamples(&readings[index], texts[index], posts[index], shown.only([index]))
            }
        }
        return texts.indices.map {
            Part(reading: readings[$0], words: texts[$0].count, pieces: texts[$0].pieces.ids.count)
        }
    }

    /// Rows of the words of all windows in a batch.
    func encode(
        _ batch: [WindowQueue.Place], of texts: [ReadText], behind prefix: EncoderPrefix<Evaluator.Value>? = nil,
        dropout: Float = 0
    ) throws(ShapeError) -> Evaluator.Value {
        var pieces = PieceBatch()
        for place in batch {
            let text = texts[place.text]
            pieces.append(
                text.words, text.pieces, place.window.words, cls: model.wordPiece.cls, sep: model.wordPiece.sep)
            if let context = text.context { pieces.append(context, model.wordPiece) }
        }
        return try evaluator.block(replacing: nil) { () throws(ShapeError) in
            try model.words.states(pieces, prefix: prefix, dropout: dropout, on: evaluator)
        }
    }

    /// What the head scores for each window, after words have seen what their posts show.
    func score(
        _ states: Evaluator.Value, of batch: [WindowQueue.Place], _ texts: [ReadText], _ shown: ShownPosts,
        dropout: Float = 0
    ) throws(ShapeError) -> Scored {
        let lengths = batch.map(\.window.words.count)
        var scored = Scored()
        var words = states
        var evidence = ShownEvidence<Evaluator.Value>.nothing(batch.count)
        if let fusion = model.parts.fusion {
            let toFuse = WordsToFuse<Evaluator>(states, lengths: lengths) { (prefix) throws(ShapeError) in
                try encode(batch, of: texts, behind: prefix, dropout: dropout)
            }
            evidence = try shown.evidence(of: batch.map(\.text), on: evaluator)
            var gate: Evaluator.Value?
            words = try fusion.fuse(toFuse, evidence: evidence, dropout: dropout, on: evaluator) { note, value in
                if note == .gate { gate = value }
            }
            if let gate { scored.gates = Scored.Gates(gate, evaluator, starts: lengths.ranges, evidence.isShown) }
        }
        let scores = try model.parts.head.score(
            words, lengths: lengths, evidence: evidence, dropout: dropout, on: evaluator)
        scored.rows = evaluator.array(scores)
        return scored
    }

    private func copy(of states: Evaluator.Value, at place: WindowQueue.Place) -> [Float] {
        let rows = evaluator.read(states).extracting(
            place.row * states.columns..<(place.row + place.window.words.count) * states.columns)
        return rows.indices.map { rows[$0] }
    }

    private func mentions(_ text: ReadText, _ post: PostText) throws(ShapeError) -> [Mention] {
        if let known = post.mentions { return known }
        return try model.decoder.mentions(of: text.scored, words: text.count).map { mention in
            var mention = mention
            mention.scalars = text.scalars(of: mention.words)
            if let line = model.score {
                mention.spanPosterior = mention.spanScore
                mention.score = line.probability(ofShare: mention.score)
            }
            return mention
        }
    }

    /// A row for each word of each text, as far as one window reaches.
    func rows(of texts: [String]) throws(ShapeError) -> [[Float]] {
        let texts = texts.map { ReadText(lookedUp: $0, model) }
        var rows = [[Float]](repeating: [], count: texts.count)
        let width = model.words.width
        var queue = WindowQueue(texts, firstOnly: true)
        while let batch = queue.next(texts) {
            evaluator.reset()
            let states = evaluator.array(try encode(batch, of: texts))
            for place in batch {
                rows[place.text] = Array(states[place.row * width..<(place.row + place.window.words.count) * width])
            }
        }
        return rows
    }
}
