package import Kernels
import Text

/// Evidence reader, visibility gate and box head: what decides of a tagged entity whether the picture shows it, and
/// where.
package struct GroundingHeads: Sendable {
    /// Looks for evidence.
    package let reader: EvidenceReader
    /// Decides.
    package let gate: VisibilityGate
    /// Knows the text alone; `nil`: so does the gate.
    package let prior: VisibilityPrior?
    /// Draws; `nil`: boxes are told from heat maps.
    package let box: BoxHead?
    /// Chooses among what was drawn and other candidates; `nil`: what was drawn is the answer.
    package let choice: CandidateChoice?
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
        let masked = configuration.heat == nil ? picture.grid * picture.grid : nil
        gate = layout.at("gate") { VisibilityGate(width: width, patches: masked, in: &$0) }
        prior = configuration.prior.map { units in
            layout.at("prior") {
                VisibilityPrior(queryWidth: 2 * textWidth, typeCount: typeCount, width: units, in: &$0)
            }
        }
        box =
            configuration.heat == nil
            ? layout.at("box") { BoxHead(width: width, grid: picture.grid, in: &$0) } : nil
        // A file of its own, as it may be trained apart, on top of heads that stay as they are.
        let file = layout.file
        layout.file = Self.choiceFile
        defer { layout.file = file }
        choice = configuration.candidates.map { candidates in
            layout.at("choice") {
                CandidateChoice(candidates, width: width, textWidth: textWidth, grid: picture.grid, in: &$0)
            }
        }
    }

    /// Declares the heads of a method that may have them, in a file of their own, as they are trained apart.
    package init?(_ configuration: EvidenceConfiguration?, _ shapes: ModelShapes, in layout: inout ParameterLayout) {
        guard let configuration, let picture = shapes.picture else { return nil }
        let file = layout.file
        layout.file = "heads.safetensors"
        defer { layout.file = file }
        self.init(
            configuration, textWidth: shapes.text.width, picture: picture, typeCount: shapes.typeCount,
            in: &layout)
    }

    /// The weight file of ``choice``.
    private static let choiceFile = "choice.safetensors"

    /// Patches of a picture; the rest of its tokens stand for the whole.
    package var patches: Int { grid * grid }
    /// Patches in a row of it, and in a column.
    package let grid: Int

    /// Tells boxes from where the gate's match comes from; `nil`: they are drawn. Made when it is asked for, as it is as large as
    /// what it looks at.
    private var locator: GradCAM? {
        reader.configuration.heat.map { GradCAM($0, reader: reader, gate: gate, grid: grid) }
    }

    /// Reads, decides and draws.
    ///
    /// - Parameter choiceDropout: rate of dropout in ``choice``, where it is learned apart.
    package func ground<C: Computation>(
        _ batch: EvidenceBatch<C.Value>, dropout: Float = 0, choiceDropout: Float? = nil, on computation: C
    ) throws(ShapeError) -> GroundingResult<C.Value> {
        let tokens = try batch.tokens.map { tokens throws(ShapeError) in
            try reader.see(pictures: tokens, dropout: dropout, on: computation)
        }
        let alt = try batch.alt.map { words throws(ShapeError) in
            try reader.see(words: words, dropout: dropout, on: computation)
        }
        let evidence = try reader.gather(
            pictures: tokens, isPictured: batch.isPictured, words: alt, wordCounts: batch.altCounts, on: computation)
        var steps: [EvidenceReader.Step<C.Value>] = []
        let states = try reader.read(
            EvidenceReader.Rows(batch.queries, lengths: batch.entities), kinds: batch.kinds, evidence: evidence,
            dropout: dropout, on: computation
        ) { steps.append($0) }
        let posts = Posts(batch, places: reader.places, patches: patches)
        let drawn = try tokens.flatMap { (tokens) throws(ShapeError) in
            try draw(
                computation.gather(states, posts.picturedEntities), tokens, posts, dropout: dropout, on: computation)
        }
        let chosen = try drawn.flatMap { (drawn) throws(ShapeError) in
            try choose(drawn, posts, batch.regions, dropout: choiceDropout ?? dropout, on: computation)
        }
        let texts = try reader.see(words: batch.texts, on: computation)
        let pictureSummaries = try summaries(tokens, posts.pictureRanges, on: computation)
        let altSummaries = try summaries(alt, posts.altRanges, on: computation)
        let known = try known(
            states,
            matches: (
                computation.gather(computation.multiply(texts, pictureSummaries), posts.postOfEntity),
                computation.gather(computation.multiply(texts, altSummaries), posts.postOfEntity)
            ), drawn?.drawing, posts, on: computation)
        let judged = try gate.logits(known, dropout: dropout, on: computation)
        let terms = try terms(judged, batch, posts, dropout: dropout, on: computation)
        let (visible, differing) = try add(chosen, to: judged, terms, posts, on: computation)
        return GroundingResult(
            visible: visible, terms: differing, pictured: posts.picturedEntities, drawing: drawn?.drawing,
            choice: chosen, steps: steps,
            located: locator.map {
                ($0, GradCAM.Pass(steps, known, batch.entities, evidence.lengths, posts.picturedEntities))
            },
            extents: drawn?.extents,
            summaries: tokens == nil
                ? nil
                : (
                    try computation.gather(pictureSummaries, posts.picturedPosts),
                    try computation.gather(texts, posts.picturedPosts)
                ))
    }

    /// What the gate is told: all that there is, where boxes are drawn. Where they are told from its attention, nothing of a picture
    /// but what attention took, as what it knows from elsewhere would say nothing of where.
    private func known<C: Computation>(
        _ states: C.Value, matches: (picture: C.Value, alt: C.Value), _ drawing: BoxHead.Drawing<C.Value>?,
        _ posts: Posts, on computation: C
    ) throws(ShapeError) -> C.Value {
        guard box != nil else { return try gate.known(states, altMatch: matches.alt, on: computation) }
        return try gate.known(
            states, pictureMatch: matches.picture, altMatch: matches.alt, masks: masks(drawing, posts, on: computation),
            on: computation)
    }

    /// What is drawn, and what of.
    private struct Drawn<Value> {
        let states: Value
        let extents: Value
        let drawing: BoxHead.Drawing<Value>
    }

    private func draw<C: Computation>(
        _ states: C.Value, _ tokens: C.Value, _ posts: Posts, dropout: Float, on computation: C
    ) throws(ShapeError) -> Drawn<C.Value>? {
        guard let box else { return nil }
        let rows = try computation.gather(tokens, posts.patchRows)
        let extents = try box.extents(rows, on: computation)
        return Drawn(
            states: states, extents: extents,
            drawing: try box.draw(
                states, patches: rows, extents: extents, entities: posts.entitiesOfPictures, dropout: dropout,
                on: computation))
    }

    private func choose<C: Computation>(
        _ drawn: Drawn<C.Value>, _ posts: Posts, _ regions: RegionBatch<C.Value>?, dropout: Float, on computation: C
    ) throws(ShapeError) -> CandidateChoice.Choice<C.Value>? {
        guard let choice, let box else { return nil }
        let sources = CandidateChoice.Sources(
            states: drawn.states, drawing: drawn.drawing, extents: drawn.extents,
            pictureOfEntity: posts.pictureOfEntity, regions: regions)
        return try choice.choose(
            sources, dropout: dropout,
            propose: { (rows) throws(ShapeError) in try box.proposals(rows, on: computation) }, on: computation)
    }

    /// The gate's logits, in one and in terms, with what the candidates add.
    private func add<C: Computation>(
        _ chosen: CandidateChoice.Choice<C.Value>?, to judged: C.Value, _ terms: GateTerms<C.Value>?, _ posts: Posts,
        on computation: C
    ) throws(ShapeError) -> (visible: C.Value, terms: GateTerms<C.Value>?) {
        var visible = judged
        if let terms { visible = try computation.add(terms.prior, terms.difference) }
        guard let chosen, let added = try presence(chosen, visible, posts, on: computation) else {
            return (visible, terms)
        }
        visible = try computation.add(visible, added)
        guard let terms else { return (visible, nil) }
        return (visible, GateTerms(prior: terms.prior, difference: try computation.add(terms.difference, added)))
    }

    /// What candidates add to each entity's logit of being visible, one row an entity of the batch; `nil` where the gate alone
    /// tells.
    ///
    /// Where one candidate stands for being nowhere, its probability is the gate's rival, and the two have equal say: the
    /// logit becomes the mean of both.
    private func presence<C: Computation>(
        _ choice: CandidateChoice.Choice<C.Value>, _ visible: C.Value, _ posts: Posts, on computation: C
    ) throws(ShapeError) -> C.Value? {
        var added = choice.presence
        if let said = choice.presenceByNowhere(on: computation) {
            let gate = computation.array(visible)
            let halves = zip(said, posts.picturedEntities).map { said, entity in
                said.map { ($0 - gate[Int(entity)]) / 2 } ?? 0
            }
            added = try computation.constant(rows: halves.count, columns: 1, halves.span)
        }
        guard let added else { return nil }
        let zero = try computation.constant(rows: 1, columns: 1, [0].span)
        return try computation.gather(computation.concatenateRows([zero, added]), posts.maskOfEntity)
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
    /// Row of each entity among those, counted from 1; 0 where its post has no picture.
    var maskOfEntity: [Int32] = []
    /// Picture of each entity whose post has one.
    var pictureOfEntity: [Int] { entitiesOfPictures.enumerated().flatMap { repeatElement($0, count: $1) } }
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
