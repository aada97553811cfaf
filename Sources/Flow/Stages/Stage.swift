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

    /// Whether a run may take several posts that wait: the encoders multiply taller matrices then.
    var takesBatches: Bool { self == .read || self == .see }
}
