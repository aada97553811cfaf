/// The place where posts wait for their answers: bounded, and in order.
///
/// One reader thread admits, any thread completes, one writer thread takes and reports written. At most `capacity`
/// posts are between ``admit()`` and ``written(_:)``, however fast input comes and however slowly output goes: that is
/// what bounds the memory of a stream.
///
/// Cancellation: ``close()`` ends admission and lets the writer finish; ``cancel()`` ends both at once. Either wakes a
/// party that sleeps here.
struct OrderedWindow<Answer: Sendable>: Sendable {
    /// What ``take()`` found.
    enum Take {
        /// Answers that are due, in order; at least one.
        case answers([Answer])
        case finished
        case cancelled
    }

    private let storage: OrderedWindowStorage<Answer>

    /// A window of `capacity` places; with `ordered` off, answers come in the order of completion.
    init(capacity: Int, ordered: Bool) {
        storage = OrderedWindowStorage(capacity: capacity, ordered: ordered)
    }

    /// Posts admitted and not yet written.
    var alive: Int { storage.alive }

    /// Waits for a free place and returns the post's sequence number, or `nil` when nothing more is taken.
    func admit() -> Int? { storage.admit() }

    /// Hands in the answer to an admitted post. Returns whether it was taken: of several to one post the first is.
    func complete(_ sequence: Int, with answer: Answer) -> Bool { storage.complete(sequence, with: answer) }

    /// Waits until an answer is due and takes all that are, or learns that no more will be.
    func take() -> Take { storage.take() }

    /// Frees the places of `count` answers that have been written.
    func written(_ count: Int) { storage.written(count) }

    /// Ends admission: what is alive is still answered.
    func close() { storage.close() }

    /// Ends everything: what is alive is dropped.
    func cancel() { storage.cancel() }
}
