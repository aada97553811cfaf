/// The time that a program takes on a machine where it is alone: the time that passes without what it waits for a
/// processor, but at least what it uses of them.
struct OwnTime {
    private let running: Running
    private let start = ContinuousClock.now
    private let before: (used: Duration, awaited: Duration)

    /// Begins to measure.
    init(_ running: Running) {
        self.running = running
        before = running.processorTime()
    }

    /// How long it is since.
    var elapsed: Duration {
        let passed = ContinuousClock.now - start
        let now = running.processorTime()
        return min(passed, max(now.used - before.used, passed - (now.awaited - before.awaited)))
    }
}
