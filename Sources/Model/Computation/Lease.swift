import Synchronization

/// How long memory that is handed out, taken back and handed out again belongs to the holder of a handle.
///
/// Debug builds, the sanitizers' among them, stop where a handle is used after its memory was taken back: what lies there
/// is somebody else's by then, and nothing else would say so. In release builds a lease is nothing.
package struct Lease: Sendable {
    #if DEBUG
        private final class State: Sendable {
            let isOver = Atomic(false)
        }
        private let state = State()
    #endif

    /// A lease that has begun.
    package init() {}

    /// Takes the memory back.
    package func end() {
        #if DEBUG
            state.isOver.store(true, ordering: .relaxed)
        #endif
    }

    /// Stops the program where the memory was taken back.
    @inline(__always)
    package func check() {
        #if DEBUG
            precondition(!state.isOver.load(ordering: .relaxed), "used after its memory was taken back")
        #endif
    }
}

/// Leases by where their memory starts, in the order of that; in release builds nothing.
package struct LeaseStack {
    #if DEBUG
        private var leases: [(start: Int, lease: Lease)] = []
    #endif

    /// No lease yet.
    package init() {}

    /// A lease of memory that starts at `start`, not below any other.
    package mutating func begin(at start: Int) -> Lease {
        let lease = Lease()
        #if DEBUG
            leases.append((start, lease))
        #endif
        return lease
    }

    /// Ends every lease of memory from `start` on.
    package mutating func end(from start: Int) {
        #if DEBUG
            while let last = leases.last, last.start >= start {
                last.lease.end()
                leases.removeLast()
            }
        #endif
    }
}
