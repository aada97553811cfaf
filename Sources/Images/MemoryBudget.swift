import Dispatch
import Synchronization

/// Memory that all who decode share: each takes what it needs before it begins, waits for it where others have it, and
/// gives it back.
///
/// Requests are served in their order, so that a large one is not passed over for ever. Whoever holds some must not ask
/// the same budget for more: that is what makes waiting end.
///
/// Cancellation: a wait ends when its deadline passes.
final class MemoryBudget: Sendable {
    private struct State {
        var machine: MemoryBudgetStateMachine
        var sleepers: [MemoryBudgetStateMachine.Ticket: DispatchSemaphore] = [:]
    }

    /// How often a waiting thread looks at its deadline.
    private static let glance = DispatchTimeInterval.milliseconds(10)

    private let state: Mutex<State>

    /// A budget of so many bytes.
    init(bytes: Int) { state = Mutex(State(machine: MemoryBudgetStateMachine(total: bytes))) }

    /// Does something that takes so many bytes, once they are there.
    ///
    /// - Throws: ``ImageError`` of the code `tooCostly` for more than the whole budget, or `timeout` where the deadline
    ///   passed first; and what `body` throws.
    func lend<Result>(
        _ bytes: Int, until deadline: Deadline, _ body: () throws(ImageError) -> Result
    ) throws(ImageError) -> Result {
        try take(bytes, until: deadline)
        defer { wake(state.withLock { state in Self.sleepers(state.machine.giveBack(bytes), &state) }) }
        return try body()
    }

    private func take(_ bytes: Int, until deadline: Deadline) throws(ImageError) {
        let sleeper = DispatchSemaphore(value: 0)
        let answer = state.withLock { state in
            let answer = state.machine.take(bytes)
            if case .wait(let ticket) = answer { state.sleepers[ticket] = sleeper }
            return answer
        }
        switch answer {
        case .granted: return
        case .tooMuch:
            throw ImageError(.tooCostly, "\(bytes) bytes are more than there are for all pictures together")
        case .wait(let ticket):
            while sleeper.wait(timeout: .now() + Self.glance) == .timedOut {
                if deadline.hasPassed, withdraw(ticket) {
                    throw ImageError(.timeout, "stopped while other pictures took the memory to decode it")
                }
            }
        }
    }

    /// Whether a request was taken back before it was granted.
    private func withdraw(_ ticket: MemoryBudgetStateMachine.Ticket) -> Bool {
        let granted: [DispatchSemaphore]? = state.withLock { state in
            guard let granted = state.machine.withdraw(ticket) else { return nil }
            state.sleepers[ticket] = nil
            return Self.sleepers(granted, &state)
        }
        guard let granted else { return false }
        wake(granted)
        return true
    }

    private static func sleepers(
        _ tickets: [MemoryBudgetStateMachine.Ticket], _ state: inout State
    ) -> [DispatchSemaphore] {
        tickets.compactMap { state.sleepers.removeValue(forKey: $0) }
    }

    private func wake(_ sleepers: [DispatchSemaphore]) {
        for sleeper in sleepers { sleeper.signal() }
    }
}
