import Descriptors
import Dispatch
import Glibc
import Synchronization
package import SystemPackage

/// A program that answers, spoken to in lines of JSON: the lock around a ``DelegateStateMachine``, and the thread that reads and
/// writes.
///
/// Whatever the program does (sleeps, dies, lies, floods, writes half a line, reads nothing), each question is over by its
/// deadline, and nobody waits but this thread.
package final class DelegateProgram: Delegate {
    /// The longest line that it may write: room for the pixels of a large picture.
    static let maxLineBytes = 4 << 20

    private struct Asked {
        let request: DelegateRequest
        let put: @Sendable (DelegateOutcome) -> Void
    }

    private struct State {
        var machine: DelegateStateMachine
        var asked: [Int: Asked] = [:]
        var counts = DelegateCounts()
        var isClosed = false
    }

    private let command: String
    private let tell: @Sendable (String) -> Void
    private let state: Mutex<State>
    private let wake: WakePipe
    private let done = DispatchGroup()

    /// Prepares a program; it is started with the first question.
    ///
    /// - Parameters:
    ///   - command: A command line for `/bin/sh`.
    ///   - tell: Gets what people should know of the program, one sentence at a time.
    package init(
        _ command: String, limits: DelegateLimits, tell: @escaping @Sendable (String) -> Void
    ) throws(Errno) {
        self.command = command
        self.tell = tell
        state = Mutex(State(machine: DelegateStateMachine(limits)))
        wake = try WakePipe()
        DispatchQueue(label: "gmner.delegate").async(group: done) { [self] in run() }
    }

    package func ask(_ requests: [DelegateRequest], then: @escaping @Sendable ([DelegateOutcome]) -> Void) {
        guard !requests.isEmpty else { return then([]) }
        let gathering = Gathering(requests.count, then: then)
        for (place, request) in requests.enumerated() {
            let refusal = state.withLock { state -> DelegateFailure? in
                state.counts.asked += 1
                do throws(DelegateFailure) {
                    if state.isClosed { throw .closed }
                    let id = try state.machine.ask(now: Self.now)
                    state.asked[id] = Asked(request: request) { gathering.put($0, at: place) }
                    return nil
                } catch {
                    state.counts.failures[error.rawValue, default: 0] += 1
                    return error
                }
            }
            if let refusal { gathering.put(.failure(refusal), at: place) }
        }
        wake.wake()
    }

    package func hurry() {
        state.withLock { $0.machine.hurry(until: Self.now + 1_000_000_000) }
        wake.wake()
    }

    package func close() {
        state.withLock { state in
            state.isClosed = true
            // Nobody waits for what is still open.
            state.machine.hurry(until: Self.now)
        }
        wake.wake()
        done.wait()
        wake.close()
    }

    package var counts: DelegateCounts { state.withLock(\.counts) }

    // MARK: The thread

    private func run() {
        // A program that went away is noticed by what write(2) says.
        var set = sigset_t()
        unsafe sigemptyset(&set)
        unsafe sigaddset(&set, SIGPIPE)
        unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
        var conversation: Conversation?
        while true {
            if expire(), let current = conversation {
                tell("the delegate does not answer; it is ended and started again")
                end(current, patience: .zero)
                conversation = nil
            }
            let (isOver, wantsStart) = state.withLock { state in
                (state.isClosed && state.machine.isIdle, state.machine.wantsStart(now: Self.now))
            }
            if isOver { break }
            if conversation == nil, wantsStart { conversation = start() }
            if let current = conversation, !speak(current) {
                end(current, patience: .milliseconds(50))
                conversation = nil
            }
            wait(for: conversation)
        }
        if let conversation { _ = conversation.child.end(patience: .seconds(2)) }
    }

    /// Hands over and reads what can be; whether the conversation goes on.
    private func speak(_ conversation: Conversation) -> Bool {
        while true {
            while conversation.isHeard, let line = nextLine() { conversation.say(line) }
            guard conversation.write() else { return false }
            let (lines, isOpen) = conversation.read()
            for line in lines { take(line) }
            guard isOpen, !state.withLock(\.machine.isFlooded) else { return false }
            // Each answer may have made room for a question.
            if lines.isEmpty { return true }
        }
    }

    /// Sleeps until there is something to do.
    private func wait(for conversation: Conversation?) {
        var interests: [Poll.Interest] = [.readable(wake.readEnd)]
        if let conversation {
            interests.append(.readable(conversation.child.output))
            if !conversation.isHeard { interests.append(.writable(conversation.child.input)) }
        }
        let now = Self.now
        let due = state.withLock { $0.machine.wake(now: now) }
        // A little later than due rather than a little earlier, which would be a turn for nothing.
        let milliseconds = due.map { Int32(min(($0 - now) / 1_000_000 + 1, 60_000)) } ?? -1
        if Poll.wait(interests, milliseconds: milliseconds)[0] { wake.drain() }
    }

    private func nextLine() -> [UInt8]? {
        state.withLock { state in
            let now = Self.now
            while let (id, deadline) = state.machine.next(now: now) {
                guard let asked = state.asked[id] else { continue }
                return asked.request.line(id: id, milliseconds: Int((deadline - min(now, deadline)) / 1_000_000))
            }
            return nil
        }
    }

    private func start() -> Conversation? {
        state.withLock { $0.counts.starts += 1 }
        do throws(Errno) {
            let child = try ChildProcess(shell: command)
            state.withLock { $0.machine.started() }
            return Conversation(child)
        } catch {
            tell("the delegate cannot be started: \(error)")
            lose(state.withLock { $0.machine.ended(now: Self.now) })
            return nil
        }
    }

    private func end(_ conversation: Conversation, patience: Duration) {
        let status = conversation.child.end(patience: patience)
        if patience != .zero { tell("the delegate ended (\(Self.describe(status))) while it was needed") }
        lose(state.withLock { $0.machine.ended(now: Self.now) })
    }

    /// Gives up what is overdue; whether the program is to be ended.
    private func expire() -> Bool {
        let (losses, ends) = state.withLock { $0.machine.expire(now: Self.now) }
        lose(losses)
        return ends
    }

    private func take(_ bytes: [UInt8]) {
        guard let line = ReplyLine(parsing: bytes) else { return state.withLock { $0.machine.strayed() } }
        let request = state.withLock { $0.asked[line.id]?.request }
        var reply = line.reply
        if case .value(let value, _) = reply, request?.isAnswer(value) != true { reply = nil }
        let (loss, put) = state.withLock { state in
            let (answered, loss) = state.machine.replied(line.id, isAnswer: reply != nil, now: Self.now)
            guard answered else { return (loss, Asked?.none) }
            state.counts.answered += 1
            return (loss, state.asked.removeValue(forKey: line.id))
        }
        if let loss { lose([loss]) }
        if let reply { put?.put(.success(reply)) }
    }

    private func lose(_ losses: [DelegateStateMachine.Loss]) {
        for loss in losses {
            let asked = state.withLock { state in
                state.counts.failures[loss.failure.rawValue, default: 0] += 1
                return state.asked.removeValue(forKey: loss.id)
            }
            asked?.put(.failure(loss.failure))
        }
    }

    private static func describe(_ status: Int32) -> String {
        let signal = status & 0x7F
        return signal == 0 ? "exit status \((status >> 8) & 0xFF)" : "signal \(signal)"
    }

    private static var now: UInt64 { DispatchTime.now().uptimeNanoseconds }
}
