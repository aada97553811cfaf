package import Geometry

/// What the second stage of a box head chooses from.
package struct CandidateConfiguration: Codable, Sendable, Equatable {
    /// Boxes that are candidates in every picture: corners `[x1, y1, x2, y2]` in 0…1.
    package var anchors: [[Float]]
    /// Peaks of the mask whose patches propose a box.
    package var peaks: Int

    /// Candidates by number and place.
    package init(anchors: [RelativeBox], peaks: Int) {
        self.anchors = anchors.map { [$0.x1, $0.y1, $0.x2, $0.y2] }
        self.peaks = peaks
    }

    /// The same as boxes.
    var boxes: [RelativeBox] { anchors.map { RelativeBox(x1: $0[0], y1: $0[1], x2: $0[2], y2: $0[3]) } }

    func validate() throws(ModelError) {
        func isBox(_ anchor: [Float]) -> Bool {
            anchor.count == 4 && anchor.allSatisfy { (0...1).contains($0) } && anchor[0] <= anchor[2]
                && anchor[1] <= anchor[3]
        }
        try ModelError.require(
            "evidence",
            [
                ("candidates.peaks", peaks, SizeLimits.peaks),
                ("number of candidates.anchors", anchors.count, SizeLimits.anchors),
            ])
        guard anchors.allSatisfy(isBox) else {
            throw ModelError(.invalid, "evidence: candidates.anchors are no boxes in 0...1")
        }
    }
}
