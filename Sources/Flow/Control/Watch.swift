package import Dispatch
import Files
import Synchronization
package import SystemPackage

/// Looks after a stream every few seconds: writes its metrics, and says where it stands still.
package final class Watch: Sendable {
    /// Seconds between two looks.
    private static let seconds = 2

    /// What there is to see of a stream.
    package struct Look: Sendable {
        /// Metrics, as text.
        var metrics: String
        /// Answers written so far.
        var posts: Int
        /// Posts between input and output.
        var alive: Int
        /// Whether the output takes nothing at the moment: that is for whoever reads it to know.
        var isWriting: Bool
    }

    private struct State {
        var standstill = Standstill()
        var failed = false
    }

    private let turn: @Sendable () -> Void
    private let timer: Mutex<any DispatchSourceTimer>

    /// Looks every few seconds from a serial queue, writes metrics to a file if one is named, and tells what is to be told;
    /// `tell` must not wait.
    package init(
        metrics: FilePath?, on queue: DispatchQueue, look: @escaping @Sendable () -> Look,
        tell: @escaping @Sendable (String) -> Void
    ) {
        let state = Mutex(State())
        let turn: @Sendable () -> Void = { state.withLock { Self.turn(&$0, look(), metrics, tell) } }
        self.turn = turn
        timer = Mutex(Self.timer(on: queue, turn))
    }

    private static func timer(
        on queue: DispatchQueue, _ event: @escaping @Sendable () -> Void
    ) -> sending any DispatchSourceTimer {
        let timer = DispatchSource.makeTimerSource(queue: queue)
        timer.schedule(deadline: .now(), repeating: .seconds(seconds))
        timer.setEventHandler(handler: event)
        timer.activate()
        return timer
    }

    /// Looks for the last time.
    package func finish() {
        timer.withLock { $0.cancel() }
        turn()
    }

    private static func turn(
        _ state: inout State, _ now: Look, _ metrics: FilePath?, _ tell: (String) -> Void
    ) {
        if let message = state.standstill.message(now, at: .now) { tell(message) }
        guard let metrics else { return }
        do throws(FileError) {
            try AtomicFile.write(Array(now.metrics.utf8), to: metrics)
        } catch {
            // Once: the next try may fare better, and the stream is not to blame.
            if !state.failed { tell("\(error)") }
            state.failed = true
        }
    }
}

/// Notices that a stream works and gives nothing.
struct Standstill {
    /// Time without an answer that is worth a word: no post may take that long.
    static let worthAWord = Duration.seconds(30)

    private var posts = 0
    private var since: ContinuousClock.Instant?
    private var told = false

    /// What is to be said of a stream that looks like this now: once for each standstill.
    mutating func message(_ look: Watch.Look, at now: ContinuousClock.Instant) -> String? {
        guard look.alive > 0, !look.isWriting, look.posts == posts, let since else {
            (posts, since, told) = (look.posts, now, false)
            return nil
        }
        guard now - since >= Self.worthAWord, !told else { return nil }
        told = true
        return "no answer for \((now - since).components.seconds) s, while \(look.alive) posts are worked on"
    }
}
