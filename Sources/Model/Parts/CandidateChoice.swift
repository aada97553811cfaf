package import Kernels
package import Geometry

/// The second of two stages: given an entity's mask and candidate boxes, tells of each candidate how probably it is
/// right, and the best one is the answer: entity-visual grounding as the two-stage methods do it that Yu et al. 2023
/// compare with.
///
/// Candidates are boxes that are the same in every picture, boxes that the patches at the mask's peaks propose, and the
/// box that regression drew; no detector is asked.
package struct CandidateChoice: Sendable {
    /// Candidates of all entities, and what is thought of them.
    package struct Choice<Value> {
        /// Candidates, entity by entity, as many for each.
        package let candidates: [RelativeBox]
        /// Logits of a candidate being right, `candidates × 1`.
        package let scores: Value
        /// Position of each entity's best candidate.
        package let best: [Int]
    }

    /// The boxes that every picture has, and how many peaks propose one.
    package let configuration: CandidateConfiguration
    private let anchors: [RelativeBox]
    let grid: Int
    let hidden: Linear
    let score: Linear

    /// Declares the part for states and patches of `width` columns, on a `grid × grid` of patches.
    package init(_ configuration: CandidateConfiguration, width: Int, grid: Int, in layout: inout ParameterLayout) {
        self.configuration = configuration
        anchors = configuration.boxes
        self.grid = grid
        hidden = layout.linear("hidden", inputs: 2 * width + Self.measures, outputs: width)
        score = layout.linear("score", inputs: width, outputs: 1)
    }

    /// Columns that tell of a candidate's place and of the mask in it: four of the box, one for whether it comes from the
    /// picture, and the mask's mean in the box, in all, and the share of all that lies in the box.
    private static let measures = 4 + 1 + 3

    /// Candidates of each entity.
    package var perEntity: Int { anchors.count + configuration.peaks + 1 }

    /// What candidates are made of.
    package struct Sources<Value> {
        /// One row an entity, picture by picture.
        package let states: Value
        /// Logits of the patches, `entities × patches`.
        package let masks: Value
        /// Four logits of a box for each entity.
        package let regressed: Value
        /// What each patch knows of its object, picture by picture.
        package let extents: Value
        /// Picture of each entity.
        package let pictureOfEntity: [Int]

        /// Sources by their parts.
        package init(states: Value, masks: Value, regressed: Value, extents: Value, pictureOfEntity: [Int]) {
            self.states = states
            self.masks = masks
            self.regressed = regressed
            self.extents = extents
            self.pictureOfEntity = pictureOfEntity
        }
    }

    /// Chooses.
    ///
    /// - Parameter propose: The box that a patch proposes, as four logits, from its row of ``Sources/extents``.
    package func choose<C: Computation>(
        _ sources: Sources<C.Value>, propose: (C.Value) throws(ShapeError) -> C.Value, on computation: C
    ) throws(ShapeError) -> Choice<C.Value> {
        let (masks, extents, pictureOfEntity) = (sources.masks, sources.extents, sources.pictureOfEntity)
        let (patches, entities) = (grid * grid, pictureOfEntity.count)
        let logits = computation.array(masks)
        let peaks = (0..<entities).map {
            SaliencyPeaks.find(
                logits.span.extracting($0 * patches..<($0 + 1) * patches), grid: grid, configuration.peaks)
        }
        let peakRows = zip(peaks, pictureOfEntity).flatMap { peaks, picture in
            peaks.map { Int32($0 + picture * patches) }
        }
        let proposed = BoxHead.boxes(computation.array(try propose(computation.gather(extents, peakRows))))
        let drawn = BoxHead.boxes(computation.array(sources.regressed))
        var candidates: [RelativeBox] = []
        for entity in 0..<entities {
            candidates += anchors
            candidates += proposed[entity * configuration.peaks..<(entity + 1) * configuration.peaks]
            candidates.append(drawn[entity])
        }
        let entityOfCandidate = candidates.indices.map { Int32($0 / perEntity) }
        let centres = zip(candidates, entityOfCandidate).map { box, entity in
            Int32(box.centrePatch(grid: grid) + pictureOfEntity[Int(entity)] * patches)
        }
        let known = try computation.concatenateColumns([
            computation.gather(sources.states, entityOfCandidate), computation.gather(extents, centres),
            places(candidates, on: computation),
            coverages(candidates, masks, entityOfCandidate: entityOfCandidate, on: computation),
        ])
        let scores = try computation.linear(computation.linear(known, hidden, .gelu), score, .identity)
        let values = computation.array(scores)
        let best = (0..<entities).map { entity in
            (entity * perEntity..<(entity + 1) * perEntity).max { values[$0] < values[$1] } ?? 0
        }
        return Choice(candidates: candidates, scores: scores, best: best)
    }

    /// Centre, size and origin of each candidate.
    private func places<C: Computation>(
        _ candidates: [RelativeBox], on computation: C
    ) throws(ShapeError) -> C.Value {
        let rows: [Float] = candidates.enumerated().flatMap { (index, box) -> [Float] in
            let centre = [(box.x1 + box.x2) / 2, (box.y1 + box.y2) / 2]
            return centre + [box.x2 - box.x1, box.y2 - box.y1, index % perEntity < anchors.count ? 0 : 1]
        }
        return try computation.constant(rows: candidates.count, columns: 5, rows.span)
    }

    /// How the mask of each candidate's entity lies in the candidate.
    private func coverages<C: Computation>(
        _ candidates: [RelativeBox], _ masks: C.Value, entityOfCandidate: [Int32], on computation: C
    ) throws(ShapeError) -> C.Value {
        let patches = grid * grid
        var shares: [Float] = []
        shares.reserveCapacity(candidates.count * patches)
        var means: [Float] = []
        means.reserveCapacity(candidates.count * patches)
        for box in candidates {
            let coverage = box.coverage(grid: grid)
            let total = max(coverage.reduce(0, +), 1e-3)
            shares += coverage.map { $0 / Float(grid) }
            means += coverage.map { $0 / total }
        }
        let marked = try computation.apply(.sigmoid, masks)
        func sums(_ weights: [Float], perEntity: Int) throws(ShapeError) -> C.Value {
            try computation.products(
                computation.constant(rows: perEntity * masks.rows, columns: patches, weights.span), marked,
                queryLengths: [Int](repeating: perEntity, count: masks.rows), keysPerGroup: 1, scale: 1)
        }
        let all = try sums([Float](repeating: 1 / Float(grid), count: masks.rows * patches), perEntity: 1)
        return try computation.concatenateColumns([
            sums(means, perEntity: perEntity), sums(shares, perEntity: perEntity),
            computation.gather(all, entityOfCandidate),
        ])
    }
}

/// Where a mask is highest.
package enum SaliencyPeaks {
    /// Patches that are higher than all patches around them, highest first; then the highest others, until there are
    /// `count`.
    ///
    /// - Parameter mask: `grid × grid` numbers, row by row.
    package static func find(_ mask: Span<Float>, grid: Int, _ count: Int) -> [Int] {
        var order: [(isPeak: Bool, value: Float, place: Int)] = []
        for place in 0..<grid * grid {
            let (row, column) = (place / grid, place % grid)
            var isPeak = true
            for y in max(0, row - 1)...min(grid - 1, row + 1) {
                for x in max(0, column - 1)...min(grid - 1, column + 1) where y * grid + x != place {
                    isPeak = isPeak && mask[place] > mask[y * grid + x]
                }
            }
            order.append((isPeak, mask[place], place))
        }
        order.sort { left, right in
            left.isPeak != right.isPeak
                ? left.isPeak : left.value != right.value ? left.value > right.value : left.place < right.place
        }
        return (0..<count).map { order[min($0, order.count - 1)].place }
    }
}
