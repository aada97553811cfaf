import Geometry
import Kernels
import Model
import Randomness

/// Each patch proposes the box of the smallest object that its centre lies in: L1 and GIoU, a mean over such patches.
struct PatchProposals: Objective {
    let head: BoxHead
    let grid: Int
    let posts: [EvidencePost]

    func term(
        _ forward: EvidenceForward, on tape: Tape, random: inout SeededGenerator
    ) throws(ShapeError) -> Tape.Value? {
        guard let drawn = forward.drawn else { return nil }
        var targets: [RelativeBox] = []
        var weights: [Float] = []
        for (example, shown) in zip(forward.scene.examples, forward.scene.shown) where shown.picture != nil {
            let found = objects(posts[example].objects(in: shown))
            let weight = 1 / Float(max(1, found.count { $0 != nil }))
            targets += found.map { $0 ?? .anywhere }
            weights += found.map { $0 == nil ? 0 : weight }
        }
        return try tape.boxLoss(head.proposals(drawn.extents, on: tape), targets, weights: weights)
    }

    /// The smallest object of each patch.
    private func objects(_ objects: [RelativeBox]) -> [RelativeBox?] {
        let smallestFirst = objects.sorted { $0.area < $1.area }
        return (0..<grid * grid).map { place in
            let x = (Float(place % grid) + 0.5) / Float(grid)
            let y = (Float(place / grid) + 0.5) / Float(grid)
            return smallestFirst.first { $0.x1 < x && x < $0.x2 && $0.y1 < y && y < $0.y2 }
        }
    }
}
