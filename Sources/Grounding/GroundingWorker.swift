public import Kernels

/// Runs a ``Grounder`` on one thread at a time; not shared between threads that run at the same moment.
public final class GroundingWorker {
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
    public func read(_ posts: [PostText]) throws(ShapeError) -> [Reading] {
        try reader.read(posts)
    }

    /// Encodes several pictures in one go: one row a patch, `3·patch²` normalised values a row, as `Images` makes them
    /// for ``Grounder/imageSize``.
    ///
    /// - Throws: ``Kernels/ShapeError`` for a picture of another size.
    public func see(_ pictures: [[Float]]) throws(ShapeError) -> [PictureFeatures] {
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

    /// Decides for each entity of a reading whether it can be seen, and where. `picture` is `nil` where there is none.
    public func ground(
        _ reading: Reading, picture: PictureFeatures?, explain: Bool = false
    ) throws(ShapeError) -> [GroundedEntity] {
        guard let heads = grounder.reading.network.heads, !reading.entities.isEmpty else {
            return reading.entities.map { GroundedEntity(entity: $0, visible: nil, box: nil, explanation: nil) }
        }
        evaluator.reset()
        let count = reading.entities.count
        let queries = try evaluator.constant(
            rows: count, columns: reading.queries.count / count, reading.queries.span)
        let evidence = try self.evidence(reading, picture, heads.reader)
        let states = try heads.reader.read(
            queries, kinds: reading.entities.map { Int32($0.typeIndex) }, evidence: evidence,
            queryLengths: [count], evidenceLengths: [evidence?.rows ?? 0], on: evaluator)
        let gate = evaluator.array(try heads.gate.logits(states, on: evaluator))
        let boxes = evaluator.array(try heads.box.logits(states, on: evaluator))
        let temperature = heads.reader.configuration.temperature
        return reading.entities.enumerated().map { index, entity in
            let visible = logistic(gate[index] / temperature)
            let drawn = BoxHead.box(boxes.span.extracting(5 * index..<5 * index + 5))
            let answers = picture != nil && BoxHead.pays(visible: visible, trust: drawn.trust)
            return GroundedEntity(
                entity: entity, visible: visible, box: answers ? drawn.box : nil, explanation: nil)
        }
    }

    private func evidence(
        _ reading: Reading, _ picture: PictureFeatures?, _ reader: EvidenceReader
    ) throws(ShapeError) -> Evaluator.Value? {
        var parts: [Evaluator.Value] = []
        if let picture {
            let tokens = try evaluator.constant(
                rows: picture.rows, columns: picture.width, picture.tokens.span)
            parts.append(try reader.see(picture: tokens, on: evaluator))
        }
        if reading.altRows > 0 {
            let words = try evaluator.constant(
                rows: reading.altRows, columns: reading.alt.count / reading.altRows, reading.alt.span)
            parts.append(try reader.see(alt: words, on: evaluator))
        }
        return parts.count > 1 ? try evaluator.concatenateRows(parts) : parts.first
    }
}
