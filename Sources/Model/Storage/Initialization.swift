import Randomness

extension ParameterLayout.Entry {
    /// The parameter's values without a checkpoint; the same for the same seed whatever else the layout holds.
    package func initialValues(seed: UInt64) -> [Float] {
        switch initial {
        case .zeros: return [Float](repeating: 0, count: parameter.count)
        case .ones: return [Float](repeating: 1, count: parameter.count)
        case .constant(let value): return [Float](repeating: value, count: parameter.count)
        case .normal(let deviation):
            var generator = SeededGenerator(state: names.reduce(seed) { hash($1, after: $0) })
            return (0..<parameter.count).map { _ in generator.roughlyNormal() * deviation }
        }
    }

    /// FNV-1a (Fowler, Noll, Vo), from a start of the caller's choice.
    private func hash(_ name: String, after start: UInt64) -> UInt64 {
        name.utf8.reduce(start ^ 0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
