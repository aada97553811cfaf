import Model

/// A fixed number of floats on the heap, zero to begin with.
///
/// Parameters, moments and gradients live in buffers like this, megabytes in one piece, and several workers
/// write to different parts of one at the same time.
@safe
// SAFETY: the address never changes; who writes where is settled by the callers, each of which hands a worker
// a range of its own and waits for all workers before it reads.
final class FloatBuffer: @unchecked Sendable {
    private let start: UnsafeMutablePointer<Float>
    /// Never ends: whoever has a view has the buffer.
    private let lease = Lease()
    let count: Int

    init(count: Int) {
        unsafe start = .allocate(capacity: max(count, 1))
        unsafe start.initialize(repeating: 0, count: count)
        self.count = count
    }

    deinit { unsafe start.deallocate() }

    /// All of it.
    var all: FloatView { unsafe FloatView(self, start: start, count: count, lease: lease) }

    /// A part of it.
    subscript(range: Range<Int>) -> FloatView { all.part(range) }
}
