package import Kernels
import Geometry
import Text

/// Runs a ``Grounder`` on one thread at a time; not shared between threads that run at the same moment.
package final class GroundingWorker {
    private let grounder: Grounder
    private let workspace: Workspace
    let evaluator: Evaluator
    private let reader: TextReader
    private var seeing: Evaluator?
    private var labels = LabelRows()

    init(_ grounder: Grounder, _ workspace: Workspace) {
        self.grounder = grounder
        self.workspace = workspace
        evaluator = Evaluator(grounder.reading.values, workspace: workspace)
        reader = TextReader(model: grounder.reading, evaluator: evaluator)
    }

    /// Tags several texts in one go (texts that wait anyway; no padding between them). One reading a text.
    package func read(_ posts: [PostText]) throws(ShapeError) -> [Reading] {
        try reader.read(posts)
    }

    /// A row for each word of each text, as alternative texts are read: as far as one window reaches.
    package func rows(of texts: [String]) throws(ShapeError) -> [[Float]] {
        try reader.rows(of: texts)
    }

    /// The mean of the rows of each text's words; zeros where it has none.
    package func vectors(of texts: [String]) throws(ShapeError) -> [[Float]] {
        let width = grounder.reading.words.width
        return try rows(of: texts).map { LabelRows.mean($0, width: width) }
    }

    /// Whether the model has words of a label's script.
    package func canRead(_ label: String) -> Bool {
        let words = WordSplitter.words(in: label)
        let wordPiece = grounder.reading.wordPiece
        return !LetterCoverage(words, wordPiece.pieces(of: words), unknown: wordPiece.unk).isForeign
    }

    /// A reading with another alternative text beside it: that of one of a post's pictures.
    package func describe(_ reading: Reading, by alt: String) throws(ShapeError) -> Reading {
        guard grounder.reading.grounds, !reading.mentions.isEmpty else { return reading }
        var reading = reading
        reading.alt = alt.isEmpty ? [] : try rows(of: [alt])[0]
        reading.altRows = reading.alt.count / grounder.reading.words.width
        return reading
    }

    /// Encodes several pictures in one go, and finds the objects in those that have pixels.
    ///
    /// - Throws: ``Kernels/ShapeError`` for a picture of another size.
    package func see(_ pictures: [PictureInput]) throws(ShapeError) -> [PictureFeatures] {
        guard let encoder = grounder.reading.network.patchEncoder, !pictures.isEmpty else { return [] }
        let configuration = encoder.configuration
        let seeing = if let seeing { seeing } else { try startSeeing() }
        seeing.reset()
        let perPicture = configuration.grid * configuration.grid
        let rows = try pictures.map { picture throws(ShapeError) in
            try seeing.constant(rows: perPicture, columns: configuration.patchColumns, picture.patches.span)
        }
        let pixels = rows.count == 1 ? rows[0] : try seeing.concatenateRows(rows)
        let tokens = seeing.array(try encoder.encode(pixels, count: pictures.count, on: seeing))
        let size = configuration.tokens * configuration.width
        return try pictures.indices.map { index throws(ShapeError) in
            var features = PictureFeatures(
                tokens: Array(tokens[index * size..<(index + 1) * size]), rows: configuration.tokens,
                width: configuration.width)
            features.objects = try objects(in: pictures[index].pixels)
            return features
        }
    }

    /// What the model's detector finds in a picture, given as ``PictureInput/pixels``; nothing where there is no detector, or
    /// no picture for it.
    package func objects(in pixels: [Float]) throws(ShapeError) -> [SeenRegion] {
        guard let detector = grounder.reading.network.objectDetector, !pixels.isEmpty else { return [] }
        let seeing = if let seeing { seeing } else { try startSeeing() }
        seeing.reset()
        let outputs = try detector.detect(
            seeing.constant(rows: pixels.count / 3, columns: 3, pixels.span), on: seeing)
        var found = DetectedObjects(detector.configuration)
        for (map, output) in outputs.enumerated() {
            found.take(
                map: map, side: output.side, offsets: seeing.array(output.offsets), scores: seeing.array(output.scores))
        }
        return found.regions
    }

    private func startSeeing() throws(ShapeError) -> Evaluator {
        do throws(ModelError) {
            let evaluator = Evaluator(try grounder.seeingValues(), workspace: workspace)
            seeing = evaluator
            return evaluator
        } catch {
            // The files were checked when the model was opened, so this is about memory.
            throw ShapeError("patch encoder", expected: "its weights", got: error.description)
        }
    }

    /// Mentions that look for themselves together: more than nearly any post has, and few enough for a bound on memory.
    private static let together = 64

    /// Decides for each mention of a reading whether it can be seen, and where. `picture` is `nil` where there is none.
    package func ground(
        _ reading: Reading, picture: PictureFeatures?, details: MentionDetails = []
    ) throws(ShapeError) -> [Mention] {
        guard let heads = grounder.reading.network.heads, !reading.queries.isEmpty else { return reading.mentions }
        var mentions = reading.mentions
        for first in stride(from: 0, to: mentions.count, by: Self.together) {
            let range = first..<min(first + Self.together, mentions.count)
            try ground(&mentions, range, of: reading, picture, by: heads, details)
            try sample(&mentions, range, of: reading, picture, by: heads)
        }
        return mentions
    }

    /// Says how unsure the model is of the regions of some mentions, where somebody asked for passes with dropout.
    private func sample(
        _ mentions: inout [Mention], _ range: Range<Int>, of reading: Reading, _ picture: PictureFeatures?,
        by heads: GroundingHeads
    ) throws(ShapeError) {
        let (isPictured, isDescribed) = (picture != nil, reading.altRows > 0)
        guard let seed = reading.sampleSeed, isPictured || isDescribed else { return }
        let labels = try rows(ofLabelsIn: picture)
        let judged = mentions[range]
        try addSamples(&mentions[range], seed: seed) { (dropout) throws(ShapeError) in
            evaluator.reset()
            let result = try heads.ground(
                batch(range, of: reading, picture, labels), dropout: dropout, on: evaluator)
            return try result.verdicts(
                of: judged, result.answers(on: evaluator), heads.reader.configuration, isPictured: isPictured,
                isDescribed: isDescribed, on: evaluator)
        }
    }

    private func ground(
        _ mentions: inout [Mention], _ range: Range<Int>, of reading: Reading, _ picture: PictureFeatures?,
        by heads: GroundingHeads, _ details: MentionDetails
    ) throws(ShapeError) {
        let labels = try rows(ofLabelsIn: picture)
        evaluator.reset()
        let result = try heads.ground(batch(range, of: reading, picture, labels), on: evaluator)
        let answers = try result.answers(on: evaluator)
        let configuration = heads.reader.configuration
        let (isPictured, isDescribed) = (picture != nil, reading.altRows > 0)
        let verdicts = result.verdicts(
            of: mentions[range], answers, configuration, isPictured: isPictured, isDescribed: isDescribed, on: evaluator
        )
        for (verdict, index) in zip(verdicts, range) {
            mentions[index].visible = verdict.visible
            mentions[index].provenance.region = .model
            mentions[index].provenance.hasEvidence = isPictured || isDescribed
            guard let (box, trust) = verdict.drawn else { continue }
            (mentions[index].drawn, mentions[index].boxScore) = (box, trust)
            if BoxHead.pays(visible: verdict.visible, trust: trust) { mentions[index].box = box }
        }
        if details.contains(.weighed), let choice = result.choice, let picture {
            for (boxes, index) in zip(choice.weighed(in: picture, on: evaluator), range) {
                mentions[index].weighed = boxes
            }
        }
        guard !details.isDisjoint(with: [.attention, .mask]), let looked = result.steps.last else { return }
        let masks = result.drawing.map { evaluator.array($0.masks).map(logistic) } ?? []
        let size = masks.count / range.count
        for (place, index) in range.enumerated() where size > 0 {
            mentions[index].mask = PatchMask(Array(masks[place * size..<(place + 1) * size]))
        }
        for (answer, index) in zip(answers, range) {
            if let heat = answer?.heat { mentions[index].mask = PatchMask(heat) }
        }
        guard details.contains(.attention) else { return }
        let shares = Mention.Attention.shares(
            queries: evaluator.array(looked.queries), keysValues: evaluator.array(looked.keysValues),
            heads: configuration.heads, mentions: range.count, tokens: picture?.rows ?? 0)
        for (place, index) in range.enumerated() { mentions[index].attention = shares[place] }
    }

    /// A batch of some mentions of one post.
    private func batch(
        _ range: Range<Int>, of reading: Reading, _ picture: PictureFeatures?, _ labels: [Float]
    ) throws(ShapeError) -> EvidenceBatch<Evaluator.Value> {
        let width = reading.queries.count / reading.mentions.count
        let rows = reading.queries.span.extracting(range.lowerBound * width..<range.upperBound * width)
        let queries = try evaluator.constant(rows: range.count, columns: width, rows)
        // The first mention's surroundings speak for the post.
        let text = try evaluator.constant(
            rows: 1, columns: width / 2, reading.queries.span.extracting(width / 2..<width))
        let tokens = try picture.map { picture throws(ShapeError) in
            try evaluator.constant(rows: picture.rows, columns: picture.width, picture.tokens.span)
        }
        let alt =
            reading.altRows > 0
            ? try evaluator.constant(rows: reading.altRows, columns: width / 2, reading.alt.span) : nil
        var batch = EvidenceBatch(
            queries: queries, kinds: reading.mentions[range].map { Int32($0.type) }, entities: [range.count],
            texts: text,
            tokens: tokens, isPictured: [picture != nil], alt: alt, altCounts: [reading.altRows])
        let seen = picture?.seen ?? []
        if !labels.isEmpty {
            batch.regions = RegionBatch(
                regions: [seen],
                labels: try evaluator.constant(rows: seen.count, columns: labels.count / seen.count, labels.span),
                matches: reading.names[range].map { name in
                    let name = NameMatch(name)
                    return seen.map { $0.match(of: name) }
                })
        }
        return batch
    }

    /// Rows of what outside tools call the things that they saw, for models that look at that; empty where it is nothing.
    private func rows(ofLabelsIn picture: PictureFeatures?) throws(ShapeError) -> [Float] {
        guard let seen = picture?.seen, !seen.isEmpty, grounder.reading.readsRegions else { return [] }
        return try labels.rows(of: seen.map(\.label), width: grounder.reading.words.width) {
            (texts) throws(ShapeError) in try rows(of: texts)
        }
    }
}
