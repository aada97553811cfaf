import Foundation

/// Waiting.
enum Pause {
    /// Lets time pass.
    static func sleep(_ time: Duration) { usleep(UInt32(max(0, time.seconds * 1e6))) }

    /// Waits until something is so, at most so long; whether it is.
    static func until(within limit: Duration, _ condition: () -> Bool) -> Bool {
        let deadline = ContinuousClock.now + limit
        while !condition() {
            if ContinuousClock.now >= deadline { return false }
            usleep(1_000)
        }
        return true
    }
}
