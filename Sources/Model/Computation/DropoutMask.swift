import Geometry
package import Randomness

/// Makes a mask for dropout: 0 with probability `rate`, `1/(1 − rate)` otherwise. Four draws come from one random number, so
/// the rate is exact to 1/65,536.
package func dropoutMask(_ mask: inout MutableSpan<Float>, rate: Float, _ stream: inout SeededGenerator) {
    let kept = 1 / (1 - rate)
    let threshold = UInt64(Int(rate * 65_536, within: 0...65_536))
    var index = 0
    while index < mask.count {
        var bits = stream.next()
        for place in index..<min(index + 4, mask.count) {
            mask[place] = bits & 0xffff < threshold ? 0 : kept
            bits >>= 16
        }
        index += 4
    }
}
