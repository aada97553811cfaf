@testable import Kernels
import SystemPackage
@testable import Text
import Testing

@testable import Model

// A method with a part of its own, added from outside: this file is all that it takes, and a line of `Methods.all` for
// `config.json` to find it.

/// Tags each word by itself, without a chain: as early taggers did, for as long as this test runs.
private enum Throwaway: Method {
    static let name = "throwaway"
    static let summary = "each word by itself"
    static let paper = "none"

    struct Settings: MethodSettings {
        var words = WordConfiguration()
        var threshold: Float = 0

        func validate(_ shapes: ModelShapes) throws(ModelError) {
            try words.validate(shapes.text)
            guard threshold.isFinite else { throw ModelError(.invalid, "threshold is \(threshold)") }
        }
    }

    static func parts(
        _ settings: Settings, _ shapes: ModelShapes, in layout: inout ParameterLayout
    ) throws(ModelError) -> MethodParts {
        let words = WordReader(settings.words, encoder: shapes.text, in: &layout)
        let head = WordByWord(
            types: shapes.tags.inventory.count, threshold: settings.threshold,
            score: layout.linear("throwaway", inputs: words.width, outputs: shapes.tags.inventory.count))
        return MethodParts(words: words, head: head)
    }
}

/// The part: a score for each type of each word; each window of a long text alone.
private struct WordByWord: TagHead, MentionDecoder {
    let types: Int
    let threshold: Float
    let score: Linear

    func score<C: Computation>(
        _ words: C.Value, lengths: [Int], evidence: ShownEvidence<C.Value>, dropout: Float, on computation: C
    ) throws(ShapeError) -> TagScores<C.Value> {
        TagScores(rows: try computation.linear(words, score, .identity), lengths: lengths)
    }

    func decoder(_ read: (Parameter) -> [Float]) throws(ShapeError) -> any MentionDecoder { self }

    func mentions(of windows: [ScoredWindow], words: Int) throws(ShapeError) -> [Mention] {
        windows.flatMap { window in
            window.owned.compactMap { word in
                let first = (word - window.words.lowerBound) * types
                let scores = window.scores[first..<first + types]
                guard let best = scores.max(), best > threshold else { return nil }
                return Mention(
                    words: word..<word + 1, type: (scores.firstIndex(of: best) ?? first) - first, score: best)
            }
        }
    }
}

@Suite struct ThrowawayMethodTests {
    private func worker(threshold: Float) throws -> GroundingWorker {
        var settings = Throwaway.Settings()
        settings.threshold = threshold
        let vocabulary = TinyModel.vocabulary
        let network = try Network(TinyModel.configuration(Throwaway.self, settings, vocabulary: TinyModel.pieces))
        #expect(network.looks == .never && network.patchEncoder == nil)
        let values = try ParameterValues(network.reading, seed: 1)
        return try Grounder(
            network, WordPiece(vocabulary: vocabulary, lowercase: true), reading: values
        ) { () throws(ModelError) in try ParameterValues(network.seeing, seed: 1) }.makeWorker()
    }

    @Test func anotherHeadAnswersPosts() throws {
        let all = try worker(threshold: -1e9)
        let reading = try all.read([PostText(text: "Ann met Bob in Rio")])[0]
        #expect(reading.mentions.map(\.scalars) == [0..<3, 4..<7, 8..<11, 12..<14, 15..<18])
        #expect(try all.ground(reading, picture: nil) == reading.mentions)
        #expect(try worker(threshold: 1e9).read([PostText(text: "Ann met Bob in Rio")])[0].mentions.isEmpty)
    }

    /// A text of several windows: each word is spoken for once, whatever windows share.
    @Test func longTextsAreTheHeadsBusiness() throws {
        let text = String(repeating: "Ann met Bob ", count: 200)
        let reading = try worker(threshold: -1e9).read([PostText(text: text)])[0]
        #expect(reading.mentions.map(\.words) == (0..<600).map { $0..<$0 + 1 })
    }

    @Test func whatItIsToldIsChecked() throws {
        #expect(throws: ModelError(.invalid, "threshold is inf")) { try worker(threshold: .infinity) }
    }
}
