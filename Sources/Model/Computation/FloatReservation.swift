import Glibc

/// Room for floats at one address: pages become memory when first written, and are zero until then.
///
/// Whoever shares a block sees to it that nothing is read while it is written.
@safe
// SAFETY: base and count never change. A workspace's block belongs to one worker; a block of parameters is written
// before it is shared.
final class FloatReservation: @unchecked Sendable {
    private let base: UnsafeMutablePointer<Float>
    let count: Int

    /// Reserves address space for `count` floats; `nil` where there is none.
    init?(count: Int) {
        let bytes = max(1, count) * MemoryLayout<Float>.stride
        let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
        guard let address = unsafe mmap(nil, bytes, PROT_READ | PROT_WRITE, flags, -1, 0), unsafe address != MAP_FAILED
        else { return nil }
        // Large pages where the system has them: most of the time that weights take to load is faults of small ones.
        unsafe _ = madvise(address, bytes, MADV_HUGEPAGE)
        unsafe base = address.bindMemory(to: Float.self, capacity: max(1, count))
        self.count = count
    }

    deinit {
        unsafe munmap(base, max(1, count) * MemoryLayout<Float>.stride)
    }

    /// The floats in a range, for reading.
    @_lifetime(borrow self)
    func read(_ range: Range<Int>) -> Span<Float> {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "outside the block")
        let span = unsafe UnsafeBufferPointer(start: base + range.lowerBound, count: range.count).span
        return unsafe _overrideLifetime(span, borrowing: self)
    }

    /// The floats in a range, for writing. Ranges that do not overlap may be read and written at once.
    @_lifetime(borrow self)
    func write(_ range: Range<Int>) -> MutableSpan<Float> {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "outside the block")
        let span = unsafe UnsafeMutableBufferPointer(start: base + range.lowerBound, count: range.count).mutableSpan
        return unsafe _overrideLifetime(span, borrowing: self)
    }

    /// Copies floats from elsewhere to a place in the block.
    func copy(_ values: Span<Float>, to start: Int) {
        precondition(start >= 0 && start + values.count <= count, "outside the block")
        unsafe values.withUnsafeBufferPointer { source in
            if let address = source.baseAddress { unsafe (base + start).update(from: address, count: source.count) }
        }
    }

    /// The floats in a range, as an array.
    func array(_ range: Range<Int>) -> [Float] {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "outside the block")
        return unsafe [Float](UnsafeBufferPointer(start: base + range.lowerBound, count: range.count))
    }

    /// Moves `count` floats down or up; the ranges may overlap.
    func move(from source: Int, to target: Int, count: Int) {
        precondition(source >= 0 && target >= 0 && max(source, target) + count <= self.count, "outside the block")
        unsafe (base + target).update(from: base + source, count: count)
    }
}
