/// Applies an element-wise function in place.
package func activate(_ x: inout MutableSpan<Float>, _ activation: Activation) {
    activate(&x, 0..<x.count, activation)
}

/// ``activate(_:_:)`` on some of the elements.
func activate(_ x: inout MutableSpan<Float>, _ range: Range<Int>, _ activation: Activation) {
    activate(&x, at: range.lowerBound, rows: 1, columns: range.count, stride: range.count, activation)
}

/// ``activate(_:_:)`` on `rows` rows of `columns` elements that are `stride` apart, the first at `start`, after adding the
/// elements of `bias` from `first` on.
func activate(
    _ x: inout MutableSpan<Float>, at start: Int, rows: Int, columns: Int, stride: Int, _ activation: Activation,
    adding bias: Span<Float>? = nil, from first: Int = 0
) {
    if activation == .gelu {
        return x.gelu(at: start, rows: rows, columns: columns, stride: stride, bias, from: first)
    }
    if let bias { x.addBias(at: start, rows: rows, columns: columns, stride: stride, bias, from: first) }
    for row in 0..<rows {
        let range = start &+ row &* stride..<start &+ row &* stride &+ columns
        switch activation {
        case .identity, .gelu: return
        case .relu: x.update(range) { x, _, _ in x.replacing(with: 0, where: x .< 0) }
        case .geluTanh: x.update(range) { x, _, _ in x * x.geluGate.logistic }
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
    case .gelu: backward(&dx, x, \.geluSlope)
    case .geluTanh:
        backward(&dx, x) { x in
            // u · σ(z(u)) with z' = 2 · √(2/π) · (1 + 3 · 0.044715 · u²).
            let s = x.geluGate.logistic
            return s + x * s * (1 - s) * (x * x * 0.214_069_31 + 1.595_769_12)
        }
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

    /// `2 · √(2/π) · (x + 0.044715 · x³)`: the tanh approximation of GELU is `x · σ` of it.
    @inline(__always)
    fileprivate var geluGate: Self { self * (self * self * 0.071_356_23 + 1.595_769_12) }

    /// `Φ(−|x|)`, the normal distribution's tail, as `½ · p(|x|)⁻¹⁶`.
    ///
    /// The form is that of Abramowitz & Stegun 7.1.28. The coefficients are fitted so that the largest error of
    /// `|x| · Φ(−|x|)` is smallest, 2.5 · 10⁻⁷; with rounding it stays below 6 · 10⁻⁷. Far out the power overflows,
    /// and the tail is 0.
    @inline(__always)
    fileprivate var normalTail: Self {
        let a = magnitudes
        var p = a * 6.333_006_1e-6 + 4.138_370_3e-5
        p = p * a + 5.971_816_3e-5
        p = p * a + 3.249_315_7e-3
        p = p * a + 2.115_729_7e-2
        p = p * a + 4.986_413_8e-2
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
