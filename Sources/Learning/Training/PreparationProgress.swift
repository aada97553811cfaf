import Reporting
import Synchronization

/// How far a run is in what comes before its first step, where that takes a while: pictures to be encoded, teachers to be
/// asked.
final class PreparationProgress: Sendable {
    private struct State {
        var done = 0
        var shownAt: ContinuousClock.Instant?
    }

    private let line: ProgressLine
    private let pause: Duration
    private let name: String
    private let total: Int
    private let state = Mutex(State())

    /// - Parameters:
    ///   - name: what there are so many of.
    ///   - total: how many.
    init(_ style: ProgressStyle, _ name: String, total: Int) {
        line = ProgressLine(style)
        pause = style.pause
        (self.name, self.total) = (name, total)
    }

    /// Counts what was done, and shows it, unless that was shown a moment ago.
    func add(_ count: Int) {
        let done = state.withLock { state -> Int? in
            state.done += count
            let now = ContinuousClock.now
            if let shownAt = state.shownAt, shownAt.duration(to: now) < pause { return nil }
            state.shownAt = now
            return state.done
        }
        if let done { line.show("\(name)  \(done)/\(total)") }
    }

    /// Ends an open line.
    func finish() { line.finish() }
}
