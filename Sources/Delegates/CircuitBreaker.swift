/// Leaves an outside model alone that fails time and again (Nygard, Release It!, 2007): for a while nothing is asked; then
/// one question is tried, and its fate decides. Each time that fails, the while is twice as long.
struct CircuitBreaker: Sendable {
    /// Whether something may be asked.
    enum State: Sendable, Equatable {
        case closed
        /// Nothing before this moment.
        case open(until: UInt64)
        /// One question is on its way.
        case trying
    }

    /// Failures in a row that open it.
    let failures: Int
    /// Nanoseconds for which it stays open at first.
    let pause: UInt64
    /// The most nanoseconds for which it stays open.
    let longestPause: UInt64

    private(set) var state = State.closed
    private var failed = 0
    private var openings = 0

    init(failures: Int, pause: UInt64, longestPause: UInt64) {
        (self.failures, self.pause, self.longestPause) = (failures, pause, longestPause)
    }

    /// Whether a question may go out now. The first that may after a pause is the one that is tried.
    mutating func admits(now: UInt64) -> Bool {
        switch state {
        case .closed: return true
        case .trying: return false
        case .open(let until):
            guard now >= until else { return false }
            state = .trying
            return true
        }
    }

    /// Whether ``admits(now:)`` would say yes.
    func mightAdmit(now: UInt64) -> Bool {
        switch state {
        case .closed: true
        case .trying: false
        case .open(let until): now >= until
        }
    }

    /// A question was answered.
    mutating func succeeded() {
        (state, failed, openings) = (.closed, 0, 0)
    }

    /// A question failed; returns whether that opened it.
    mutating func fail(now: UInt64) -> Bool {
        failed += 1
        if case .open = state { return false }
        guard state == .trying || failed >= failures else { return false }
        trip(now: now)
        return true
    }

    /// Opens it, or keeps it open for longer.
    mutating func trip(now: UInt64) {
        let longer = pause << UInt64(min(openings, 16))
        state = .open(until: now &+ min(longer, longestPause))
        openings += 1
        failed = 0
    }
}
