import Glibc
import Geometry
package import Kernels

/// The second of two stages: given what was drawn for an entity and candidate boxes, tells of each candidate how probably
/// it is right, and the best one is the answer: entity-visual grounding as the two-stage methods do it that Yu et al. 2023
/// compare with.
///
/// Candidates are the box that regression drew, boxes that are the same in every picture, boxes that the patches at the
/// mask's peaks propose, and what outside tools saw. An entity with the first of these alone has nothing to choose from,
/// and keeps it. What is seen may tell whether the entity is there, too: ``CandidatePresence``.
package struct CandidateChoice: Sendable {
    /// Candidates of all entities, and what is thought of them.
    package struct Choice<Value> {
        /// The candidates.
        package let candidates: Candidates
        /// Logits of a candidate being right, `candidates × 1`.
        package let scores: Value
        /// Logits of being nowhere, `entities × 1`; `nil` where no candidate stands for that.
        package let nowhere: Value?
        /// What the candidates add to the logit of each entity's being there, `entities × 1`; `nil` where that is not asked.
        package let presence: Value?
        /// Position of each entity's best candidate.
        package let best: [Int]

        /// Logits of each entity being anywhere, by the share of the K+1-th candidate: `log Σ exp(score) − nowhere`; `nil`
        /// where no candidate stands for that, and for entities with nothing to choose from.
        func presenceByNowhere<C: Computation>(on computation: C) -> [Float?]? where C.Value == Value {
            guard let nowhere else { return nil }
            let (scores, away) = (computation.array(scores), computation.array(nowhere))
            return candidates.ranges.enumerated().map { entity, range in
                guard range.count > 1, let top = scores[range].max() else { return nil }
                return top + log(scores[range].reduce(0) { $0 + exp($1 - top) }) - away[entity]
            }
        }
    }

    /// The boxes that every picture has, and how many peaks propose one.
    package let configuration: CandidateConfiguration
    private let anchors: [RelativeBox]
    let grid: Int
    let entity: Linear
    let appearance: Linear
    let label: Linear?
    let hidden: Linear
    let score: Linear
    let attention: Attention?
    let nowhere: Linear?

    /// Looks at all candidates of an entity.
    struct Attention {
        let gaze: Linear
        let presence: Linear
    }

    /// Declares the part for states and patches of `width` columns, on a `grid × grid` of patches, and labels as wide as the
    /// text encoder's rows.
    package init(
        _ configuration: CandidateConfiguration, width: Int, textWidth: Int, grid: Int, in layout: inout ParameterLayout
    ) {
        self.configuration = configuration
        self.grid = grid
        anchors = configuration.boxes
        let units = configuration.units
        entity = layout.linear("entity", inputs: width, outputs: units)
        appearance = layout.linear("appearance", inputs: width, outputs: units)
        label = configuration.regions ? layout.linear("label", inputs: textWidth, outputs: units) : nil
        let sides = configuration.regions ? 5 : 3
        hidden = layout.linear("hidden", inputs: sides * units + CandidateMeasures.count, outputs: units)
        score = layout.linear("score", inputs: units, outputs: 1)
        attention =
            configuration.presence == .seen
            ? Attention(
                gaze: layout.linear("gaze", inputs: units, outputs: 1),
                presence: layout.linear("presence", inputs: units, outputs: 1)) : nil
        nowhere = configuration.presence == .nowhere ? layout.linear("nowhere", inputs: units, outputs: 1) : nil
    }

    /// What candidates are made of.
    package struct Sources<Value> {
        /// One row an entity, picture by picture.
        package var states: Value
        /// What was drawn for them.
        package var drawing: BoxHead.Drawing<Value>
        /// What each patch knows of its object, picture by picture.
        package var extents: Value
        /// Picture of each entity.
        package var pictureOfEntity: [Int]
        /// What outside tools saw, of the posts with a picture; `nil`: nothing.
        package var regions: RegionBatch<Value>?

        /// Sources by their parts.
        package init(
            states: Value, drawing: BoxHead.Drawing<Value>, extents: Value, pictureOfEntity: [Int],
            regions: RegionBatch<Value>? = nil
        ) {
            self.states = states
            self.drawing = drawing
            self.extents = extents
            self.pictureOfEntity = pictureOfEntity
            self.regions = regions
        }
    }

    /// Chooses; `nil` where no entity has anything to choose from.
    ///
    /// - Parameter propose: The box that a patch proposes, as four logits, from its row of ``Sources/extents``.
    package func choose<C: Computation>(
        _ sources: Sources<C.Value>, dropout: Float = 0, propose: (C.Value) throws(ShapeError) -> C.Value,
        on computation: C
    ) throws(ShapeError) -> Choice<C.Value>? {
        let candidates = try candidates(sources, propose: propose, on: computation)
        guard candidates.counts.contains(where: { $0 > 1 }) else { return nil }
        let owners = candidates.entities
        let asked = try computation.linear(
            computation.dropout(sources.states, rate: dropout), entity, .identity)
        let centres = zip(candidates.all, owners).map { candidate, owner in
            Int32(candidate.box.centrePatch(grid: grid) + sources.pictureOfEntity[Int(owner)] * grid * grid)
        }
        let looks = try computation.linear(
            computation.dropout(computation.gather(sources.extents, centres), rate: dropout), appearance, .identity)
        let names = try computation.gather(asked, owners)
        var known = [names, looks, try computation.multiply(names, looks)]
        if let called = try labels(of: candidates, sources.regions, on: computation) {
            known += [called, try computation.multiply(names, called)]
        }
        known.append(
            try CandidateMeasures(candidates, sources, grid: grid, on: computation).rows(on: computation))
        let inner = try computation.dropout(
            computation.linear(computation.concatenateColumns(known), hidden, .gelu), rate: dropout)
        let scores = try computation.linear(inner, score, .identity)
        let values = computation.array(scores)
        return Choice(
            candidates: candidates, scores: scores,
            nowhere: try nowhere.map { (layer) throws(ShapeError) in
                try computation.linear(asked, layer, .identity)
            },
            presence: try attention.map { (attention) throws(ShapeError) in
                try presence(inner, candidates, by: attention, on: computation)
            },
            best: candidates.ranges.map { range in
                range.max { values[$0] < values[$1] } ?? range.lowerBound
            })
    }

    /// What all candidates of each entity say of its being there; 0 for entities with nothing to choose from.
    private func presence<C: Computation>(
        _ known: C.Value, _ candidates: Candidates, by attention: Attention, on computation: C
    ) throws(ShapeError) -> C.Value {
        let groups = try candidates.groups()
        let shares = try computation.pairSoftmax(
            computation.linear(known, attention.gaze, .identity), groups, over: .keys)
        let said = try computation.linear(
            computation.pairSums(shares, known, groups), attention.presence, .identity)
        let zero = try computation.constant(rows: 1, columns: 1, [0].span)
        return try computation.gather(
            computation.concatenateRows([zero, said]),
            candidates.counts.enumerated().map { $1 > 1 ? Int32($0) + 1 : 0 })
    }

    /// All candidates.
    private func candidates<C: Computation>(
        _ sources: Sources<C.Value>, propose: (C.Value) throws(ShapeError) -> C.Value, on computation: C
    ) throws(ShapeError) -> Candidates {
        let proposed = try proposals(sources, propose: propose, on: computation)
        let drawn = sources.drawing.boxes(on: computation)
        let starts = (sources.regions?.regions ?? []).reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
        var candidates = Candidates()
        for (place, picture) in sources.pictureOfEntity.enumerated() {
            var boxes = [Candidates.Candidate(box: drawn[place], source: .drawn)]
            boxes += anchors.map { Candidates.Candidate(box: $0, source: .anchor) }
            boxes += proposed[place * configuration.peaks..<(place + 1) * configuration.peaks].map {
                Candidates.Candidate(box: $0, source: .peak)
            }
            if let regions = sources.regions, configuration.regions {
                boxes += zip(regions.regions[picture], regions.matches[place]).enumerated().map { number, seen in
                    Candidates.Candidate(
                        box: seen.0.box, source: .region, region: starts[picture] + number, match: seen.1)
                }
            }
            candidates.append(boxes)
        }
        return candidates
    }

    /// What patches at the peaks of each entity's mask propose.
    private func proposals<C: Computation>(
        _ sources: Sources<C.Value>, propose: (C.Value) throws(ShapeError) -> C.Value, on computation: C
    ) throws(ShapeError) -> [RelativeBox] {
        guard configuration.peaks > 0 else { return [] }
        let patches = grid * grid
        let logits = computation.array(sources.drawing.masks)
        let rows = sources.pictureOfEntity.enumerated().flatMap { place, picture in
            SaliencyPeaks.find(
                logits.span.extracting(place * patches..<(place + 1) * patches), grid: grid, configuration.peaks
            ).map { Int32($0 + picture * patches) }
        }
        return BoxHead.boxes(computation.array(try propose(computation.gather(sources.extents, rows))))
    }

    /// What each candidate is called; zeros where nobody says.
    private func labels<C: Computation>(
        of candidates: Candidates, _ regions: RegionBatch<C.Value>?, on computation: C
    ) throws(ShapeError) -> C.Value? {
        guard let label else { return nil }
        let none = try computation.constant(
            rows: 1, columns: label.weight.columns, [Float](repeating: 0, count: label.weight.columns).span)
        let read = try regions.map { (regions) throws(ShapeError) in
            try computation.concatenateRows([none, regions.labels])
        }
        return try computation.gather(
            computation.linear(read ?? none, label, .identity),
            candidates.all.map { Int32($0.region.map { $0 + 1 } ?? 0) })
    }
}
