import SystemPackage

/// How progress is shown on stderr.
package enum ProgressStyle: Sendable {
    /// Not at all.
    case none
    /// One line that is written over again, for terminals.
    case rewritten
    /// A new line every half minute, for log files.
    case lines
}

/// A line on stderr that says how far a run is: rate, loss, time left.
struct ProgressLine {
    private let style: ProgressStyle
    private let total: Int
    private var startedAt = ContinuousClock.now
    private var shownAt: ContinuousClock.Instant?
    private var doneBefore = 0
    private var isOpen = false

    /// - Parameter total: examples of the whole run.
    init(_ style: ProgressStyle, total: Int) {
        self.style = style
        self.total = total
    }

    /// Starts the clock; `done` examples came before (a resumed run).
    mutating func start(done: Int) {
        startedAt = .now
        doneBefore = done
    }

    /// Examples a second since the start.
    func rate(done: Int) -> Double {
        let seconds = startedAt.duration(to: .now) / .seconds(1)
        return seconds > 0 ? Double(done - doneBefore) / seconds : 0
    }

    /// Shows a state, unless one was shown a moment ago.
    mutating func show(done: Int, epoch: Int, loss: Double) {
        if style == .none { return }
        let now = ContinuousClock.now
        let pause: Duration = style == .lines ? .seconds(30) : .milliseconds(200)
        if let shownAt, shownAt.duration(to: now) < pause { return }
        shownAt = now
        let rate = rate(done: done)
        let left = rate > 0 ? Self.clock(Double(total - done) / rate) : "?"
        let text =
            "epoch \(epoch + 1)  \(done)/\(total)  loss \(Self.short(loss, 4))  \(Self.short(rate, 1)) examples/s  "
            + "\(left) left"
        Self.write(style == .rewritten ? "\r\u{1b}[K\(text)" : "\(text)\n")
        isOpen = style == .rewritten
    }

    /// Writes a line of its own.
    mutating func note(_ text: String) {
        if style == .none { return }
        Self.write(isOpen ? "\r\u{1b}[K\(text)\n" : "\(text)\n")
        isOpen = false
    }

    /// Ends an open line.
    mutating func finish() {
        if isOpen { Self.write("\n") }
        isOpen = false
    }

    private static func write(_ text: String) {
        // Progress that cannot be shown is no reason to stop.
        _ = try? FileDescriptor.standardError.writeAll(Array(text.utf8))
    }

    /// Hours, minutes and seconds.
    private static func clock(_ seconds: Double) -> String {
        let whole = Int(seconds)
        let minutes = whole / 60 % 60
        let tail = "\(minutes < 10 ? "0" : "")\(minutes):\(whole % 60 < 10 ? "0" : "")\(whole % 60)"
        return whole >= 3600 ? "\(whole / 3600):\(tail)" : tail
    }

    /// A number with so many digits behind the point.
    static func short(_ value: Double, _ digits: Int) -> String {
        guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
        var power = 1
        for _ in 0..<digits { power *= 10 }
        let scaled = Int((value * Double(power)).rounded())
        let fraction = String(abs(scaled) % power)
        return "\(scaled < 0 ? "-" : "")\(abs(scaled) / power)."
            + String(repeating: "0", count: digits - fraction.count) + fraction
    }
}
