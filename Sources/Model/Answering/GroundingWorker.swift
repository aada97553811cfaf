package import Kernels
import Geometry

/// Runs a ``Grounder`` on one thread at a time; not shared between threads that run at the same moment.
package final class GroundingWorker {
    private let grounder: Grounder
    private let workspace: Workspace
    private let evaluator: Evaluator
    private let reader: TextReader
    private var seeing: Evaluator?

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

    /// Encodes several pictures in one go: one row a patch, `3·patch²` normalised values a row, as `Images` makes them
    /// for ``Grounder/imageSize``.
    ///
    /// - Throws: ``Kernels/ShapeError`` for a picture of another size.
    package func see(_ pictures: [[Float]]) throws(ShapeError) -> [PictureFeatures] {
        guard let encoder = grounder.reading.network.patchEncoder, !pictures.isEmpty else { return [] }
        let configuration = encoder.configuration
        let seeing = if let seeing { seeing } else { try startSeeing() }
        seeing.reset()
        let perPicture = configuration.grid * configuration.grid
        let rows = try pictures.map { picture throws(ShapeError) in
            try seeing.constant(rows: perPicture, columns: configuration.patchColumns, picture.span)
        }
        let pixels = rows.count == 1 ? rows[0] : try seeing.concatenateRows(rows)
        let tokens = seeing.array(try encoder.encode(pixels, count: pictures.count, on: seeing))
        let size = configuration.tokens * configuration.width
        return pictures.indices.map { index in
            PictureFeatures(
                tokens: Array(tokens[index * size..<(index + 1) * size]), rows: configuration.tokens,
                width: configuration.width)
        }
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

    /// Decides for each mention of a reading whether it can be seen, and where. `picture` is `nil` where there is none.
    package func ground(
        _ reading: Reading, picture: PictureFeatures?, explain: Bool = false
    ) throws(ShapeError) -> [Mention] {
        guard let heads = grounder.reading.network.heads, !reading.mentions.isEmpty else { return reading.mentions }
        evaluator.reset()
        var looked: (queries: Evaluator.Value, keysValues: Evaluator.Value)?
        let result = try heads.ground(batch(reading, picture), on: evaluator) { looked = ($0, $1) }
        var mentions = reading.mentions
        let configuration = heads.reader.configuration
        let gate = configuration.gate(isPictured: picture != nil, isDescribed: reading.altRows > 0)
        let visible = evaluator.array(result.visible).map(gate.probability)
        let trust = result.drawing.map { evaluator.array($0.trust).map(configuration.trust.probability) }
        let boxes = result.drawing?.answers(on: evaluator)
        for index in mentions.indices {
            mentions[index].visible = visible[index]
            mentions[index].provenance.region = .model
            mentions[index].provenance.hasEvidence = picture != nil || reading.altRows > 0
            guard let trust, let boxes else { continue }
            (mentions[index].drawn, mentions[index].boxScore) = (boxes[index], trust[index])
            if BoxHead.pays(visible: visible[index], trust: trust[index]) { mentions[index].box = boxes[index] }
        }
        if explain, let looked {
            let shares = Mention.Attention.shares(
                queries: evaluator.array(looked.queries), keysValues: evaluator.array(looked.keysValues),
                heads: configuration.heads, mentions: mentions.count, tokens: picture?.rows ?? 0)
            let masks = result.drawing.map { evaluator.array($0.masks).map(logistic) } ?? []
            for index in mentions.indices {
                mentions[index].attention = shares[index]
                let size = masks.count / mentions.count
                if size > 0 {
                    mentions[index].mask = PatchMask(Array(masks[index * size..<(index + 1) * size]))
                }
            }
        }
        return mentions
    }

    /// A batch of one post.
    private func batch(
        _ reading: Reading, _ picture: PictureFeatures?
    ) throws(ShapeError) -> EvidenceBatch<Evaluator.Value> {
        let count = reading.mentions.count
        let width = reading.queries.count / count
        let queries = try evaluator.constant(rows: count, columns: width, reading.queries.span)
        let text = try evaluator.constant(
            rows: 1, columns: width / 2, reading.queries.span.extracting(width / 2..<width))
        let tokens = try picture.map { picture throws(ShapeError) in
            try evaluator.constant(rows: picture.rows, columns: picture.width, picture.tokens.span)
        }
        let alt =
            reading.altRows > 0
            ? try evaluator.constant(rows: reading.altRows, columns: width / 2, reading.alt.span) : nil
        return EvidenceBatch(
            queries: queries, kinds: reading.mentions.map { Int32($0.type) }, entities: [count], texts: text,
            tokens: tokens, isPictured: [picture != nil], alt: alt, altCounts: [reading.altRows])
    }
}
