package import Dispatch
package import Reporting
import Synchronization

/// Tells on standard error, now and then, how far a stream is: a terminal each second, a log every five.
package final class Progress: Sendable {
    private let timer: Mutex<(any DispatchSourceTimer)?>
    private let shown: ProgressLine
    private let line: @Sendable () -> String

    /// Starts telling `line`, from a serial queue.
    package init(_ style: ProgressStyle, on queue: DispatchQueue, line: @escaping @Sendable () -> String) {
        let shown = ProgressLine(style)
        self.shown = shown
        self.line = line
        timer = Mutex(
            style == .none ? nil : Self.timer(on: queue, seconds: style == .log ? 5 : 1) { shown.show(line()) })
    }

    private static func timer(
        on queue: DispatchQueue, seconds: Int, _ event: @escaping @Sendable () -> Void
    ) -> sending any DispatchSourceTimer {
        let timer = DispatchSource.makeTimerSource(queue: queue)
        timer.schedule(deadline: .now() + .seconds(seconds), repeating: .seconds(seconds))
        timer.setEventHandler(handler: event)
        timer.activate()
        return timer
    }

    /// Tells the last line, and no more. Does not wait for the queue, which somebody who does not read may hold up.
    package func finish() {
        timer.withLock { $0?.cancel() }
        shown.finish(line())
    }
}
