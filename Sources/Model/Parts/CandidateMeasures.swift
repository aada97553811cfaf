import Geometry
import Kernels

/// What can be counted of candidates: columns of numbers, one row a candidate. Nothing is learned through them.
struct CandidateMeasures {
    /// Centre, size and root of the area; where it comes from; how sure the tool was; overlap with what was drawn, and
    /// how far that was trusted, for itself; how far the name is written there or in a region inside of it; whether anything is
    /// written there; and the mask: its mean in the box, its mass there, and in all.
    static let count = 5 + Candidates.Source.allCases.count + 1 + 2 + 3 + 3

    private let candidates: Candidates
    private let masks: [Float]
    private let trust: [Float]
    private let written: [Bool]
    private let scores: [Float]
    private let patches: Int
    private let grid: Int

    init<C: Computation>(
        _ candidates: Candidates, _ sources: CandidateChoice.Sources<C.Value>, grid: Int, on computation: C
    ) {
        self.candidates = candidates
        self.grid = grid
        patches = grid * grid
        masks = computation.array(sources.drawing.masks).map(logistic)
        trust = computation.array(sources.drawing.trust)
        let regions = sources.regions?.regions.flatMap(\.self) ?? []
        written = regions.map { $0.text?.isEmpty == false }
        scores = regions.map { $0.score ?? 0 }
    }

    /// The columns.
    func rows<C: Computation>(on computation: C) throws(ShapeError) -> C.Value {
        var rows: [Float] = []
        rows.reserveCapacity(candidates.all.count * Self.count)
        for (entity, range) in candidates.ranges.enumerated() {
            let mask = masks[entity * patches..<(entity + 1) * patches]
            let mass = mask.reduce(0, +)
            let drawn = candidates.all[range].first { $0.source == .drawn }?.box
            for candidate in candidates.all[range] {
                let box = candidate.box
                rows += [
                    box.centre, (box.y1 + box.y2) / 2, box.x2 - box.x1, box.y2 - box.y1, box.area.squareRoot(),
                ]
                rows += Candidates.Source.allCases.map { $0 == candidate.source ? 1 : 0 }
                rows.append(candidate.region.map { scores[$0] } ?? 0)
                rows += [
                    drawn.map(box.overlap) ?? 0, candidate.source == .drawn ? Self.bounded(trust[entity]) : 0,
                ]
                rows += [
                    candidate.match,
                    candidates.all[range].reduce(0) { best, other in
                        other.match > best && box.holds(other.box) ? other.match : best
                    }, candidate.region.map { written[$0] ? 1 : 0 } ?? 0,
                ]
                rows += Self.coverage(of: box, mask, mass: mass, grid: grid)
            }
        }
        return try computation.constant(rows: candidates.all.count, columns: Self.count, rows.span)
    }

    /// A logit that cannot drown other columns.
    private static func bounded(_ logit: Float) -> Float { max(-5, min(5, logit)) }

    /// How a mask lies in a box: its mean there, the share of it that is there, and the share of the picture that it is.
    private static func coverage(
        of box: RelativeBox, _ mask: ArraySlice<Float>, mass: Float, grid: Int
    ) -> [Float] {
        let coverage = box.coverage(grid: grid)
        var inside: Float = 0
        for (share, value) in zip(coverage, mask) { inside += share * value }
        return [
            inside / max(coverage.reduce(0, +), 1e-3), inside / max(mass, 1e-3), mass / Float(grid * grid),
        ]
    }
}

extension RelativeBox {
    /// Whether most of another box lies in this one.
    func holds(_ other: RelativeBox) -> Bool {
        let width = min(x2, other.x2) - max(x1, other.x1)
        let height = min(y2, other.y2) - max(y1, other.y1)
        return width > 0 && height > 0 && width * height > 0.8 * other.area
    }
}
