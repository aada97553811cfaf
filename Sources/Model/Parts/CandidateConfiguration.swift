package import Geometry

/// What tells, where there are candidates, whether an entity is there at all.
package enum CandidatePresence: String, Codable, Sendable, CaseIterable {
    /// The gate, as without them.
    case gate
    /// The gate, and a term of its logit that looks at all candidates (region-entity attention).
    case seen
    /// The gate, and one more candidate, which stands for being nowhere: the K+1-th region of UnCo, and of H-Index before it.
    case nowhere
}

/// What the second stage of grounding chooses from, beside the box that regression drew.
package struct CandidateConfiguration: Codable, Sendable, Equatable {
    /// Boxes that are candidates in every picture: corners `[x1, y1, x2, y2]` in 0…1.
    package var anchors: [[Float]]
    /// Peaks of the mask whose patches propose a box.
    package var peaks: Int
    /// Columns of what is known of entities, of candidates, and of the two together.
    package var units: Int
    /// Whether what outside tools saw in the picture is among the candidates.
    package var regions: Bool
    /// What tells whether the entity is there at all.
    package var presence: CandidatePresence
    /// Makes a probability of the gate's logit where there was something to choose from, fitted on dev.
    package var visible: Calibration
    /// Makes a probability of the chosen candidate's logit, fitted on dev.
    package var trust: Calibration

    /// Candidates by number and place, and uncalibrated probabilities.
    package init(
        anchors: [RelativeBox] = [], peaks: Int = 0, units: Int = 64, regions: Bool = false,
        presence: CandidatePresence = .gate
    ) {
        self.anchors = anchors.map { [$0.x1, $0.y1, $0.x2, $0.y2] }
        self.peaks = peaks
        self.units = units
        self.regions = regions
        self.presence = presence
        visible = Calibration()
        trust = Calibration()
    }

    /// The same as boxes.
    var boxes: [RelativeBox] { anchors.map { RelativeBox(x1: $0[0], y1: $0[1], x2: $0[2], y2: $0[3]) } }

    func validate(types: Int? = nil) throws(ModelError) {
        func isBox(_ anchor: [Float]) -> Bool {
            anchor.count == 4 && anchor.allSatisfy { (0...1).contains($0) } && anchor[0] <= anchor[2]
                && anchor[1] <= anchor[3]
        }
        try ModelError.require(
            "evidence",
            [
                ("candidates.peaks", peaks, SizeLimits.peaks), ("candidates.units", units, SizeLimits.candidateUnits),
                ("number of candidates.anchors", anchors.count, SizeLimits.anchors),
            ])
        guard anchors.allSatisfy(isBox) else {
            throw ModelError(.invalid, "evidence: candidates.anchors are no boxes in 0...1")
        }
        for calibration in [visible, trust] { try calibration.validate(types: types) }
    }
}
