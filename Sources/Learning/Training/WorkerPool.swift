import Dispatch
import Synchronization

/// A fixed number of workers that share out numbered pieces of work.
///
/// Which worker takes which piece is left to chance; callers make the outcome independent of it by giving every
/// piece its own place for results.
package final class WorkerPool: Sendable {
    /// Workers, the calling thread among them.
    package let workers: Int
    private let queue = DispatchQueue(label: "gmner.training", attributes: .concurrent)

    /// At least one worker.
    package init(workers: Int) {
        self.workers = max(workers, 1)
    }

    /// Does `piece(0)`, …, `piece(pieces − 1)` and waits for all of them.
    ///
    /// - Throws: the error of the piece with the lowest number that failed.
    package func run<Failure: Error>(
        _ pieces: Int, _ piece: @Sendable (Int) throws(Failure) -> Void
    ) throws(Failure) {
        let next = Atomic(0)
        let failure = Mutex<(piece: Int, error: Failure)?>(nil)
        let group = DispatchGroup()
        withoutActuallyEscaping(piece) { piece in
            let work: @Sendable () -> Void = {
                while true {
                    let index = next.add(1, ordering: .relaxed).oldValue
                    guard index < pieces else { return }
                    do throws(Failure) {
                        try piece(index)
                    } catch {
                        failure.withLock { first in
                            if index < first?.piece ?? .max { first = (index, error) }
                        }
                    }
                }
            }
            for _ in 1..<max(min(workers, pieces), 1) { queue.async(group: group, execute: work) }
            work()
            group.wait()
        }
        if let error = failure.withLock({ $0?.error }) { throw error }
    }
}
