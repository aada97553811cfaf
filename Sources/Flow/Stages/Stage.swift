/// What happens to a post between parse and write.
///
/// The order of cases is the order of preference: later stages go first, so that the window drains.
enum Stage: Int, CaseIterable, Sendable {
    /// Turns what was found into the bytes of the answer.
    case format
    /// Asks an outside model about what was found. Only where there is one do posts come by.
    case consult
    /// Decides what can be seen, and where.
    case ground
    /// Encodes pictures.
    case see
    /// Tags texts.
    case read
    /// Loads a picture file and makes patches of it.
    case decode

    /// Whether a run may take several posts that wait: the encoders multiply taller matrices then.
    var takesBatches: Bool { self == .read || self == .see }
}
