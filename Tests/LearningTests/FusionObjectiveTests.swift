@testable import Kernels
@testable import Model
import Testing
@testable import Text

@testable import Learning
@testable import Randomness

/// A fusion that takes texts and evidence for matching as far as they point the same way.
private struct Pointing: EvidenceMatching {
    func matching<C: Computation>(
        _ text: C.Value, _ shown: C.Value, on computation: C
    ) throws(ShapeError) -> C.Value {
        try computation.rowProducts(text, shown)
    }

    func fuse<C: Computation>(
        _ words: WordsToFuse<C>, evidence: ShownEvidence<C.Value>, dropout: Float, on computation: C,
        note: (FusionNote, C.Value) -> Void
    ) throws(ShapeError) -> C.Value { words.rows }
}

/// What fusions learn from beside the tags: when there is something, and how much it is.
@Suite("What fusions learn from beside the tags")
struct FusionObjectiveTests {
    private let tape = Tape(TrainableParameters(layout: ParameterLayout(), seed: 1))

    private func rows(_ numbers: [[Float]]) throws -> Tape.Value {
        let all = numbers.flatMap(\.self)
        return try tape.constant(rows: numbers.count, columns: numbers[0].count, all.span)
    }

    /// Three posts, of two words, one, and one.
    private func forward(_ notes: [FusionNote: Tape.Value], isShown: [Bool]) throws -> FusionForward {
        let rows = try rows([[0], [0], [0], [0]])
        let lengths = [2, 1, 1]
        let wordPiece = try WordPiece(vocabulary: TinyModel.vocabulary, lowercase: true)
        let posts = lengths.map {
            TaggerExample(words: [String](repeating: "a", count: $0), wordPiece: wordPiece, limit: 9)
        }
        return FusionForward(
            tagging: Tagging([TagScores(rows: rows, lengths: lengths)], of: posts), fused: rows, notes: notes,
            isShown: isShown, dropout: 0)
    }

    private func value<Loss: Objective>(
        _ objective: Loss, _ notes: [FusionNote: Tape.Value], isShown: [Bool] = [true, true, true]
    ) throws -> Float? where Loss.Forward == FusionForward {
        var random = SeededGenerator(seed: 1)
        guard let term = try objective.term(forward(notes, isShown: isShown), on: tape, random: &random) else {
            return nil
        }
        return tape.array(term)[0]
    }

    /// ½ for each of two posts that are a deviation off; the third shows nothing, whatever stands there.
    @Test func divergenceIsThatOfPostsThatShowSomething() throws {
        let notes: [FusionNote: Tape.Value] = [
            .textMean: try rows([[0, 0], [0, 0], [0, 0]]), .textLogVariance: try rows([[0, 0], [0, 0], [0, 0]]),
            .shownMean: try rows([[1, -1], [9, 9], [1, 1]]), .shownLogVariance: try rows([[0, 0], [5, 5], [0, 0]]),
        ]
        let divergence = try #require(try value(LatentDivergence(), notes, isShown: [true, false, true]))
        #expect(abs(divergence - 1) < 1e-6)
        #expect(try value(LatentDivergence(), notes, isShown: [false, false, false]) == nil)
        #expect(try value(LatentDivergence(), [:]) == nil)
    }

    @Test func redundancyIsTheMeanOfEachPost() throws {
        let cosines = try rows([[1], [0], [-0.5], [0]])
        let repeated = try value(Redundancy(), [.redundancy: cosines])
        #expect(repeated == 0.75)
        let nothing = try value(Redundancy(), [:])
        #expect(nothing == nil)
    }

    /// Of a mean of 1 and a variance of 1, one half; of a mean of 0 and a variance of 1, nothing.
    @Test func divergenceCountsPosts() throws {
        let (ones, zeros) = (try rows([[1, 1], [1, 1]]), try rows([[0, 0], [0, 0]]))
        let text = [FusionNote.textMean: ones, .textLogVariance: zeros]
        let words = try value(BottleneckDivergence(), text, isShown: [false, false, false])
        #expect(words == 1.5)
        var both = text
        (both[.shownMean], both[.shownLogVariance]) = (ones, zeros)
        let wordsAndEvidence = try value(BottleneckDivergence(), both, isShown: [true, false, true])
        #expect(wordsAndEvidence == 2.5)
        both[.shownMean] = zeros
        let wordsAlone = try value(BottleneckDivergence(), both, isShown: [true, false, true])
        #expect(wordsAlone == 1.5)
        let nothing = try value(BottleneckDivergence(), [:])
        #expect(nothing == nil)
    }

    @Test func matchingNeedsTwoPostsThatShowSomething() throws {
        let matching = Matching(fusion: Pointing())
        let text = try rows([[30, -30], [0, 0], [-30, 30]])
        let notes = [FusionNote.textSummary: text, .shownSummary: text]
        // Own evidence matches, that of the next post that shows something does not: nothing is wrong.
        let told = try value(matching, notes, isShown: [true, false, true])
        #expect((told ?? .infinity) < 1e-6)
        // All look the same: two pairs that cannot be told, at `log 2` each, whether they belong together or not.
        let same = [FusionNote.textSummary: text, .shownSummary: try rows([[0, 0], [0, 0], [0, 0]])]
        let untold = try value(matching, same, isShown: [true, false, true])
        #expect(abs((untold ?? 0) - 4 * 0.693_147) < 1e-4)
        let alone = try value(matching, notes, isShown: [false, false, true])
        #expect(alone == nil)
        let nothing = try value(matching, [:])
        #expect(nothing == nil)
    }
}
