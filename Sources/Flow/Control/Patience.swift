import Descriptors
import Dispatch
import Images
import Synchronization

/// How long the work on one post may take.
///
/// What counts is work, not waiting: a post is not to blame for its neighbours. What has been found when the time is over is
/// the answer.
final class Patience: Sendable {
    /// Nanoseconds that remain for a picture after someone has asked for the end of the stream.
    private static let farewell: UInt64 = 100_000_000

    /// Nanoseconds of a post.
    private let timeout: UInt64
    /// When someone asked for the end, in nanoseconds of the monotonic clock.
    private let asked = Atomic<UInt64>(.max)

    init(timeout: Duration) {
        self.timeout = timeout.nanoseconds
    }

    /// Someone asks for the end of the stream: no picture is waited for much longer.
    func hurry() {
        _ = asked.compareExchange(expected: .max, desired: now, ordering: .relaxed)
    }

    /// The end of the time that is left for a post's text.
    func reading(_ journey: Journey) -> Deadline {
        let end = end(of: journey)
        return Deadline { DispatchTime.now().uptimeNanoseconds >= end }
    }

    /// The end of the time that is left for its picture.
    func decoding(_ journey: Journey) -> Deadline {
        reading(journey).or(
            Deadline {
                let asked = self.asked.load(ordering: .relaxed)
                return asked != .max && self.now >= asked + Self.farewell
            })
    }

    private func end(of journey: Journey) -> UInt64 { now + (timeout - min(timeout, journey.spent)) }

    private var now: UInt64 { DispatchTime.now().uptimeNanoseconds }
}
