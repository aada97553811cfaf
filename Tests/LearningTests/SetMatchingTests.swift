@testable import Kernels
@testable import Model
import Testing
@testable import Text

@testable import Learning
@testable import Randomness

/// Which queries learn to say which mentions.
@Suite("Matching a set of queries")
struct SetMatchingTests {
    private struct Forward: TaggingForward {
        let tagging: Tagging
    }

    private let tape = Tape(TrainableParameters(layout: ParameterLayout(), seed: 1))

    private func objective(queries: Int, repeats: Int) -> SetMatching<Forward> {
        var layout = ParameterLayout()
        let shapes = ModelShapes(
            text: TinyModel.configuration(vocabulary: 9).text, picture: nil, tags: TagSet(.coarse))
        let head = QuerySetHead(.init(width: 4, heads: 2, layers: 1, queries: queries), shapes, in: &layout)
        return SetMatching(head, repeats: repeats)
    }

    /// One text of two words. Of each query: where it begins and ends a mention, 0 or 1, and its class.
    private func tagging(_ queries: [(begin: Int, end: Int, kind: Int)], _ gold: [TagSet.Span]) throws -> Tagging {
        let ends = queries.flatMap { query in
            (0..<2).flatMap { [$0 == query.begin ? 3 : -3, $0 == query.end ? 3 : -3] as [Float] }
        }
        let kinds = queries.flatMap { query in (0..<5).map { $0 == query.kind ? 4 : 0 } as [Float] }
        let scores = TagScores(
            rows: try tape.constant(rows: ends.count / 2, columns: 2, ends.span), lengths: [ends.count / 2]
        ).beside(
            rows: try tape.constant(rows: queries.count, columns: 5, kinds.span), lengths: [queries.count])
        let wordPiece = try WordPiece(vocabulary: TinyModel.vocabulary, lowercase: true)
        return Tagging([scores], of: [TaggerExample(words: ["a", "b"], spans: gold, wordPiece: wordPiece, limit: 9)])
    }

    private let gold = [TagSet.Span(words: 0..<1, type: 0), TagSet.Span(words: 1..<2, type: 2)]

    private func match(_ objective: SetMatching<Forward>, _ tagging: Tagging) throws -> SetMatching<Forward>.Match {
        try objective.match(tape.array(tagging.passes[0]), tagging)
    }

    @Test func mentionsGoToWhoSaysThemBest() throws {
        let tagging = try tagging([(1, 1, 3), (0, 0, 0), (0, 0, 1)], gold)
        let match = try match(objective(queries: 3, repeats: 1), tagging)
        #expect(match.classes == [3, 0, 1])
        #expect(match.places == [0, 0, 1, 1, 0, 0, 0, 0, 1, 1, 0, 0])
        #expect(match.weights == [1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1])
        #expect(match.count == 2)
    }

    /// Each to several queries, as far as they go; where there are too few, the last mentions are nobody's.
    @Test func mentionsAreGivenToSeveral() throws {
        let four = try tagging([(0, 0, 0), (0, 0, 0), (0, 0, 0), (0, 0, 0)], gold)
        #expect(try match(objective(queries: 4, repeats: 9), four).count == 4)
        let one = try tagging([(0, 0, 0)], gold)
        #expect(try match(objective(queries: 1, repeats: 3), one).classes == [1])
    }

    private func loss(_ queries: [(begin: Int, end: Int, kind: Int)], _ gold: [TagSet.Span]) throws -> Float {
        var random = SeededGenerator(seed: 1)
        let objective = objective(queries: queries.count, repeats: 1)
        let term = try objective.term(Forward(tagging: tagging(queries, gold)), on: tape, random: &random)
        return tape.array(try #require(term))[0]
    }

    @Test func whatIsRightCostsLess() throws {
        let right = try loss([(0, 0, 1), (1, 1, 3), (0, 0, 0)], gold)
        #expect(try right < loss([(0, 0, 1), (1, 1, 2), (0, 0, 0)], gold))
        #expect(try right < loss([(0, 0, 1), (0, 1, 3), (0, 0, 0)], gold))
        #expect(try right < loss([(0, 0, 1), (1, 1, 3), (0, 0, 4)], gold))
    }

    /// A text without mentions: every query is none, and there is something to learn.
    @Test func nothingIsASetToo() throws {
        let quiet = try loss([(0, 0, 0), (1, 1, 0)], [])
        #expect(try quiet.isFinite && quiet < loss([(0, 0, 1), (1, 1, 0)], []))
    }
}
