import Model
import Geometry

/// Boxes that are candidates in every picture.
enum AnchorBoxes {
    /// Most boxes that take part; more of them say nothing new.
    private static let most = 2000

    /// Of these boxes, those that cover most of all (overlap above one half), each next one most of what is left: the
    /// greedy answer to maximum coverage, within 1 − 1/e of the best (Nemhauser et al. 1978). Fewer than `count` where
    /// fewer cover everything.
    static func covering(_ boxes: [RelativeBox], count: Int) -> [RelativeBox] {
        let step = max(1, (boxes.count + most - 1) / most)
        let boxes = stride(from: 0, to: boxes.count, by: step).map { boxes[$0] }
        var covered = boxes.map { box in boxes.indices.filter { boxes[$0].overlap(box) > 0.5 } }
        var isLeft = [Bool](repeating: true, count: boxes.count)
        var anchors: [RelativeBox] = []
        while anchors.count < count {
            for place in covered.indices { covered[place].removeAll { !isLeft[$0] } }
            guard let best = covered.indices.max(by: { covered[$0].count < covered[$1].count }), !covered[best].isEmpty
            else { break }
            anchors.append(boxes[best])
            for box in covered[best] { isLeft[box] = false }
        }
        return anchors
    }
}
