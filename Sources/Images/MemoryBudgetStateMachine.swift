/// Who of those that share some memory may go on: pure state, of which ``MemoryBudget`` is the lock.
struct MemoryBudgetStateMachine {
    /// A request that waits.
    typealias Ticket = Int

    /// What becomes of a request.
    enum Answer: Equatable {
        /// The bytes are the caller's until it gives them back.
        case granted
        /// They will be, once the ticket is among those that ``giveBack(_:)`` or ``withdraw(_:)`` returns.
        case wait(Ticket)
        /// There will never be so many.
        case tooMuch
    }

    private let total: Int
    private var free: Int
    private var waiting: [(ticket: Ticket, bytes: Int)] = []
    private var nextTicket = 0

    /// A budget of `total` bytes.
    init(total: Int) {
        self.total = total
        free = total
    }

    /// Asks for bytes.
    mutating func take(_ bytes: Int) -> Answer {
        if bytes > total { return .tooMuch }
        if waiting.isEmpty, bytes <= free {
            free -= bytes
            return .granted
        }
        nextTicket += 1
        waiting.append((nextTicket, bytes))
        return .wait(nextTicket)
    }

    /// Gives bytes back, and returns the requests that this grants.
    mutating func giveBack(_ bytes: Int) -> [Ticket] {
        free += bytes
        return grant()
    }

    /// Takes a request back, and returns those that this grants; `nil` if it was granted before.
    mutating func withdraw(_ ticket: Ticket) -> [Ticket]? {
        guard let place = waiting.firstIndex(where: { $0.ticket == ticket }) else { return nil }
        waiting.remove(at: place)
        return grant()
    }

    private mutating func grant() -> [Ticket] {
        var granted: [Ticket] = []
        while let first = waiting.first, first.bytes <= free {
            free -= first.bytes
            granted.append(first.ticket)
            waiting.removeFirst()
        }
        return granted
    }
}
