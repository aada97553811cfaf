import Glibc
import Synchronization
package import SystemPackage

/// Whether, and in which form, a program tells on standard error how far it is.
package enum ProgressStyle: Sendable {
    /// Not at all.
    case none
    /// One line that is written over again, for terminals.
    case terminal
    /// A line of its own each time, for log files.
    case log

    /// The shortest time between two states of a job that are shown.
    fileprivate var pause: Duration { self == .log ? .seconds(30) : .milliseconds(200) }
}

/// The line on standard error that says how far a job is.
///
/// Nothing here ever waits: what cannot be told at once, because nobody empties the pipe or the terminal is held, is
/// not told. Progress that nobody looks at is no reason to stop, least of all at the end.
package final class ProgressLine: Sendable {
    private struct State {
        /// Whether the cursor stands in a line that has no end yet.
        var isOpen = false
        var isFinished = false
        /// When ``ProgressLine/showNowAndThen(_:)`` did last.
        var shownAt: ContinuousClock.Instant?
    }

    private let style: ProgressStyle
    private let descriptor: FileDescriptor
    private let state = Mutex(State())

    /// A line of this style; `descriptor` is where it is shown.
    package init(_ style: ProgressStyle, on descriptor: FileDescriptor = .standardError) {
        self.style = style
        self.descriptor = descriptor
    }

    /// Shows how far it is now, in place of what was shown before.
    package func show(_ text: String) {
        tell { state in
            let wasOpen = state.isOpen
            state.isOpen = style == .terminal
            let text = VisibleText.line(text)
            return state.isOpen ? overwriting(text) : (wasOpen ? "\n" : "") + text + "\n"
        }
    }

    /// The same, unless that was done a moment ago; then `text` is not asked for.
    package func showNowAndThen(_ text: () -> String) {
        if style == .none { return }
        let isDue = state.withLock { state in
            let now = ContinuousClock.now
            if let shownAt = state.shownAt, shownAt.duration(to: now) < style.pause { return false }
            state.shownAt = now
            return true
        }
        if isDue { show(text()) }
    }

    /// Says something that is to stay, on a line of its own.
    package func note(_ text: String) {
        tell { state in
            defer { state.isOpen = false }
            let text = VisibleText.line(text)
            return (state.isOpen ? overwriting(text) : text) + "\n"
        }
    }

    /// Ends the line, after it has shown `text`; nothing is told from then on.
    package func finish(_ text: String? = nil) {
        tell { state in
            defer { state = State(isFinished: true) }
            if let text = text.map(VisibleText.line) {
                return (style == .terminal ? overwriting(text) : text) + "\n"
            }
            return state.isOpen ? "\n" : ""
        }
    }

    /// `\e[K` clears what a longer line left behind.
    private func overwriting(_ text: String) -> String { "\r\(text)\u{1B}[K" }

    private func tell(_ text: (inout State) -> String) {
        if style == .none { return }
        state.withLock { state in
            if !state.isFinished { offer(Array(text(&state).utf8)) }
        }
    }

    /// Writes as much as there is room for at once.
    ///
    /// A pipe that poll(2) calls writable takes `PIPE_BUF` bytes without a wait. The descriptor is not made
    /// non-blocking instead, since it is shared with whoever started the program.
    private func offer(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            var polled = pollfd(fd: descriptor.rawValue, events: Int16(POLLOUT), revents: 0)
            guard unsafe poll(&polled, 1, 0) == 1, polled.revents & Int16(POLLOUT) != 0,
                let count = try? descriptor.write(rest.prefix(Int(PIPE_BUF)))
            else { return }
            rest = rest.dropFirst(count)
        }
    }
}

extension FileDescriptor {
    /// The corresponding C function is `write`, called once.
    fileprivate func write(_ bytes: ArraySlice<UInt8>) throws -> Int {
        try unsafe bytes.withUnsafeBytes { try unsafe write($0) }
    }
}
