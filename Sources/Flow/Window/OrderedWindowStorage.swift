import Dispatch
import Synchronization

/// The lock around an ``OrderedWindowStateMachine``, and the places where its parties sleep.
///
/// The machine decides under the lock; what it decided is carried out after the lock is free.
final class OrderedWindowStorage<Answer: Sendable>: Sendable {
    private typealias Machine = OrderedWindowStateMachine<Answer>

    private let machine: Mutex<OrderedWindowStateMachine<Answer>>
    private let readerTurn = DispatchSemaphore(value: 0)
    private let writerTurn = DispatchSemaphore(value: 0)

    init(capacity: Int, ordered: Bool) {
        machine = Mutex(OrderedWindowStateMachine(capacity: capacity, ordered: ordered))
    }

    var alive: Int { machine.withLock { $0.alive } }

    func admit() -> Int? {
        while true {
            switch machine.withLock({ $0.admit() }) {
            case .admitted(let sequence): return sequence
            case .wait: readerTurn.wait()
            case .refused: return nil
            }
        }
    }

    func complete(_ sequence: Int, with answer: Answer) -> Bool {
        switch machine.withLock({ $0.complete(sequence, with: answer) }) {
        case .wake(let parties):
            wake(parties)
            return true
        case .refused:
            return false
        }
    }

    func take() -> OrderedWindow<Answer>.Take {
        while true {
            switch machine.withLock({ $0.take() }) {
            case .write(let answers): return .answers(answers)
            case .wait: writerTurn.wait()
            case .finished: return .finished
            case .cancelled: return .cancelled
            }
        }
    }

    func written(_ count: Int) {
        wake(machine.withLock { $0.written(count) })
    }

    func close() {
        wake(machine.withLock { $0.close() })
    }

    func cancel() {
        wake(machine.withLock { $0.cancel() })
    }

    private func wake(_ wake: Machine.Wake) {
        switch wake {
        case .nobody: break
        case .reader: readerTurn.signal()
        case .writer: writerTurn.signal()
        case .both:
            readerTurn.signal()
            writerTurn.signal()
        }
    }
}
