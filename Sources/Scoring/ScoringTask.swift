/// What has to be right about an entity for it to count: the subtasks of the field (Yu et al. 2023).
///
/// All of them demand that start and end are equal.
package enum ScoringTask: String, Sendable, CaseIterable {
    /// Nothing else.
    case span
    /// The type.
    case mner
    /// The fine type.
    case fineMNER = "fine-mner"
    /// The region.
    case eeg
    /// Type and region.
    case gmner
    /// Fine type and region.
    case fmnerg
    /// Type and region, the region being a mask.
    case smner

    /// As papers write it.
    package var title: String {
        switch self {
        case .span: "span"
        case .mner: "MNER"
        case .fineMNER: "fine MNER"
        case .eeg: "EEG"
        case .gmner: "GMNER"
        case .fmnerg: "FMNERG"
        case .smner: "SMNER"
        }
    }

    /// Whether boxes are compared.
    var usesBoxes: Bool { self == .eeg || self == .gmner || self == .fmnerg }
    /// Whether types are compared, so that scores by type have a meaning.
    var usesTypes: Bool { self != .span && self != .eeg }
    /// Whether fine types are compared.
    var usesFineTypes: Bool { self == .fineMNER || self == .fmnerg }
}

/// When a region counts as hit.
package struct RegionRule: Sendable, Equatable {
    /// Intersection over union that has to be passed.
    package var threshold: Double
    /// Whether reaching the threshold is enough, as in much published code; the papers say that it is not.
    package var inclusive: Bool

    /// By default the rule of the papers: above one half.
    package init(threshold: Double = 0.5, inclusive: Bool = false) {
        self.threshold = threshold
        self.inclusive = inclusive
    }

    /// Whether an overlap is a hit.
    package func accepts(_ overlap: Double) -> Bool { inclusive ? overlap >= threshold : overlap > threshold }
}
