package import Dispatch
import SystemPackage
import Synchronization

/// Tells on standard error, now and then, how far a stream is.
package final class Progress: Sendable {
    /// How lines are told.
    package enum Style: Sendable {
        /// One line of a terminal, written over again each second.
        case terminal
        /// A line of its own every five seconds, for logs.
        case log
    }

    private let timer: Mutex<any DispatchSourceTimer>
    private let queue: DispatchQueue
    private let style: Style
    private let line: @Sendable () -> String

    /// Starts telling `line`, from a serial queue.
    package init(_ style: Style, on queue: DispatchQueue, line: @escaping @Sendable () -> String) {
        self.queue = queue
        self.style = style
        self.line = line
        let timer = DispatchSource.makeTimerSource(queue: queue)
        let seconds = style == .terminal ? 1 : 5
        timer.schedule(deadline: .now() + .seconds(seconds), repeating: .seconds(seconds))
        timer.setEventHandler { Self.tell(line(), style, last: false) }
        timer.activate()
        self.timer = Mutex(timer)
    }

    /// Tells the last line, and no more.
    package func finish() {
        queue.sync {
            timer.withLock { $0.cancel() }
            Self.tell(line(), style, last: true)
        }
    }

    private static func tell(_ line: String, _ style: Style, last: Bool) {
        // \e[K clears what a longer line left behind.
        let text = style == .terminal ? "\r\(line)\u{1B}[K" + (last ? "\n" : "") : line + "\n"
        // Nobody may be there to read it, and that is no reason to stop.
        _ = try? FileDescriptor.standardError.writeAll(text.utf8)
    }
}
