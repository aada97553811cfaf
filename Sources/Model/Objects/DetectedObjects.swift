import Geometry

/// Makes objects of what a detector says: what scores enough, each once (Liu et al. 2016, section 2.2, "non-maximum
/// suppression").
struct DetectedObjects {
    /// A box that is known by another one of the same class that overlaps it more than this.
    private static let sameOverlap: Float = 0.6
    /// The most of one class that are compared, and that are given in all.
    private static let most = 100

    private struct Found {
        let label: Int
        let score: Float
        let box: RelativeBox
    }

    private let configuration: ObjectDetectorConfiguration
    private var found: [Found] = []

    init(_ configuration: ObjectDetectorConfiguration) {
        self.configuration = configuration
    }

    /// Takes what is said of a map: for each place offsets and logits of its boxes.
    mutating func take(map: Int, side: Int, offsets: [Float], scores: [Float]) {
        let sizes = PriorBoxes.sizes(ofMap: map)
        let labels = configuration.labels.count
        let least = configuration.leastScore
        for box in 0..<offsets.count / 4 {
            var placed: RelativeBox?
            for label in 0..<labels {
                let score = logistic(scores[box * labels + label])
                guard score >= least else { continue }
                let at =
                    placed
                    ?? PriorBoxes.box(
                        sizes[box % sizes.count], place: box / sizes.count, side: side,
                        offsets: offsets[box * 4..<box * 4 + 4])
                placed = at
                found.append(Found(label: label, score: score, box: at))
            }
        }
    }

    /// The objects, the surest first, cut at the picture's edges.
    var regions: [SeenRegion] {
        var kept: [Found] = []
        for (_, ofClass) in Dictionary(grouping: found, by: \.label) {
            var chosen: [Found] = []
            for one in ofClass.sorted(by: Self.isBefore).prefix(Self.most)
            where !chosen.contains(where: { $0.box.overlap(one.box) > Self.sameOverlap }) {
                chosen.append(one)
            }
            kept += chosen
        }
        return kept.sorted(by: Self.isBefore).prefix(Self.most).compactMap { one in
            let box = RelativeBox(
                x1: max(0, one.box.x1), y1: max(0, one.box.y1), x2: min(1, one.box.x2), y2: min(1, one.box.y2))
            guard box.x1 < box.x2, box.y1 < box.y2 else { return nil }
            return SeenRegion(box: box, label: configuration.labels[one.label], score: one.score)
        }
    }

    /// The surer first; of two that are as sure one that lies before the other, so that the same picture gives the same list.
    private static func isBefore(_ one: Found, _ other: Found) -> Bool {
        (-one.score, one.label, one.box.y1, one.box.x1) < (-other.score, other.label, other.box.y1, other.box.x1)
    }
}
