import CVectorMath

/// The border to the functions that are compiled for wide registers.
extension MutableSpan where Element == Float {
    /// `x = gelu(x + bias)` in a range, with the elements of `bias` from `first` on.
    mutating func gelu(_ range: Range<Int>, adding bias: Span<Float>?, from first: Int) {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        if range.isEmpty { return }
        unsafe withUnsafeMutableBufferPointer { x in
            guard let x = unsafe x.baseAddress.map({ unsafe $0 + range.lowerBound }) else { return }
            guard let bias else {
                return unsafe vector_math_gelu(x, 1, range.count, range.count, nil)
            }
            precondition(first >= 0 && first &+ range.count <= bias.count)
            unsafe bias.withUnsafeBufferPointer { bias in
                let bias = unsafe bias.baseAddress.map { unsafe $0 + first }
                unsafe vector_math_gelu(x, 1, range.count, range.count, bias)
            }
        }
    }

    /// Replaces a row of whole lanes by `2^(x + bias − max)` and returns the sum; `bias` is where its row begins, in the
    /// same span and apart from it.
    mutating func powers(_ start: Int, _ count: Int, bias: Int?) -> Float {
        precondition(start >= 0 && count % Lanes.scalarCount == 0 && start &+ count <= self.count)
        precondition(bias.map { $0 >= 0 && $0 &+ count <= self.count } ?? true)
        return unsafe withUnsafeMutableBufferPointer { x in
            guard let x = x.baseAddress else { return 0 }
            let shift = unsafe bias.map { unsafe UnsafePointer(x + $0) }
            return unsafe vector_math_powers(x + start, count, shift)
        }
    }
}
