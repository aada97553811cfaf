import Testing

@testable import Randomness

/// What is drawn for a seed is drawn forever: weights and training runs depend on it.
@Suite struct RandomnessTests {
    /// The numbers that the authors' C gives for this seed.
    @Test func drawsTheSequenceThatIsPublished() {
        var generator = SeededGenerator(state: 1_234_567)
        #expect(
            (0..<5).map { _ in generator.next() } == [
                6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431,
                16408922859458223821,
            ])
    }

    @Test func streamsAreNamedByNumbers() {
        var generator = SeededGenerator(seed: 7, stream: 812, 3)
        #expect(
            (0..<3).map { _ in generator.next() } == [16427514793415926381, 14702976118420293568, 356326065493029267])
        var other = SeededGenerator(seed: 7, stream: 3, 812)
        #expect(other.next() != 16427514793415926381)
    }

    @Test func sumsOfUniformsAreRoughlyNormal() {
        var generator = SeededGenerator(state: 1_234_567)
        #expect(generator.roughlyNormal() == -0.3922696113586426)
        let numbers = (0..<10_000).map { _ in Double(generator.roughlyNormal()) }
        let mean = numbers.reduce(0, +) / 10_000
        #expect(abs(mean) < 0.04)
        #expect(abs(numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 10_000 - 1) < 0.05)
    }
}
