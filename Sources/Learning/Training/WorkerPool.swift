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

    /// What batches of so many things come to, one after the other in their order.
    ///
    /// - Parameters:
    ///   - count: how many things there are.
    ///   - size: how many make a batch; the last may have fewer.
    ///   - batch: the results of the things in a range, of each one or several.
    /// - Throws: the error of the first batch that failed.
    package func map<Result: Sendable, Failure: Error>(
        _ count: Int, batches size: Int, _ batch: @Sendable (Range<Int>) throws(Failure) -> [Result]
    ) throws(Failure) -> [Result] {
        let batches = (count + size - 1) / size
        let results = Mutex([[Result]](repeating: [], count: batches))
        try run(batches) { (index) throws(Failure) in
            let made = try batch(index * size..<min((index + 1) * size, count))
            results.withLock { $0[index] = made }
        }
        return results.withLock { $0.flatMap(\.self) }
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
