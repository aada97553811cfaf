/// A small generator of numbers that are the same on every machine for the same seed (SplitMix64, Steele et al. 2014).
package struct SplitMix: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// A sequence of its own for each seed.
    package init(seed: UInt64) {
        state = seed
    }

    /// The next 64 bits.
    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// About normally distributed, mean 0 and deviation 1: the sum of twelve uniforms less six.
    package mutating func nextNormal() -> Float {
        var sum: Float = 0
        for _ in 0..<12 { sum += Float(next() >> 40) * 0x1p-24 }
        return sum - 6
    }
}

extension ParameterLayout.Entry {
    /// The parameter's values without a checkpoint; the same for the same seed whatever else the layout holds.
    package func initialValues(seed: UInt64) -> [Float] {
        switch initial {
        case .zeros: return [Float](repeating: 0, count: parameter.count)
        case .ones: return [Float](repeating: 1, count: parameter.count)
        case .constant(let value): return [Float](repeating: value, count: parameter.count)
        case .normal(let deviation):
            var generator = SplitMix(seed: names.reduce(seed) { hash($1, after: $0) })
            return (0..<parameter.count).map { _ in generator.nextNormal() * deviation }
        }
    }

    /// FNV-1a (Fowler, Noll, Vo), from a start of the caller's choice.
    private func hash(_ name: String, after start: UInt64) -> UInt64 {
        name.utf8.reduce(start ^ 0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
