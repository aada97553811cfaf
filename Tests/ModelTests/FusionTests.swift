@testable import Kernels
import Testing
@testable import Text

@testable import Model

/// What holds of every fusion: posts of a batch do not reach each other, and without evidence there is the text.
@Suite struct FusionTests {
    private static let methods = Methods.all.compactMap { $0 as? any FusionMethod.Type }
    private static let texts = TextEncoderConfiguration(
        family: .bert, width: 8, layers: 2, heads: 2, innerWidth: 16, vocabularySize: 9, positions: 8, segments: 2,
        epsilon: 1e-6)
    private static let pictures = PatchEncoderConfiguration(
        family: .dinov2, width: 5, layers: 1, heads: 1, innerRatio: 2, imageSize: 4, patchSize: 2)

    /// What is shown with three posts: a picture, nothing, words.
    private static let tokenCounts = [3, 0, 0]
    private static let altCounts = [0, 0, 2]
    private static let lengths = [2, 3, 1]

    /// A method's fusion and head over posts, each with its own words.
    private struct Fused<M: FusionMethod> {
        private let words: WordReader
        private let fusion: M.Part
        private let head: M.Head
        private let evaluator: Evaluator

        init(_ method: M.Type) throws {
            var layout = ParameterLayout()
            words = WordReader(WordConfiguration(shapes: 0), encoder: FusionTests.texts, in: &layout)
            let shapes = ModelShapes(text: FusionTests.texts, picture: FusionTests.pictures, tags: TagSet(.coarse))
            fusion = M.Part(M.Part.Configuration(), shapes, in: &layout)
            head = M.Head(M.Head.Configuration(), shapes, in: &layout)
            evaluator = try ModelTests.evaluator(try ParameterValues(layout, seed: 4))
        }

        /// Rows of the words of some posts, fused, and as they were read; and what the head scores, post by post.
        func rows(
            _ posts: Range<Int>, showing isShown: Bool = true
        ) throws -> (fused: [Float], read: [Float], scores: [[Float]]) {
            evaluator.reset()
            var batch = PieceBatch()
            for post in posts {
                let length = FusionTests.lengths[post]
                batch.words += (0..<length).map { batch.ids.count + $0..<batch.ids.count + $0 + 1 }
                batch.ids += (0..<length).map { Int32(1 + post + 2 * $0) }
                batch.lengths.append(length)
            }
            let read = try words.states(batch, on: evaluator)
            let toFuse = WordsToFuse<Evaluator>(read, lengths: batch.lengths) { (prefix) throws(ShapeError) in
                try words.states(batch, prefix: prefix, on: evaluator)
            }
            var evidence = ShownEvidence<Evaluator.Value>.nothing(posts.count)
            if isShown {
                evidence.tokenCounts = Array(FusionTests.tokenCounts[posts])
                evidence.altCounts = Array(FusionTests.altCounts[posts])
                evidence.tokens = try numbers(evidence.tokenCounts, columns: 5)
                evidence.alt = try numbers(evidence.altCounts, columns: 8)
            }
            let before = evaluator.array(read)
            let fused = try fusion.fuse(toFuse, evidence: evidence, on: evaluator)
            let scores = try head.score(fused, lengths: batch.lengths, evidence: evidence, dropout: 0, on: evaluator)
            return (evaluator.array(fused), before, evaluator.array(scores))
        }

        private func numbers(_ counts: [Int], columns: Int) throws -> Evaluator.Value? {
            let rows = counts.reduce(0, +)
            let numbers = (0..<rows * columns).map { Float($0 * 7 % 5) - 2 }
            return rows > 0 ? try evaluator.constant(rows: rows, columns: columns, numbers.span) : nil
        }
    }

    @Test(arguments: methods.map { $0.name }) func postsOfABatchDoNotReachEachOther(_ name: String) throws {
        let method = try #require(Self.methods.first { $0.name == name })
        try check(method)
    }

    private func check<M: FusionMethod>(_ method: M.Type) throws {
        let fused = try Fused(method)
        let all = try fused.rows(0..<3)
        let columns = all.fused.count / Self.lengths.reduce(0, +)
        var (row, changed) = (0, false)
        for (post, length) in Self.lengths.enumerated() {
            let own = Array(all.fused[row * columns..<(row + length) * columns])
            let alone = try fused.rows(post..<post + 1)
            #expect(relativeError(alone.fused, own) < 1e-5, "post \(post)")
            #expect(relativeError(alone.scores[0], all.scores[post]) < 1e-5, "post \(post)")
            let change = relativeError(
                try fused.rows(post..<post + 1, showing: false).scores[0], all.scores[post])
            if post == 1 { #expect(change < 1e-5, "what shows nothing from its text") }
            changed = changed || change > 1e-5
            row += length
        }
        #expect(changed)
    }

    /// Without evidence what was read comes back as it is, to the last bit.
    @Test func whatIsSimilarToNothingStays() throws {
        let fused = try Fused(DSEHOF.self)
        let alone = try fused.rows(0..<3, showing: false)
        #expect(alone.fused == alone.read)
        let shown = try fused.rows(0..<3)
        #expect(shown.fused[16..<40] == shown.read[16..<40])
        #expect(shown.fused[0..<16] != shown.read[0..<16])
    }

    @Test func shapesThatMakeNoSenseAreRefused() throws {
        let shapes = ModelShapes(text: Self.texts, picture: nil, tags: TagSet(.coarse))
        #expect(throws: ModelError.self) {
            try DualSimilarity.Configuration(width: 0, temperature: 1).validate(shapes)
        }
        for temperature: Float in [0, -1, .infinity] {
            let error = #expect(throws: ModelError.self) {
                try DualSimilarity.Configuration(width: 4, temperature: temperature).validate(shapes)
            }
            #expect(error?.description.contains("fusion: temperature is") == true)
        }
        for (width, heads, limit) in [(4, 3, 0.1), (3, 3, 0.1), (4, 2, -1), (4, 2, Float.infinity)] {
            #expect(throws: ModelError.self) {
                try VariationalBottleneck.Configuration(width: width, heads: heads, sharpness: .learned, limit: limit)
                    .validate(shapes)
            }
        }
        try VariationalBottleneck.Configuration(width: 4, heads: 2, sharpness: .published, limit: 0).validate(shapes)
    }
}
