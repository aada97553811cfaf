import Kernels
import Text

/// Reads texts: words, pieces, windows, emissions, entities, and the vectors that grounding needs of them.
///
/// Several texts go through the encoder together, one after the other without padding.
struct TextReader {
    /// One text on its way.
    private struct Item {
        var words: [Word]
        var pieces: PiecedText
        var windows: [TextWindows.Window]
        /// What is known about the post, as far as there is room for it.
        var context: PieceContext?
        var emissions: [Float]
    }

    /// A window of a text, in a batch.
    private struct Place {
        let item: Int
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
        var items = posts.map(item)
        var readings = items.map { _ in Reading(entities: [], wantsPicture: false, queries: [], alt: [], altRows: 0) }
        for batch in batches(items) {
            evaluator.reset()
            let states = try encode(batch, of: items)
            let emissions = evaluator.array(try model.tagger.score(states, on: evaluator))
            for place in batch {
                take(emissions, at: place, into: &items[place.item])
                // A text of one window is complete while its rows are still at hand; longer ones come again below.
                guard items[place.item].windows.count == 1 else { continue }
                readings[place.item].entities = try entities(items[place.item], posts[place.item])
                try addQueries(&readings[place.item], states: states, from: place)
            }
        }
        for index in items.indices where items[index].windows.count > 1 {
            readings[index].entities = try entities(items[index], posts[index])
            try addQueriesOfLongText(&readings[index], items[index], index: index, items: items)
        }
        try addAlt(&readings, posts)
        return readings
    }

    // MARK: Words and pieces

    private func item(_ post: PostText) -> Item {
        let words = post.tokens.map { split(post.text, at: $0) } ?? WordSplitter.words(in: post.text)
        var item = item(words)
        // A text of several windows fills them, and goes without.
        if let limit = model.tagger.configuration.knowledgePieces, let knowledge = post.knowledge,
            item.windows.count == 1
        {
            item.context = PieceContext(knowledge, behind: item.pieces, limit: limit, model.wordPiece)
        }
        return item
    }

    private func item(_ words: [Word]) -> Item {
        let pieces = model.wordPiece.pieces(of: words)
        let windows = TextWindows.cut(
            pieces.ranges.map(\.count), limit: model.windowPieces, overlap: min(Self.overlap, model.windowPieces / 4))
        let emissions = [Float](repeating: 0, count: words.count * model.tags.count)
        return Item(words: words, pieces: pieces, windows: windows, emissions: emissions)
    }

