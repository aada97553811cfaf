import CVectorMath

/// The border to what is compiled for wide registers: rows of pixels of four numbers each, red, green, blue and nothing.
enum PixelRow {
    /// Reads pixels of three bytes into the first of `pixels`.
    static func widen(_ bytes: Span<UInt8>, into pixels: inout [SIMD4<Float>]) {
        let count = bytes.count / 3
        precondition(count <= pixels.count)
        unsafe bytes.withUnsafeBufferPointer { bytes in
            unsafe pixels.withUnsafeMutableBytes { pixels in
                guard let bytes = bytes.baseAddress, let pixels = pixels.baseAddress else { return }
                unsafe vector_math_widen_pixels(pixels.assumingMemoryBound(to: Float.self), bytes, count)
            }
        }
    }
}

extension ResizeAxis {
    /// Resizes one row of pixels of 0…255, and cuts off what overshoots. Behind the pixels of `source` there are
    /// ``taps`` more.
    func apply(to source: [SIMD4<Float>], into result: inout [SIMD4<Float>]) {
        precondition(result.count == first.count && source.count >= end)
        unsafe source.withUnsafeBytes { source in
            unsafe result.withUnsafeMutableBytes { result in
                unsafe first.withUnsafeBufferPointer { first in
                    unsafe weights.withUnsafeBufferPointer { weights in
                        guard let source = source.baseAddress, let result = result.baseAddress,
                            let starts = first.baseAddress, let weights = weights.baseAddress
                        else { return }
                        unsafe vector_math_resize_pixels(
                            result.assumingMemoryBound(to: Float.self), source.assumingMemoryBound(to: Float.self),
                            starts, weights, taps, first.count)
                    }
                }
            }
        }
    }
}
