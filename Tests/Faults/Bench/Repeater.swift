import Dispatch
import Synchronization

/// Does something again and again on a thread of its own, until it is told to stop.
final class Repeater: Sendable {
    private let state = Mutex((isOver: false, count: 0))
    private let group = DispatchGroup()

    /// - Parameter action: Should not take long.
    init(_ action: @escaping @Sendable () -> Void) {
        DispatchQueue(label: "repeater").async(group: group) { [self] in
            while !state.withLock({ $0.isOver }) {
                action()
                state.withLock { $0.count += 1 }
            }
        }
    }

    /// Stops; returns how often it was done.
    func stop() -> Int {
        state.withLock { $0.isOver = true }
        group.wait()
        return state.withLock { $0.count }
    }
}
