package import Kernels
import Text

/// Posts with entities, as the heads read them: matrices of one batch.
package struct EvidenceBatch<Value> {
    /// One row an entity, post by post: the mean of its words, then that of all words of the text.
    package var queries: Value
    /// Index of each entity's type.
    package var kinds: [Int32]
    /// Entities of each post.
    package var entities: [Int]
    /// One row a post: the mean of all words of its text.
    package var texts: Value
    /// Tokens of the pictures, in the order of the posts that have one.
    package var tokens: Value?
    /// Whether each post has a picture.
    package var isPictured: [Bool]
    /// Words of the alternative texts, post by post.
    package var alt: Value?
    /// Words of each post's alternative text.
    package var altCounts: [Int]

    /// A batch by its matrices.
    package init(
        queries: Value, kinds: [Int32], entities: [Int], texts: Value, tokens: Value?, isPictured: [Bool],
        alt: Value?, altCounts: [Int]
    ) {
        self.queries = queries
        self.kinds = kinds
        self.entities = entities
        self.texts = texts
        self.tokens = tokens
        self.isPictured = isPictured
        self.alt = alt
        self.altCounts = altCounts
    }
}

/// What the heads make of a batch.
package struct GroundingResult<Value> {
    /// Logits of being visible, `entities × 1`.
    package let visible: Value
    /// The same in two terms; `nil` for heads that judge in one.
    package let terms: GateTerms<Value>?
    /// Positions of the entities whose posts have a picture.
    package let pictured: [Int32]
    /// What was drawn for these; `nil` where no post has a picture.
    package let drawing: BoxHead.Drawing<Value>?
    /// What each patch of each picture knows of its object's box, `pictures · patches × width`.
    package let extents: Value?
    /// One row a picture, and one for each of their posts' texts, in their common space.
    package let summaries: (pictures: Value, texts: Value)?
}

/// The gate's logit in two terms, `entities × 1` each.
package struct GateTerms<Value> {
    /// What the text alone says.
    package let prior: Value
    /// What is added by what the post shows; 0 where it shows nothing.
    package let difference: Value
}

