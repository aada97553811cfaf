import Reporting
import Synchronization

/// How far a run is in what comes before its first step, where that takes a while: pictures to be encoded, teachers to be
/// asked.
final class PreparationProgress: Sendable {
    private let line: ProgressLine
    private let name: String
    private let total: Int
    private let done = Atomic(0)

    /// - Parameters:
    ///   - name: what there are so many of.
    ///   - total: how many.
    init(_ style: ProgressStyle, _ name: String, total: Int) {
        line = ProgressLine(style)
        (self.name, self.total) = (name, total)
    }

    /// Counts what was done, and shows it, unless that was shown a moment ago.
    func add(_ count: Int) {
        let done = done.add(count, ordering: .relaxed).newValue
        line.showNowAndThen { "\(name)  \(done)/\(total)" }
    }

    /// Ends an open line.
    func finish() { line.finish() }
}
