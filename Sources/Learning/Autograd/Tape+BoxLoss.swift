import Foundation
import Model
package import Kernels
package import Geometry

extension Tape {
    /// How far boxes are from where they should be: `w₁ · L1 + w₂ · (1 − GIoU)`, weighted and summed over the rows.
    ///
    /// A row's first four columns are logits of centre and size; L1 is taken between centre forms, as in DETR
    /// (Carion et al. 2020, section 3.1), GIoU (Rezatofighi et al. 2019) between corner forms.
    ///
    /// - Parameters:
    ///   - logits: four columns or more; the others are left alone.
    ///   - targets: one a row, with area.
    ///   - weights: one a row; 1 each when `nil`.
    package func boxLoss(
        _ logits: Value, _ targets: [RelativeBox], l1: Float = 5, giou: Float = 2, weights: [Float]? = nil
    ) throws(ShapeError) -> Value {
        try require(logits.columns >= 4, "boxLoss", "four columns or more", "\(logits.columns)")
        try require(targets.count == logits.rows, "boxLoss", "\(logits.rows) targets", "\(targets.count)")
        let weights = weights ?? Array(repeating: 1, count: logits.rows)
        try require(weights.count == logits.rows, "boxLoss", "\(logits.rows) weights", "\(weights.count)")
        let (out, block) = make(1, 1, needsGradient: needsGradient(logits))
        let source = value(logits)
        let slope = arena.zeros(logits.count)
        var total: Float = 0
        for (row, target) in targets.enumerated() {
            let first = row * logits.columns
            let centre = (0..<4).map { 1 / (1 + exp(-source[first + $0])) }
            let (loss, slopes) = Self.boxLoss(centre, target, l1: l1, giou: giou)
            total += weights[row] * loss
            for place in 0..<4 {
                slope[first + place] = weights[row] * slopes[place] * centre[place] * (1 - centre[place])
            }
        }
        block.fill(total)
        recordSlope(out, logits, slope)
        return out
    }

    /// The loss of one box in centre form, and its slope by each of the four numbers.
    private static func boxLoss(
        _ centre: [Float], _ target: RelativeBox, l1: Float, giou: Float
    ) -> (loss: Float, slopes: [Float]) {
        let wanted = [
            (target.x1 + target.x2) / 2, (target.y1 + target.y2) / 2, target.x2 - target.x1, target.y2 - target.y1,
        ]
        var loss = l1 * zip(centre, wanted).reduce(0) { $0 + abs($1.0 - $1.1) }
        var slopes = zip(centre, wanted).map { $0 > $1 ? l1 : -l1 }
        let box = [
            centre[0] - centre[2] / 2, centre[1] - centre[3] / 2, centre[0] + centre[2] / 2,
            centre[1] + centre[3] / 2,
        ]
        let (overlap, corners) = generalizedOverlap(box, [target.x1, target.y1, target.x2, target.y2])
        loss += giou * (1 - overlap)
        for axis in 0..<2 {
            slopes[axis] -= giou * (corners[axis] + corners[axis + 2])
            slopes[axis + 2] -= giou * (corners[axis + 2] - corners[axis]) / 2
        }
        return (loss, slopes)
    }

    /// GIoU of two boxes in corner form, `IoU − (|C| − |U|)/|C|`, and its slope by the first one's corners.
    private static func generalizedOverlap(_ a: [Float], _ b: [Float]) -> (value: Float, slopes: [Float]) {
        let epsilon: Float = 1e-7
        let inner = (0..<2).map { max(0, min(a[$0 + 2], b[$0 + 2]) - max(a[$0], b[$0])) }
        let outer = (0..<2).map { max(a[$0 + 2], b[$0 + 2]) - min(a[$0], b[$0]) }
        let size = (0..<2).map { a[$0 + 2] - a[$0] }
        let intersection = inner[0] * inner[1]
        let union = size[0] * size[1] + (b[2] - b[0]) * (b[3] - b[1]) - intersection + epsilon
        let hull = outer[0] * outer[1] + epsilon
        var slopes = [Float](repeating: 0, count: 4)
        for corner in 0..<4 {
            let (axis, other) = (corner % 2, 1 - corner % 2)
            let isHigh = corner >= 2
            let sign: Float = isHigh ? 1 : -1
            let bounds = isHigh ? a[corner] < b[corner] : a[corner] > b[corner]
            let stretches = isHigh ? a[corner] > b[corner] : a[corner] < b[corner]
            let dIntersection = bounds && inner[axis] > 0 ? sign * inner[other] : 0
            let dUnion = sign * size[other] - dIntersection
            let dHull = stretches ? sign * outer[other] : 0
            slopes[corner] =
                (dIntersection * union - intersection * dUnion) / (union * union)
                + (dUnion * hull - union * dHull) / (hull * hull)
        }
        return (intersection / union - (hull - union) / hull, slopes)
    }
}