    /// Words at places that the caller knows.
    private func split(_ text: String, at ranges: [Range<Int>]) -> [Word] {
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

    /// Windows of all texts, or the first of each, put together to batches of about equal size.
    private func batches(_ items: [Item], firstWindows: Bool = false) -> [[Place]] {
        var batches: [[Place]] = []
        var batch: [Place] = []
        var pieces = 0
        var row = 0
        for (index, item) in items.enumerated() {
            for window in firstWindows ? item.windows.prefix(1) : item.windows[...] {
                let size = 2 + item.pieces.count(of: window.words) + (item.context?.count ?? 0)
                if pieces + size > Self.batchPieces, !batch.isEmpty {
                    batches.append(batch)
                    (batch, pieces, row) = ([], 0, 0)
                }
                batch.append(Place(item: index, window: window, row: row))
                pieces += size
                row += window.words.count
            }
        }
        return batch.isEmpty ? batches : batches + [batch]
    }

    // MARK: Encoding and decoding

    /// Rows of the words of all windows in a batch.
    private func encode(_ batch: [Place], of items: [Item]) throws(ShapeError) -> Evaluator.Value {
        var pieces = PieceBatch()
        for place in batch {
            let item = items[place.item]
            pieces.append(
                item.words, item.pieces, place.window.words, cls: model.wordPiece.cls, sep: model.wordPiece.sep)
            if let context = item.context { pieces.append(context, model.wordPiece) }
        }
        return try evaluator.block(replacing: nil) { () throws(ShapeError) in
            try model.tagger.states(pieces, on: evaluator)
        }
    }

    private func take(_ emissions: [Float], at place: Place, into item: inout Item) {
        let tags = model.tags.count
        for word in place.window.owned {
            let source = (place.row + word - place.window.words.lowerBound) * tags
            for tag in 0..<tags { item.emissions[word * tags + tag] = emissions[source + tag] }
        }
    }

    private func entities(_ item: Item, _ post: PostText) throws(ShapeError) -> [TaggedEntity] {
        if let known = post.entities { return known }
        return try decode(item)
    }

    private func decode(_ item: Item) throws(ShapeError) -> [TaggedEntity] {
        let lattice = try CRFLattice(model.crf, item.emissions.span)
        let path = try model.crf.viterbi(item.emissions.span).path
        let spans = model.tags.spans(of: path.map(Int.init), orphans: .strict)
        return try spans.map { entity throws(ShapeError) in
            let score = try lattice.probability(
                of: entity.words, begin: model.tags.begin(entity.type), inside: model.tags.inside(entity.type))
            let start = item.words[entity.words.lowerBound].scalars.lowerBound
            let end = item.words[entity.words.upperBound - 1].scalars.upperBound
            return TaggedEntity(
                words: entity.words, scalars: start..<end, type: model.tags.inventory.names[entity.type],
                typeIndex: entity.type, score: Float(score))
        }
    }

    // MARK: What grounding needs

    /// Each entity's query: the mean of its words, then the mean of all words around it.
    private func addQueries(
        _ reading: inout Reading, states: Evaluator.Value, from place: Place
    ) throws(ShapeError) {
        guard model.method.grounds, !reading.entities.isEmpty else { return }
        let shift = place.row - place.window.words.lowerBound
        let context = place.row..<place.row + place.window.words.count
        var ranges = reading.entities.map { $0.words.lowerBound + shift..<$0.words.upperBound + shift }
        ranges += reading.entities.map { _ in context }
        let means = try evaluator.mean(states, over: ranges)
        let count = reading.entities.count
        let pairs = (0..<count).flatMap { [Int32($0), Int32($0 + count)] }
        reading.queries += evaluator.array(try evaluator.gather(means, pairs))
    }

    /// The same for a text of several windows: those that hold entities are read once more, as nothing but emissions
    /// is kept of a long text.
    private func addQueriesOfLongText(
        _ reading: inout Reading, _ item: Item, index: Int, items: [Item]
    ) throws(ShapeError) {
        guard model.method.grounds else { return }
        for window in item.windows {
            var part = reading
            part.queries = []
            part.entities = reading.entities.filter { window.owned.contains($0.words.lowerBound) }
            guard !part.entities.isEmpty else { continue }
            // An entity that begins here may end beyond the window; its beginning speaks for it.
            for place in part.entities.indices {
                let words = part.entities[place].words
                part.entities[place].words = words.clamped(to: window.words)
            }
            evaluator.reset()
            let place = Place(item: index, window: window, row: 0)
            try addQueries(&part, states: encode([place], of: items), from: place)
            reading.queries += part.queries
        }
    }

    /// The words of the alternative texts of posts that have entities.
    private func addAlt(_ readings: inout [Reading], _ posts: [PostText]) throws(ShapeError) {
        guard model.method.grounds else { return }
        let grounded = readings.indices.filter { !readings[$0].entities.isEmpty }
        for index in grounded { readings[index].wantsPicture = true }
        let described = grounded.filter { posts[$0].alt?.isEmpty == false }
        let rows = try rows(of: described.map { posts[$0].alt ?? "" })
        for (index, rows) in zip(described, rows) {
            readings[index].alt = rows
            readings[index].altRows = rows.count / model.tagger.encoder.configuration.width
        }
    }

    /// A row for each word of each text, as far as one window reaches.
    func rows(of texts: [String]) throws(ShapeError) -> [[Float]] {
        let items = texts.map { item(WordSplitter.words(in: $0)) }
        var rows = [[Float]](repeating: [], count: texts.count)
        let width = model.tagger.encoder.configuration.width
        for batch in batches(items, firstWindows: true) {
            evaluator.reset()
            let states = evaluator.array(try encode(batch, of: items))
            for place in batch {
                rows[place.item] = Array(states[place.row * width..<(place.row + place.window.words.count) * width])
            }
        }
        return rows
    }
}

extension PiecedText {
    /// Pieces of a range of words.
    func count(of words: Range<Int>) -> Int {
        words.reduce(0) { $0 + ranges[$1].count }
    }
}
