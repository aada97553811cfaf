/// Says when to give up. Decoding asks it between rows and between parts of scans, every few milliseconds at the most, on
/// the thread that decodes.
package struct Deadline: Sendable {
    /// Whether to give up now. Once it said so, it should keep saying so.
    package var hasPassed: Bool { condition() }
    private let condition: @Sendable () -> Bool

    /// A deadline that has passed when `hasPassed` says so: a flag that a signal sets, say.
    package init(_ hasPassed: @escaping @Sendable () -> Bool) { condition = hasPassed }

    /// Never gives up.
    package static let never = Deadline { false }

    /// Gives up at a moment.
    package static func at(_ moment: ContinuousClock.Instant) -> Deadline {
        Deadline { ContinuousClock.now >= moment }
    }

    /// The earlier of two.
    package func or(_ other: Deadline) -> Deadline { Deadline { self.hasPassed || other.hasPassed } }
}
