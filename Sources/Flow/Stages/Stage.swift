/// What happens to a post between parse and format.
///
/// The order of cases is the order of preference: later stages go first, so that the window drains.
enum Stage: Int, CaseIterable, Sendable {
    /// Decides what can be seen, draws boxes, and formats the answer.
    case ground
    /// Encodes pictures.
    case see
    /// Tags texts.
    case read
    /// Loads a picture file and makes patches of it.
    case decode

    /// The lanes on which a stage runs.
    var crew: Crew {
        switch self {
        case .ground, .see, .read: .compute
        case .decode: .decode
        }
    }

    /// Whether a run may take several posts that wait: the encoders multiply taller matrices then.
    var takesBatches: Bool { self == .read || self == .see }
}

/// A set of lanes, each of which does one thing at a time.
enum Crew: Int, CaseIterable, Sendable {
    /// Runs the model; one lane a job.
    case compute
    /// Reads and decodes pictures: waits for disks, so it has a width of its own.
    case decode

    /// The stages that its lanes serve, most preferred first.
    var stages: [Stage] { self == .compute ? [.ground, .see, .read] : [.decode] }
}
