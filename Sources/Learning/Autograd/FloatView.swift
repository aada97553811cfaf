import Model

/// A run of floats inside a ``FloatBuffer``, to be copied like a number: a parameter, a gradient, a value on a tape.
///
/// Several views of the same floats may be about; who writes where is settled by the callers, as for the buffer. Views that
/// a ``FloatArena`` hands out end with its step, or when they are given back: debug builds stop where one is used after that.
// SAFETY: the floats lie within the buffer, which a view keeps alive. Its parts are checked to lie within it, and every
// index below to lie within the view.
@safe
struct FloatView {
    private let buffer: FloatBuffer
    private let unchecked: UnsafeMutablePointer<Float>
    let count: Int
    private let lease: Lease

    /// Floats from `start` on, which lie within `buffer`.
    @unsafe init(_ buffer: FloatBuffer, start: UnsafeMutablePointer<Float>, count: Int, lease: Lease) {
        self.buffer = buffer
        unsafe unchecked = start
        self.count = count
        self.lease = lease
    }

    /// The first float, of a view that is still good.
    private var start: UnsafeMutablePointer<Float> {
        @inline(__always)
        get {
            lease.check()
            return unsafe unchecked
        }
    }

    /// The same floats, for as long as another lease.
    func leased(_ lease: Lease) -> FloatView {
        unsafe FloatView(buffer, start: start, count: count, lease: lease)
    }

    /// Ends the lease, for all copies of this view and all of its parts.
    func end() { lease.end() }

    /// The numbers, to read.
    var span: Span<Float> {
        @_lifetime(borrow self)
        get {
            let span = unsafe Span(_unsafeStart: UnsafePointer(start), count: count)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// The numbers, to write.
    var mutableSpan: MutableSpan<Float> {
        @_lifetime(&self)
        mutating get {
            let span = unsafe MutableSpan(_unsafeStart: start, count: count)
            return unsafe _overrideLifetime(span, mutating: &self)
        }
    }

    /// A part of this view.
    func part(_ range: Range<Int>) -> FloatView {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        return unsafe FloatView(buffer, start: start + range.lowerBound, count: range.count, lease: lease)
    }

    func fill(_ value: Float) { unsafe start.update(repeating: value, count: count) }

    func copy(from other: FloatView) {
        precondition(other.count == count)
        unsafe start.update(from: other.start, count: count)
    }

    func copy(from values: Span<Float>) {
        precondition(values.count == count)
        unsafe values.withUnsafeBufferPointer { source in
            if let base = source.baseAddress { unsafe start.update(from: base, count: count) }
        }
    }

    /// Adds `other` element by element.
    func add(_ other: FloatView) {
        precondition(other.count == count)
        let (target, source) = unsafe (start, other.start)
        for index in 0..<count { unsafe target[index] += unsafe source[index] }
    }

    /// One number, without a span around it; for scalars and tests.
    subscript(index: Int) -> Float {
        get {
            precondition(index >= 0 && index < count)
            return unsafe start[index]
        }
        nonmutating set {
            precondition(index >= 0 && index < count)
            unsafe start[index] = newValue
        }
    }
}

extension FloatView {
    /// Σ x², each sixteenth number in one lane: the same order on every machine.
    var sumOfSquares: Double {
        var lanes = SIMD16<Float>.zero
        let whole = count & ~15
        let first = unsafe start
        for index in stride(from: 0, to: whole, by: 16) {
            let values = unsafe UnsafeRawPointer(first + index).loadUnaligned(as: SIMD16<Float>.self)
            lanes += values * values
        }
        var sum = Double(0)
        for lane in 0..<16 { sum += Double(lanes[lane]) }
        for index in whole..<count { sum += Double(self[index]) * Double(self[index]) }
        return sum
    }
}
