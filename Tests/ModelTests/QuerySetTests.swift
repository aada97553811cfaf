import Testing

@testable import Model

/// What queries become mentions.
@Suite("A set of queries")
struct QuerySetTests {
    /// A query's scores, large where something is said: the words where a mention begins and ends, its type, how surely.
    private struct Query {
        var begin: Int
        var end: Int
        var type: Int?
        var score: Float = 4
    }

    private func window(_ words: Range<Int>, owned: Range<Int>? = nil, _ queries: [Query]) -> ScoredWindow {
        let ends = queries.flatMap { query in
            (0..<words.count).flatMap { [$0 == query.begin ? 5 : -5, $0 == query.end ? 5 : -5] as [Float] }
        }
        let kinds = queries.flatMap { query in
            (0..<3).map { $0 == (query.type ?? -1) + 1 ? query.score : 0 } as [Float]
        }
        return ScoredWindow(words: words, owned: owned ?? words, scores: ends + kinds)
    }

    private func found(_ windows: [ScoredWindow], queries: Int, words: Int) throws -> [Mention] {
        try QuerySetDecoder(queries: queries, types: 2).mentions(of: windows, words: words)
    }

    @Test func eachQueryIsAMentionOrNone() throws {
        let mentions = try found(
            [
                window(
                    0..<4,
                    [Query(begin: 2, end: 3, type: 1), Query(begin: 0, end: 0, type: 0), Query(begin: 1, end: 1)])
            ],
            queries: 3, words: 4)
        #expect(mentions.map(\.words) == [0..<1, 2..<4])
        #expect(mentions.map(\.type) == [0, 1])
        #expect(mentions.allSatisfy { abs($0.posterior.reduce(0, +) - 1) < 1e-5 && $0.score > 0.9 && $0.score < 1 })
    }

    @Test func ofTwoThatOverlapTheSurerStays() throws {
        let queries = [Query(begin: 0, end: 2, type: 0, score: 3), Query(begin: 2, end: 3, type: 1, score: 6)]
        #expect(try found([window(0..<4, queries)], queries: 2, words: 4).map(\.words) == [2..<4])
    }

    /// The most probable begin lies behind the most probable end: the best pair in order is taken.
    @Test func noMentionEndsBeforeItBegins() throws {
        let mentions = try found([window(0..<3, [Query(begin: 2, end: 0, type: 0)])], queries: 1, words: 3)
        #expect(mentions.count == 1 && mentions[0].words.count > 0)
        #expect(mentions.allSatisfy { $0.score < 0.01 })
    }

    @Test func windowsOwnWhatBeginsInThem() throws {
        let first = window(0..<4, owned: 0..<3, [Query(begin: 2, end: 3, type: 0), Query(begin: 3, end: 3, type: 1)])
        let second = window(2..<6, owned: 3..<6, [Query(begin: 0, end: 1, type: 1), Query(begin: 2, end: 3, type: 1)])
        let mentions = try found([first, second], queries: 2, words: 6)
        #expect(mentions.map(\.words) == [2..<4, 4..<6])
        #expect(mentions.map(\.type) == [0, 1])
    }

    @Test func numbersThatAreNoneFindNothing() throws {
        let none = ScoredWindow(words: 2, scores: [Float](repeating: .nan, count: 7))
        #expect(try found([none], queries: 1, words: 2).isEmpty)
        #expect(try found([ScoredWindow(words: 0, scores: [0, 9, 0])], queries: 1, words: 0).isEmpty)
    }

    @Test func shapesThatMakeNoSenseAreRefused() throws {
        for shape in [(0, 1, 1, 1), (4, 3, 1, 1), (4, 2, 0, 1), (4, 2, 1, 0), (4, 2, 1, 257)] {
            #expect(throws: ModelError.self) {
                try QuerySetHead.Configuration(width: shape.0, heads: shape.1, layers: shape.2, queries: shape.3)
                    .validate()
            }
        }
        try QuerySetHead.Configuration().validate()
    }
}
