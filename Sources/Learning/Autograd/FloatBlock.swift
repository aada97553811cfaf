/// A run of floats inside a buffer that somebody else owns: a ``FloatArena``, a ``FloatBuffer``.
///
/// The one place of this target where a raw address is kept. The owner outlives every block it hands out (a tape
/// keeps its arena, an optimiser its buffers), which is why a block may be copied like a number.
@safe
struct FloatBlock {
    private let start: UnsafeMutablePointer<Float>
    let count: Int

    @unsafe init(start: UnsafeMutablePointer<Float>, count: Int) {
        unsafe self.start = start
        self.count = count
    }

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

    /// A part of this block.
    func part(_ range: Range<Int>) -> FloatBlock {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        return unsafe FloatBlock(start: start + range.lowerBound, count: range.count)
    }

    func fill(_ value: Float) { unsafe start.update(repeating: value, count: count) }

    func copy(from other: FloatBlock) {
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
    func add(_ other: FloatBlock) {
        precondition(other.count == count)
        for index in 0..<count { unsafe start[index] += unsafe other.start[index] }
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

extension FloatBlock {
    /// Σ x², each sixteenth number in one lane: the same order on every machine.
    var sumOfSquares: Double {
        var lanes = SIMD16<Float>.zero
        let whole = count & ~15
        for start in stride(from: 0, to: whole, by: 16) {
            let values = unsafe UnsafeRawPointer(self.start + start).loadUnaligned(as: SIMD16<Float>.self)
            lanes += values * values
        }
        var sum = Double(0)
        for lane in 0..<16 { sum += Double(lanes[lane]) }
        for index in whole..<count { sum += Double(self[index]) * Double(self[index]) }
        return sum
    }
}
