/// The power that `vector_math.h` takes for attention is another function: of two, of what is not above zero, and a third
/// as exact. Logistic and tanh need both signs, and answers would change in their last digits.
extension SIMD16<Float> {
    /// `exp` of every lane, within two units in the last place; 0 below −87, the largest power below overflow above 88,
    /// NaN of NaN.
    ///
    /// `exp(x) = 2ⁿ · exp(r)` with `n = round(x / ln 2)` and `|r| ≤ ln 2 / 2` (Cody & Waite 1980). Adding 1.5 · 2²³
    /// rounds to an integer and leaves it in the low bits, from where it becomes the exponent of the factor `2ⁿ`.
    @inline(__always)
    var exponential: Self {
        let x = larger(Self(repeating: -87)).smaller(Self(repeating: 88))
        let rounder: Float = 12_582_912
        let shifted = x * 1.442_695_04 + rounder
        let n = shifted - rounder
        let r = x - n * 0.693_359_375 + n * 2.121_944_4e-4
        var p = r * 1.987_569_1e-4 + 1.398_199_9e-3
        p = p * r + 8.333_452e-3
        p = p * r + 4.166_579_6e-2
        p = p * r + 0.166_666_65
        p = p * r + 0.5
        p = p * (r * r) + (r + 1)
        let exponent = unsafe unsafeBitCast(shifted, to: SIMD16<Int32>.self) &<< 23 &+ 0x3f80_0000
        let power = unsafe unsafeBitCast(exponent, to: Self.self)
        return (p * power).replacing(with: 0, where: self .< -87)
    }
}
