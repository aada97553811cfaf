import Reporting

/// How far a training run is: examples done, rate, loss, time left.
struct TrainingProgress {
    private let line: ProgressLine
    private let total: Int
    private var startedAt = ContinuousClock.now
    private var doneBefore = 0

    /// - Parameter total: examples of the whole run.
    init(_ style: ProgressStyle, total: Int) {
        line = ProgressLine(style)
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
    func show(done: Int, epoch: Int, loss: Double) {
        line.showNowAndThen {
            let rate = rate(done: done)
            let left = rate > 0 ? Self.clock(Double(total - done) / rate) : "?"
            return "epoch \(epoch + 1)  \(done)/\(total)  loss \(Self.short(loss, 4))  "
                + "\(Self.short(rate, 1)) examples/s  \(left) left"
        }
    }

    /// Writes a line of its own.
    func note(_ text: String) { line.note(text) }

    /// Ends an open line.
    func finish() { line.finish() }

    /// Hours, minutes and seconds.
    private static func clock(_ seconds: Double) -> String {
        let whole = Int(min(max(seconds, 0), 1e9))
        let minutes = whole / 60 % 60
        let tail = "\(minutes < 10 ? "0" : "")\(minutes):\(whole % 60 < 10 ? "0" : "")\(whole % 60)"
        return whole >= 3600 ? "\(whole / 3600):\(tail)" : tail
    }

    /// A number with so many digits behind the point.
    static func short(_ value: Double, _ digits: Int) -> String {
        var power = 1
        for _ in 0..<digits { power *= 10 }
        guard value.isFinite, abs(value) < 1e15 / Double(power) else { return "\(value)" }
        let scaled = Int((value * Double(power)).rounded())
        let fraction = String(abs(scaled) % power)
        return "\(scaled < 0 ? "-" : "")\(abs(scaled) / power)."
            + String(repeating: "0", count: digits - fraction.count) + fraction
    }
}
