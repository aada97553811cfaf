import Testing
@testable import Text

@testable import Model

/// What spans become mentions: the most probable first, and what goes with them.
@Suite("Spans")
struct SpanHeadTests {
    /// Scores of a window of so many words: `best` gives a type and how far it is above none for some of its spans.
    private func window(
        _ words: Range<Int>, owned: Range<Int>? = nil, longest: Int, _ best: [Range<Int>: (type: Int, score: Float)]
    ) -> ScoredWindow {
        let scores = SpanHead.spans(of: words.count, longest: longest).flatMap { span -> [Float] in
            let place = words.lowerBound + span.lowerBound..<words.lowerBound + span.upperBound
            var row = [Float](repeating: 0, count: 5)
            if let (type, score) = best[place] { row[1 + type] = score } else { row[0] = 9 }
            return row
        }
        return ScoredWindow(words: words, owned: owned ?? words, scores: scores)
    }

    private func found(_ windows: [ScoredWindow], words: Int, longest: Int = 3, nested: Bool = false) throws
        -> [Mention]
    {
        let decoder = SpanDecoder(
            configuration: .init(width: 1, longest: longest, nested: nested), types: TypeInventory.coarse.count)
        return try decoder.mentions(of: windows, words: words)
    }

    @Test func spansAreRunsUpToALength() {
        #expect(SpanHead.spans(of: 3, longest: 2) == [0..<1, 0..<2, 1..<2, 1..<3, 2..<3])
        #expect(SpanHead.spans(of: 0, longest: 2).isEmpty)
    }

    @Test func theMostProbableKeepsItsWords() throws {
        let scores = window(
            0..<5, longest: 3, [0..<2: (0, 3), 1..<3: (1, 4), 3..<4: (2, 1), 4..<5: (2, -1)])
        let mentions = try found([scores], words: 5)
        #expect(mentions.map(\.words) == [1..<3, 3..<4])
        #expect(mentions.map(\.type) == [1, 2])
        #expect(mentions.allSatisfy { abs($0.posterior.reduce(0, +) - 1) < 1e-5 && $0.score > 0.3 && $0.score < 1 })
    }

    /// Mentions that touch are told apart, which tags cannot say of two of one type without a begin.
    @Test func mentionsMayTouch() throws {
        let mentions = try found([window(0..<3, longest: 3, [0..<1: (0, 2), 1..<3: (0, 2)])], words: 3)
        #expect(mentions.map(\.words) == [0..<1, 1..<3])
    }

    @Test func mentionsLieInOthersWhereThatIsAllowed() throws {
        let scores = window(0..<4, longest: 3, [0..<3: (1, 5), 1..<2: (2, 4), 2..<4: (0, 3), 0..<2: (3, 1)])
        #expect(try found([scores], words: 4).map(\.words) == [0..<3])
        #expect(try found([scores], words: 4, nested: true).map(\.words) == [0..<3, 0..<2, 1..<2])
    }

    /// Of windows that overlap, each speaks for the spans that begin in its own words.
    @Test func windowsOwnWhatBeginsInThem() throws {
        let first = window(0..<4, owned: 0..<3, longest: 3, [2..<4: (0, 2), 3..<4: (1, 9)])
        let second = window(2..<6, owned: 3..<6, longest: 3, [2..<4: (2, 9), 4..<6: (3, 2)])
        let mentions = try found([first, second], words: 6)
        #expect(mentions.map(\.words) == [2..<4, 4..<6])
        #expect(mentions.map(\.type) == [0, 3])
    }

    @Test func numbersThatAreNoneFindNothing() throws {
        let none = ScoredWindow(words: 2, scores: [Float](repeating: .nan, count: 15))
        #expect(try found([none], words: 2).isEmpty)
        let wide = ScoredWindow(words: 1, scores: [0, .infinity, 0, 0, 0])
        #expect(try found([wide], words: 1).isEmpty)
    }

    @Test func shapesThatMakeNoSenseAreRefused() throws {
        for (width, longest) in [(0, 3), (4, 0), (4, 33), (1 << 20, 3)] {
            #expect(throws: ModelError.self) {
                try SpanHead.Configuration(width: width, longest: longest, nested: false).validate()
            }
        }
        try SpanHead.Configuration().validate()
    }
}
