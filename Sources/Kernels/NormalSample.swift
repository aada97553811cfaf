/// Bounds of logarithms of variances: beyond them a normal distribution is a point, or nothing.
package enum LogVariance {
    /// `exp(−4)` to `exp(4)` as deviations.
    package static let range: ClosedRange<Float> = -8...8
}

/// `out = mean + noise ⊙ exp(l/2)`, `l` being the logarithms of variances held within ``LogVariance/range``: a sample of a
/// normal distribution where `noise` is one of the standard one (Kingma & Welling 2014, 2.4).
package func normalSample(
    _ out: inout MutableSpan<Float>, _ mean: Span<Float>, logVariance: Span<Float>, noise: Span<Float>
) throws(ShapeError) {
    try check(mean.count, 1, out.count, "normalSample", "mean")
    try check(logVariance.count, 1, out.count, "normalSample", "logVariance")
    try check(noise.count, 1, out.count, "normalSample", "noise")
    out.fill(0..<out.count) { index, count in
        let deviation = deviation(logVariance.lanes(at: index, count: count))
        return mean.lanes(at: index, count: count) + noise.lanes(at: index, count: count) * deviation
    }
}

/// The gradient of ``normalSample`` for the logarithms of variances, added to: `½ g ⊙ noise ⊙ exp(l/2)`, nothing for those
/// that were held; that for the mean is the gradient itself.
package func normalSampleBackward(
    logVariance dl: inout MutableSpan<Float>, _ dy: Span<Float>, logVariance: Span<Float>, noise: Span<Float>
) throws(ShapeError) {
    try check(dy.count, 1, dl.count, "normalSampleBackward", "dy")
    try check(logVariance.count, 1, dl.count, "normalSampleBackward", "logVariance")
    try check(noise.count, 1, dl.count, "normalSampleBackward", "noise")
    dl.update(0..<dl.count) { old, index, count in
        let l = logVariance.lanes(at: index, count: count)
        let slope = dy.lanes(at: index, count: count) * noise.lanes(at: index, count: count) * deviation(l) * 0.5
        let isHeld = (l .< LogVariance.range.lowerBound) .| (l .> LogVariance.range.upperBound)
        return old + slope.replacing(with: 0, where: isHeld)
    }
}

/// `exp(l/2)` of what is held within its range.
@inline(__always)
private func deviation(_ l: Lanes) -> Lanes {
    let held = l.larger(Lanes(repeating: LogVariance.range.lowerBound))
        .smaller(Lanes(repeating: LogVariance.range.upperBound))
    return (held * 0.5).exponential
}