/// Evidence reader, visibility gate and box head: what decides of a tagged entity whether the picture shows it, and
/// where.
package struct GroundingHeads: Sendable {
    /// Looks for evidence.
    package let reader: EvidenceReader
    /// Decides.
    package let gate: VisibilityGate
    /// Knows the text alone; `nil`: so does the gate.
    package let prior: VisibilityPrior?
    /// Draws.
    package let box: BoxHead
    private let summaryNorm: LayerNorm

    /// Declares the heads of a model.
    ///
    /// - Parameters:
    ///   - textWidth: Columns of a word's row.
    ///   - picture: Shape of the patch encoder.
    package init(
        _ configuration: EvidenceConfiguration, textWidth: Int, picture: PatchEncoderConfiguration, typeCount: Int,
        in layout: inout ParameterLayout
    ) {
        let width = configuration.width
        grid = picture.grid
        reader = layout.at("evidence") {
            EvidenceReader(
                configuration, queryWidth: 2 * textWidth, textWidth: textWidth, pictureWidth: picture.width,
                places: picture.tokens, typeCount: typeCount, in: &$0)
        }
        summaryNorm = layout.layerNorm("evidence.summary_norm", width: width, epsilon: EvidenceReader.epsilon)
        gate = layout.at("gate") { VisibilityGate(width: width, patches: picture.grid * picture.grid, in: &$0) }
        prior = configuration.prior.map { units in
            layout.at("prior") {
                VisibilityPrior(queryWidth: 2 * textWidth, typeCount: typeCount, width: units, in: &$0)
            }
        }
        box = layout.at("box") {
            BoxHead(width: width, grid: picture.grid, candidates: configuration.candidates, in: &$0)
        }
    }

    /// Declares the heads of a method that may have them, in a file of their own, as they are trained apart.
    package init?(_ configuration: EvidenceConfiguration?, _ shapes: ModelShapes, in layout: inout ParameterLayout) {
        guard let configuration, let picture = shapes.picture else { return nil }
        let file = layout.file
        layout.file = "heads.safetensors"
        defer { layout.file = file }
        self.init(
            configuration, textWidth: shapes.text.width, picture: picture, typeCount: shapes.tags.inventory.count,
            in: &layout)
    }

    /// Patches of a picture; the rest of its tokens stand for the whole.
    package var patches: Int { grid * grid }
    /// Patches in a row of it, and in a column.
    package let grid: Int

    /// Reads, decides and draws.
    ///
    /// - Parameter inspect: Called with the evidence's lengths, then with queries, and keys and values, of each of the
    ///   reader's layers.
    package func ground<C: Computation>(
        _ batch: EvidenceBatch<C.Value>, dropout: Float = 0, on computation: C,
        inspect: (C.Value, C.Value) -> Void = { _, _ in }
    ) throws(ShapeError) -> GroundingResult<C.Value> {
        let tokens = try batch.tokens.map { tokens throws(ShapeError) in
            try reader.see(pictures: tokens, dropout: dropout, on: computation)
        }
        let alt = try batch.alt.map { words throws(ShapeError) in
            try reader.see(words: words, dropout: dropout, on: computation)
        }
        let evidence = try reader.gather(
            pictures: tokens, isPictured: batch.isPictured, words: alt, wordCounts: batch.altCounts, on: computation)
        let states = try reader.read(
            EvidenceReader.Rows(batch.queries, lengths: batch.entities), kinds: batch.kinds, evidence: evidence,
            dropout: dropout, on: computation, inspect: inspect)

        let posts = Posts(batch, places: reader.places, patches: patches)
        var extents: C.Value?
        var drawing: BoxHead.Drawing<C.Value>?
        if let tokens {
            let rows = try computation.gather(tokens, posts.patchRows)
            let known = try box.extents(rows, on: computation)
            extents = known
            drawing = try box.draw(
                computation.gather(states, posts.picturedEntities), patches: rows, extents: known,
                entities: posts.entitiesOfPictures, dropout: dropout, on: computation)
        }
        let texts = try reader.see(words: batch.texts, on: computation)
        let pictureSummaries = try summaries(tokens, posts.pictureRanges, on: computation)
        let altSummaries = try summaries(alt, posts.altRanges, on: computation)
        let judged = try gate.logits(
            states,
            pictureMatch: computation.gather(computation.multiply(texts, pictureSummaries), posts.postOfEntity),
            altMatch: computation.gather(computation.multiply(texts, altSummaries), posts.postOfEntity),
            masks: masks(drawing, posts, on: computation), dropout: dropout, on: computation)
        let terms = try terms(judged, batch, posts, dropout: dropout, on: computation)
        return GroundingResult(
            visible: try terms.map { (terms) throws(ShapeError) in
                try computation.add(terms.prior, terms.difference)
            } ?? judged,
            terms: terms, pictured: posts.picturedEntities, drawing: drawing, extents: extents,
            summaries: tokens == nil
                ? nil
                : (
                    try computation.gather(pictureSummaries, posts.picturedPosts),
                    try computation.gather(texts, posts.picturedPosts)
                ))
    }

    /// What the gate judged as a difference to what the text says, where anything is shown.
    private func terms<C: Computation>(
        _ judged: C.Value, _ batch: EvidenceBatch<C.Value>, _ posts: Posts, dropout: Float, on computation: C
    ) throws(ShapeError) -> GateTerms<C.Value>? {
        guard let prior else { return nil }
        let zero = try computation.constant(rows: 1, columns: 1, [0].span)
        let rows = posts.postOfEntity.enumerated().map { entity, post in
            batch.isPictured[Int(post)] || batch.altCounts[Int(post)] > 0 ? Int32(entity) + 1 : 0
        }
        return GateTerms(
            prior: try prior.logits(batch.queries, kinds: batch.kinds, dropout: dropout, on: computation),
            difference: try computation.gather(computation.concatenateRows([zero, judged]), rows))
    }

    /// One row a post: the mean of its evidence of one kind.
    private func summaries<C: Computation>(
        _ rows: C.Value?, _ ranges: [Range<Int>], on computation: C
    ) throws(ShapeError) -> C.Value {
        let width = reader.configuration.width
        guard let rows else {
            let zeros = [Float](repeating: 0, count: ranges.count * width)
            return try computation.constant(rows: ranges.count, columns: width, zeros.span)
        }
        return try computation.normalize(computation.mean(rows, over: ranges), summaryNorm)
    }

    /// One row an entity: its mask, or zeros.
    private func masks<C: Computation>(
        _ drawing: BoxHead.Drawing<C.Value>?, _ posts: Posts, on computation: C
    ) throws(ShapeError) -> C.Value {
        let zeros = [Float](repeating: 0, count: patches)
        let empty = try computation.constant(rows: 1, columns: patches, zeros.span)
        guard let drawing else {
            return try computation.gather(empty, posts.postOfEntity.map { _ in 0 })
        }
        let drawn = try computation.apply(.sigmoid, drawing.masks)
        return try computation.gather(
            computation.concatenateRows([empty, drawn]), posts.maskOfEntity)
    }
}

/// Which rows of a batch belong to which post, entity and picture.
private struct Posts {
    /// Post of each entity.
    var postOfEntity: [Int32] = []
    /// Entities whose posts have a picture.
    var picturedEntities: [Int32] = []
    /// Posts that have a picture.
    var picturedPosts: [Int32] = []
    /// Entities of each of them.
    var entitiesOfPictures: [Int] = []
    /// Row of each entity among the masks, counted from 1; 0 for none.
    var maskOfEntity: [Int32] = []
    /// Rows of each post's picture among all tokens.
    var pictureRanges: [Range<Int>] = []
    /// Rows of each post's alternative text.
    var altRanges: [Range<Int>] = []
    /// Rows of the patches among all tokens.
    var patchRows: [Int32] = []

    init<Value>(_ batch: EvidenceBatch<Value>, places: Int, patches: Int) {
        var (picture, word) = (0, 0)
        for post in batch.entities.indices {
            let first = Int32(postOfEntity.count)
            let count = batch.entities[post]
            postOfEntity += repeatElement(Int32(post), count: count)
            altRanges.append(word..<word + batch.altCounts[post])
            word += batch.altCounts[post]
            guard batch.isPictured[post] else {
                maskOfEntity += repeatElement(0, count: count)
                pictureRanges.append(0..<0)
                continue
            }
            picturedPosts.append(Int32(post))
            entitiesOfPictures.append(count)
            for entity in 0..<count {
                picturedEntities.append(first + Int32(entity))
                maskOfEntity.append(Int32(picturedEntities.count))
            }
            let rows = picture * places..<(picture + 1) * places
            pictureRanges.append(rows)
            patchRows += rows.suffix(patches).map(Int32.init)
            picture += 1
        }
    }
}
