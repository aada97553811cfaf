import Randomness
import Testing
@testable import Text

@testable import Model

/// How unsure a model is by passes with dropout.
@Suite struct SamplingTests {
    /// See Fixtures/make_sampling.py.
    @Test func passesAreAveragedAsPyTorchDoes() throws {
        let numbers = try Matrices(fixture("Sampling/passes.safetensors"))
        let tags = TagSet(try TypeInventory(["PER", "LOC", "ORG"]))
        var layout = ParameterLayout()
        let chain = TagChain(tags: tags.count, in: &layout)
        let parts = try ["transitions", "start", "end"].map { try numbers.floats($0) }
        var next = parts.makeIterator()
        let decoder = try CRFDecoder(tags, chain) { _ in next.next() ?? [] }
        let (emissions, spans) = (try numbers.floats("emissions"), try numbers.integers("spans"))
        let mentions = stride(from: 0, to: spans.count, by: 2).map {
            Mention(words: spans[$0]..<spans[$0 + 1], type: 0, score: 1)
        }
        let (passes, words) = (4, 5)
        var sums: [MentionShares] = []
        for pass in 0..<passes {
            let size = words * tags.count
            let window = ScoredWindow(words: words, scores: Array(emissions[pass * size..<(pass + 1) * size]))
            let shares = try decoder.shares(of: mentions, in: [window], words: words)
            if pass == 0 { sums = shares } else { for index in sums.indices { sums[index] += shares[index] } }
        }
        let said = sums.map { $0.uncertainty(passes: passes) }
        #expect(relativeError(said.map(\.span), try numbers.floats("span")) < 1e-5)
        #expect(relativeError(said.map(\.type), try numbers.floats("type")) < 1e-5)
    }

    /// Heads that score no chain find a mention again, or do not.
    @Test func otherHeadsLookForTheMentionsAgain() throws {
        let decoder = SpanDecoder(configuration: .init(width: 1, longest: 2, nested: false), types: 4)
        func window(_ first: [Float]) -> ScoredWindow {
            ScoredWindow(words: 2, scores: first + [9, 0, 0, 0, 0] + [9, 0, 0, 0, 0])
        }
        let mentions = try decoder.mentions(of: [window([0, 2, 1, 0, 0])], words: 2)
        #expect(mentions.map(\.words) == [0..<1])
        let again = try decoder.shares(of: mentions, in: [window([1, 0, 3, 0, 0])], words: 2)[0]
        #expect(again.types.firstIndex(of: again.types.max() ?? 0) == 1)
        #expect(abs(again.span - again.types.reduce(0, +)) < 1e-6 && again.span > 0.5)
        let lost = try decoder.shares(of: mentions, in: [window([9, 0, 0, 0, 0])], words: 2)[0]
        #expect(lost.types == [0, 0, 0, 0])
        #expect(lost.uncertainty(passes: 1) == Uncertainty(span: 1, type: 1, region: 0))
    }

    @Test func dropoutIsOffUnlessSomebodySamples() throws {
        let evaluator = try evaluator(ParameterValues(ParameterLayout(), seed: 1))
        let ones = [Float](repeating: 1, count: 4000)
        let x = try evaluator.constant(rows: 40, columns: 100, ones.span)
        #expect(try evaluator.array(evaluator.dropout(x, rate: 0.25)) == ones)
        evaluator.dropoutStream = SeededGenerator(seed: 1, stream: 2)
        let dropped = try evaluator.array(evaluator.dropout(x, rate: 0.25))
        #expect(dropped.allSatisfy { $0 == 0 || $0 == 1 / 0.75 })
        #expect(abs(dropped.count { $0 == 0 } - 1000) < 150)
        #expect(try evaluator.array(evaluator.dropout(x, rate: 0.25)) != dropped)
        #expect(try evaluator.array(evaluator.dropout(x, rate: 0)) == ones)
    }

    @Test func aTextIsReadTheSameWayWhateverWasReadBefore() throws {
        try withTemporaryDirectory { directory in
            try TinyModel.write(ModelWriter(directory, storage: .float32), seed: 3)
            let model = try Grounder(directory: directory)
            func post(_ text: String) -> PostText {
                var post = PostText(text: text, alt: "a woman before a tower")
                post.wantsSamples = true
                return post
            }
            func uncertainties(_ worker: GroundingWorker, _ text: String) throws -> [Uncertainty] {
                let reading = try worker.read([post(text)])[0]
                return try worker.ground(reading, picture: nil).map(\.uncertainty)
            }
            let (worker, text) = (try model.makeWorker(), "Ann met Bob in Rio with NASA")
            let first = try uncertainties(worker, text)
            #expect(!first.isEmpty && first.allSatisfy { $0.region > 0 && $0.span >= 0 && $0.span <= 1 })
            _ = try uncertainties(worker, "Kim saw Oslo")
            #expect(try uncertainties(worker, text) == first)
            #expect(try uncertainties(model.makeWorker(), text) == first)
            // The answers are what they are without, and dropout says something of its own.
            let plain = try worker.ground(
                worker.read([PostText(text: text, alt: "a woman before a tower")])[0], picture: nil)
            let sampled = try worker.ground(worker.read([post(text)])[0], picture: nil)
            #expect(plain.map(\.score) == sampled.map(\.score) && plain.map(\.visible) == sampled.map(\.visible))
            #expect(plain.map(\.uncertainty) != first)
            #expect(plain.allSatisfy { $0.sampled == nil })
        }
    }

    @Test func longTextsAreSampledToTheirEnd() throws {
        try withTemporaryDirectory { directory in
            try TinyModel.write(ModelWriter(directory, storage: .float32), seed: 3)
            let worker = try Grounder(directory: directory).makeWorker()
            var post = PostText(text: String(repeating: "Ann met Bob in Rome today. ", count: 60))
            post.wantsSamples = true
            let mentions = try worker.ground(worker.read([post])[0], picture: nil)
            #expect(mentions.count > 3 && mentions.allSatisfy { $0.sampled != nil })
            // Several blocks, each with places of its own.
            post.text = "Ann met Bob.\n\n" + String(repeating: "Kim went to Rome.\n\n", count: 5)
            #expect(try worker.read([post])[0].mentions.allSatisfy { $0.sampled != nil })
        }
    }
}
