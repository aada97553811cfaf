import CVectorMath

/// Looks for what is no number to compute with, infinity and NaN, by the bits of exponents: a pass over memory at the
/// speed of reading it, so that a model can be looked through whenever it is opened.
enum FiniteCheck {
    /// Index of the first element that is not finite; `nil` where all are, or where elements are whole numbers.
    static func first(_ type: ElementType, _ bytes: RawSpan) -> Int? {
        let count = bytes.byteCount / type.size
        let index = unsafe bytes.withUnsafeBytes { bytes -> Int in
            guard let start = bytes.baseAddress else { return count }
            return switch type {
            case .float32: unsafe vector_math_first_with_bits_32(start, count, 0x7f80_0000)
            case .float16: unsafe vector_math_first_with_bits_16(start, count, 0x7c00)
            case .bfloat16: unsafe vector_math_first_with_bits_16(start, count, 0x7f80)
            default: count
            }
        }
        return index < count ? index : nil
    }

    /// Index of the first factor of int8 rows that one of their numbers could be infinite with.
    static func first(ofScales scales: Span<Float>) -> Int? {
        for index in scales.indices where !(scales[index] * 128).isFinite { return index }
        return nil
    }

    /// What is wrong with an element: `nan at [3, 17] is not finite`.
    static func problem(_ value: Float, at index: Int, in shape: [Int]) -> String {
        "\(value) at \(place(index, in: shape)) is \(value.isFinite ? "too large" : "not finite")"
    }

    /// The indices of the element at `index`, outermost first.
    static func place(_ index: Int, in shape: [Int]) -> [Int] {
        var rest = index
        return Array(
            shape.reversed().map { extent in
                defer { rest /= max(extent, 1) }
                return rest % max(extent, 1)
            }.reversed())
    }
}
