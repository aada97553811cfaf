import Kernels

/// What grounding needs of a text that was read.
extension TextReader {
    /// Each mention's query: the mean of its words, then the mean of all words around it.
    func addQueries(
        _ reading: inout Reading, states: Evaluator.Value, from place: WindowQueue.Place
    ) throws(ShapeError) {
        guard model.grounds, !reading.mentions.isEmpty else { return }
        let shift = place.row - place.window.words.lowerBound
        let context = place.row..<place.row + place.window.words.count
        var ranges = reading.mentions.map { $0.words.lowerBound + shift..<$0.words.upperBound + shift }
        ranges += reading.mentions.map { _ in context }
        let means = try evaluator.mean(states, over: ranges)
        let count = reading.mentions.count
        let pairs = (0..<count).flatMap { [Int32($0), Int32($0 + count)] }
        reading.queries += evaluator.array(try evaluator.gather(means, pairs))
    }

    /// The same for a text of several windows, of rows that were kept.
    func addQueriesOfLongText(_ reading: inout Reading, _ text: ReadText) throws(ShapeError) {
        guard model.grounds else { return }
        let mentions = reading.mentions
        var next = 0
        for (window, rows) in zip(text.windows, text.rows) {
            let first = next
            while next < mentions.count, mentions[next].words.lowerBound < window.owned.upperBound { next += 1 }
            guard first < next else { continue }
            var part = Reading(mentions: Array(mentions[first..<next]))
            // A mention that begins here may end beyond the window; its beginning speaks for it.
            for place in part.mentions.indices {
                part.mentions[place].words = part.mentions[place].words.clamped(to: window.words)
            }
            evaluator.reset()
            let states = try evaluator.constant(
                rows: window.words.count, columns: rows.count / window.words.count, rows.span)
            try addQueries(&part, states: states, from: WindowQueue.Place(text: 0, window: window, row: 0))
            reading.queries += part.queries
        }
    }

    /// The words of the alternative texts of posts that have mentions.
    func addAlt(_ readings: inout [Reading], _ posts: [PostText], _ shown: ShownPosts) throws(ShapeError) {
        guard model.grounds else { return }
        let grounded = readings.indices.filter { !readings[$0].mentions.isEmpty }
        for index in grounded {
            readings[index].wantsPicture = true
            if model.readsRegions { readings[index].names = readings[index].mentions.names(in: posts[index].text) }
        }
        let described = grounded.filter { posts[$0].alt?.isEmpty == false }
        let rows =
            if let known = shown.alt { described.map { known[$0] } } else {
                try rows(of: described.map { posts[$0].alt ?? "" })
            }
        for (index, rows) in zip(described, rows) {
            readings[index].alt = rows
            readings[index].altRows = rows.count / model.words.width
        }
    }
}

/// What posts show, for taggers that look before they tag.
struct ShownPosts {
    private let pictures: [PictureFeatures?]
    /// Rows of each post's alternative text; `nil` where the tagger does not look, so that nothing was read.
    let alt: [[Float]]?
    private let textWidth: Int

    init(_ posts: [PostText], reader: TextReader) throws(ShapeError) {
        textWidth = reader.model.words.width
        guard reader.model.parts.fusion != nil else {
            (pictures, alt) = ([], nil)
            return
        }
        pictures = posts.map(\.picture)
        alt = try reader.rows(of: posts.map { $0.alt ?? "" })
    }

    private init(_ pictures: [PictureFeatures?], _ alt: [[Float]]?, _ textWidth: Int) {
        (self.pictures, self.alt, self.textWidth) = (pictures, alt, textWidth)
    }

    /// What some of the posts show, by their positions.
    func only(_ posts: [Int]) -> ShownPosts {
        ShownPosts(
            pictures.isEmpty ? [] : posts.map { pictures[$0] }, alt.map { alt in posts.map { alt[$0] } }, textWidth)
    }

    /// The evidence of sequences, each by the post that it is of.
    func evidence(
        of posts: [Int], on evaluator: Evaluator
    ) throws(ShapeError) -> ShownEvidence<Evaluator.Value> {
        var evidence = ShownEvidence<Evaluator.Value>.nothing(posts.count)
        let shown = posts.map { pictures[$0] }
        if let width = shown.lazy.compactMap({ $0?.width }).first {
            let tokens = shown.flatMap { $0?.tokens ?? [] }
            evidence.tokenCounts = shown.map { $0?.rows ?? 0 }
            evidence.tokens = try evaluator.constant(
                rows: tokens.count / width, columns: width, tokens.span)
        }
        let said = posts.map { alt?[$0] ?? [] }
        let rows = said.flatMap(\.self)
        if !rows.isEmpty {
            evidence.altCounts = said.map { $0.count / textWidth }
            evidence.alt = try evaluator.constant(rows: rows.count / textWidth, columns: textWidth, rows.span)
        }
        return evidence
    }
}

extension [Mention] {
    /// The mentions as a text has them. They are in text order, so that one walk over it is enough.
    fileprivate func names(in text: String) -> [String] {
        let scalars = text.unicodeScalars
        var (place, offset) = (scalars.startIndex, 0)
        return map { mention in
            place = scalars.index(place, offsetBy: mention.scalars.lowerBound - offset)
            offset = mention.scalars.lowerBound
            let end = scalars.index(place, offsetBy: mention.scalars.count)
            return String(scalars[place..<end])
        }
    }
}
