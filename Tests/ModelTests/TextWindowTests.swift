@testable import Randomness
import Testing

@testable import Model

/// Cutting long texts: every word is owned exactly once, no window is too long, and neighbours overlap.
@Suite struct TextWindowTests {
    @Test func whatFitsIsOneWindow() {
        #expect(TextWindows.cut([1, 2, 3], limit: 6, overlap: 2) == [.init(words: 0..<3, owned: 0..<3)])
        #expect(TextWindows.cut([], limit: 6, overlap: 2).isEmpty)
    }

    @Test func neighboursShareTheirOverlapHalfAndHalf() {
        let windows = TextWindows.cut([Int](repeating: 1, count: 10), limit: 6, overlap: 4)
        #expect(windows.map(\.words) == [0..<6, 2..<8, 4..<10])
        #expect(windows.map(\.owned) == [0..<4, 4..<6, 6..<10])
    }

    @Test(arguments: 0..<200)
    func everyWordHasOneOwner(seed: UInt64) {
        var generator = SeededGenerator(state: seed)
        let limit = Int.random(in: 4...40, using: &generator)
        let overlap = Int.random(in: 0..<limit, using: &generator)
        let pieces = (0..<Int.random(in: 0...300, using: &generator)).map { _ in
            Int.random(in: 1...limit + 2, using: &generator)
        }
        let windows = TextWindows.cut(pieces, limit: limit, overlap: overlap)
        #expect(windows.flatMap { Array($0.owned) } == Array(pieces.indices))
        for window in windows {
            #expect(window.words.contains(window.owned.lowerBound) && !window.owned.isEmpty)
            #expect(window.owned.upperBound <= window.words.upperBound)
            #expect(window.words.count == 1 || pieces[window.words].reduce(0, +) <= limit)
        }
    }
}
