import CVectorMath

/// Applies an element-wise function in place.
package func activate(_ x: inout MutableSpan<Float>, _ activation: Activation) {
    activate(&x, 0..<x.count, activation)
}

/// ``activate(_:_:)`` on some of the elements.
func activate(_ x: inout MutableSpan<Float>, _ range: Range<Int>, _ activation: Activation) {
    activate(
        &x, Region(start: range.lowerBound, rows: 1, columns: range.count, stride: range.count), activation, adding: nil
    )
}

/// ``activate(_:_:)`` on a region, after adding `bias`, which has an element for each of its columns.
func activate(
    _ x: inout MutableSpan<Float>, _ region: Region, _ activation: Activation, adding bias: Span<Float>?
) {
    if activation == .gelu { return x.gelu(region, adding: bias) }
    if let bias { x.add(bias, to: region) }
    for row in 0..<region.rows {
        let range = region.row(row)
        switch activation {
        case .identity, .gelu: return
        case .relu: x.update(range) { x, _, _ in x.replacing(with: 0, where: x .< 0) }
        case .relu6: x.update(range) { x, _, _ in x.larger(Lanes()).smaller(Lanes(repeating: 6)) }
        case .leakyRelu: x.update(range) { x, _, _ in x.replacing(with: x * 0.01, where: x .< 0) }
        case .tanh: x.update(range) { x, _, _ in x.hyperbolicTangent }
        case .sigmoid: x.update(range) { x, _, _ in x.logistic }
        }
    }
}

/// Turns the gradient of an activation's output, `dx` on entry, into that of its input, `preactivation`.
///
/// - Throws: ``ShapeError`` when the two are not of the same size.
package func activateBackward(
    _ dx: inout MutableSpan<Float>, preactivation x: Span<Float>, _ activation: Activation
) throws(ShapeError) {
    try check(x.count, 1, dx.count, "activateBackward", "preactivation")
    switch activation {
    case .identity: break
    case .relu: backward(&dx, x) { x in Lanes().replacing(with: 1, where: x .> 0) }
    case .relu6: backward(&dx, x) { x in Lanes().replacing(with: 1, where: (x .> 0) .& (x .< 6)) }
    case .leakyRelu: backward(&dx, x) { x in Lanes(repeating: 1).replacing(with: 0.01, where: x .<= 0) }
    case .gelu: backward(&dx, x, \.geluSlope)
    case .tanh:
        backward(&dx, x) { x in
            let t = x.hyperbolicTangent
            return 1 - t * t
        }
    case .sigmoid:
        backward(&dx, x) { x in
            let s = x.logistic
            return s * (1 - s)
        }
    }
}

/// `dx *= slope(x)`.
@inline(__always)
private func backward(_ dx: inout MutableSpan<Float>, _ x: Span<Float>, _ slope: (Lanes) -> Lanes) {
    dx.update(0..<dx.count) { gradient, index, count in gradient * slope(x.lanes(at: index, count: count)) }
}

extension SIMD16<Float> {
    /// `1 / (1 + exp(−x))`.
    @inline(__always)
    fileprivate var logistic: Self { 1 / (1 + (-self).exponential) }

    /// `tanh x = ±(1 − t) / (1 + t)` with `t = exp(−2·|x|)`.
    @inline(__always)
    fileprivate var hyperbolicTangent: Self {
        let t = (magnitudes * -2).exponential
        let positive = (1 - t) / (1 + t)
        return positive.replacing(with: -positive, where: self .< 0)
    }

    /// `Φ(−|x|)`, the normal distribution's tail, by the polynomial that `vector_math.h` has for both directions.
    @inline(__always)
    fileprivate var normalTail: Self {
        let a = magnitudes
        var p = a * VECTOR_MATH_TAIL_6 + VECTOR_MATH_TAIL_5
        p = p * a + VECTOR_MATH_TAIL_4
        p = p * a + VECTOR_MATH_TAIL_3
        p = p * a + VECTOR_MATH_TAIL_2
        p = p * a + VECTOR_MATH_TAIL_1
        p = p * a + 1
        p *= p
        p *= p
        p *= p
        p *= p
        return 0.5 / p
    }

    /// `Φ(x) + x · φ(x)`.
    @inline(__always)
    fileprivate var geluSlope: Self {
        let density = (self * self * -0.5).exponential * 0.398_942_28
        let below = normalTail - magnitudes * density
        return below.replacing(with: 1 - below, where: self .>= 0)
    }
}
