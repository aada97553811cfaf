import Foundation

/// A small random generator whose whole state is one number (SplitMix64: Steele, Lea & Flood 2014).
///
/// Streams are named rather than stored: ``init(seed:stream:)`` makes the stream of, say, step 812 and shard 3 from
/// nothing but these numbers, so that resuming needs no generator state and no worker depends on another's draws.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// The stream that belongs to a seed and a path of numbers below it.
    package init(seed: UInt64, stream: UInt64...) {
        state = Self.mix(seed &+ 0x9E37_79B9_7F4A_7C15)
        for number in stream { state = Self.mix(state ^ Self.mix(number &+ 0x9E37_79B9_7F4A_7C15)) }
    }

    /// The sequence that starts behind a state, as the method is published.
    package init(state: UInt64) {
        self.state = state
    }

    /// 64 random bits.
    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Self.mix(state)
    }

    /// Uniform in 0..<1, with 24 bits.
    package mutating func uniform() -> Float {
        Float(next() >> 40) * 0x1p-24
    }

    /// Standard normal (Box & Muller 1958).
    package mutating func normal() -> Float {
        let radius = (-2 * Foundation.log(1 - Double(next() >> 11) * 0x1p-53)).squareRoot()
        return Float(radius * Foundation.cos(2 * Double.pi * Double(next() >> 11) * 0x1p-53))
    }

    /// About normally distributed, mean 0 and deviation 1: the sum of twelve uniforms less six. Without logarithms, and so
    /// the same bits on every machine.
    package mutating func roughlyNormal() -> Float {
        var sum: Float = 0
        for _ in 0..<12 { sum += uniform() }
        return sum - 6
    }

    private static func mix(_ value: UInt64) -> UInt64 {
        var z = value
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
