/// Durations counted in buckets that grow with them: sixteen to each power of two, so a percentile is off by 1/16 at
/// most, and the memory is fixed.
struct LatencyHistogram: Sendable {
    private static let steps = 16
    private static let stepBits = 4

    private var counts = [Int](repeating: 0, count: 61 * steps)
    private(set) var count = 0
    /// The longest duration, in nanoseconds.
    private(set) var longest: UInt64 = 0

    /// Counts one duration, in nanoseconds.
    mutating func add(_ nanoseconds: UInt64) {
        counts[Self.bucket(of: nanoseconds)] += 1
        count += 1
        longest = max(longest, nanoseconds)
    }

    /// The duration in nanoseconds that a share `quantile` (0…1) of all durations does not exceed, rounded up to the
    /// bucket's end; 0 if there are none.
    func quantile(_ quantile: Double) -> UInt64 {
        guard count > 0 else { return 0 }
        let rank = max(1, Int((quantile * Double(count)).rounded(.up)))
        var seen = 0
        for (bucket, here) in counts.enumerated() where here > 0 {
            seen += here
            if seen >= rank { return min(longest, Self.end(of: bucket)) }
        }
        return longest
    }

    /// Values below 16 have buckets of their own; above, the four bits below the leading one choose the step.
    private static func bucket(of value: UInt64) -> Int {
        guard value >= UInt64(steps) else { return Int(value) }
        let exponent = 63 - value.leadingZeroBitCount
        let step = Int(value >> UInt64(exponent - stepBits)) - steps
        return (exponent - stepBits + 1) * steps + step
    }

    private static func end(of bucket: Int) -> UInt64 {
        guard bucket >= steps else { return UInt64(bucket) }
        let shift = UInt64(bucket / steps - 1)
        let start = UInt64(bucket % steps + steps) << shift
        return start + ((1 << shift) - 1)
    }
}
