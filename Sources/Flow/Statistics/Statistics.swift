import Dispatch
import Synchronization
import Wire

/// What a stream has done so far, counted from all threads.
final class Statistics: Sendable {
    /// The counts.
    struct Tally: Sendable {
        /// Answers written, errors included.
        var posts = 0
        var triples = 0
        /// Lines with nothing in them.
        var emptyLines = 0
        /// Records without an answer, by code.
        var errors: [String: Int] = [:]
        /// Why the first record has no answer that has none.
        var firstFailure: String?
        /// Parts of posts that could not be used, by code.
        var warnings: [String: Int] = [:]
        /// Picture files whose decoding was begun.
        var decodes = 0
        /// Mentions that an outside model has corrected, by what of them.
        var corrections: [String: Int] = [:]
        /// Posts that an outside model was asked about, by how often they waited for it.
        var turns: [Int: Int] = [:]
        /// Questions that were asked early, and whose answers were of no use.
        var unusedQuestions = 0
        /// Failures that are ours and not a record's.
        var internalFaults = 0
        var parse = Clock()
        /// By `Stage.rawValue`.
        var stages = [Clock](repeating: Clock(), count: Stage.allCases.count)
        var write = Clock()
        /// Whether answers are being written, as they are for as long as nobody reads them.
        var isWriting = false
        /// When answers were last written, in nanoseconds since counting began.
        var lastWrite: UInt64 = 0
        /// From a post's admission until its answer is written.
        var latency = LatencyHistogram()

        /// Records without an answer.
        var failedRecords: Int { errors.values.reduce(0, +) }
    }

    /// Time spent in one step.
    struct Clock: Sendable {
        var posts = 0
        var runs = 0
        var nanoseconds: UInt64 = 0

        mutating func add(posts: Int, since start: UInt64) {
            self.posts += posts
            runs += 1
            nanoseconds += DispatchTime.now().uptimeNanoseconds - start
        }
    }

    /// When counting began, in nanoseconds of the monotonic clock.
    let start = DispatchTime.now().uptimeNanoseconds
    private let tally = Mutex(Tally())

    /// Counts something.
    func count(_ change: (inout Tally) -> Void) {
        tally.withLock { change(&$0) }
    }

    /// The counts as they are now.
    func snapshot() -> Tally { tally.withLock { $0 } }

    /// Nanoseconds since counting began.
    var elapsed: UInt64 { DispatchTime.now().uptimeNanoseconds - start }
}
