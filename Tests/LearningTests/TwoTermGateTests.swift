import Testing

@testable import Geometry
@testable import Kernels
@testable import Learning
@testable import Model

/// The gate in two terms: what the text says, and what the picture adds.
@Suite("A gate of two terms")
struct TwoTermGateTests {
    private func post(_ words: String, _ origin: EvidencePost.Origin, image: String? = nil, isVisible: Bool? = true)
        -> EvidencePost
    {
        var post = EvidencePost(
            words: words.split(separator: " ").map(String.init),
            entities: [
                EvidencePost.Entity(words: 0..<1, typeIndex: 0, isVisible: isVisible, boxes: [], isPerson: true)
            ], image: image)
        post.origin = origin
        return post
    }

    private let picture = PatchEncoderConfiguration(
        family: .dinov2, width: 3, layers: 1, heads: 1, innerRatio: 2, imageSize: 4, patchSize: 2)

    /// With neither picture nor alternative text the answer is the prior's, and with either it is the sum.
    @Test func whatShowsNothingAddsNothing() throws {
        var layout = ParameterLayout()
        let heads = GroundingHeads(
            EvidenceConfiguration(width: 4, heads: 2, layers: 1, prior: 5), textWidth: 2, picture: picture,
            typeCount: 2, in: &layout)
        let tape = Tape(TrainableParameters(layout: layout, seed: 3))
        func numbers(_ rows: Int, _ columns: Int) throws -> Tape.Value {
            let numbers = (0..<rows * columns).map { Float($0 % 7) / 3 - 1 }
            return try tape.constant(rows: rows, columns: columns, numbers.span)
        }
        let result = try heads.ground(
            EvidenceBatch(
                queries: numbers(4, 4), kinds: [0, 1, 1, 0], entities: [1, 2, 1], texts: numbers(3, 2),
                tokens: numbers(picture.tokens, 3), isPictured: [true, false, false], alt: numbers(2, 2),
                altCounts: [0, 0, 2]), on: tape)
        let terms = try #require(result.terms)
        let (prior, difference) = (tape.array(terms.prior), tape.array(terms.difference))
        #expect(difference[1] == 0 && difference[2] == 0 && difference[0] != 0 && difference[3] != 0)
        #expect(tape.array(result.visible) == zip(prior, difference).map { $0 + $1 })
        #expect(layout.entries.contains { $0.names == ["prior.logit.weight"] })
    }

    /// No post's offset comes from a net that learned from it or from its like; every net learns from some.
    @Test func offsetsComeFromNetsThatHaveNotSeenThePost() throws {
        let posts = [
            post("Kim smiles", .written), post("Ann sings", .pictured), post("Kim smiles", .written),
            post("Bob runs", .written), post("Rex barks", .made, image: "a"), post("Ann laughs", .made, image: "b"),
            post("A dog barks", .made, image: "a"),
        ]
        var layout = ParameterLayout()
        let priors = CrossFittedPriors(of: posts, queryWidth: 2, typeCount: 2, width: 3, in: &layout)
        let tape = Tape(TrainableParameters(layout: layout, seed: 3))
        let queries: [Float] = (0..<14).map { Float($0) / 5 }
        let batch = EvidenceBatch(
            queries: try tape.constant(rows: 7, columns: 2, queries.span),
            kinds: Array(repeating: 0, count: 7), entities: Array(repeating: 1, count: 7),
            texts: try tape.constant(rows: 7, columns: 1, [0, 0, 0, 0, 0, 0, 0].span), tokens: nil,
            isPictured: Array(repeating: false, count: 7), alt: nil, altCounts: Array(repeating: 0, count: 7))
        let logits = try priors.logits(batch, dropout: 0, on: tape)
        let offsets = priors.offsets(logits, postOfEntity: Array(0..<7), on: tape)
        func net(_ post: Int) throws -> Int {
            try #require(logits.firstIndex { tape.array($0)[post] == offsets[post] })
        }
        for post in posts.indices { #expect(!priors.learns(try net(post), from: post)) }
        #expect(try net(0) == net(2) && net(0) != net(1) && net(4) == net(6) && net(4) != net(5))
        // Posts made of photographs teach nets of their own.
        for net in logits.indices {
            let taught = posts.indices.filter { priors.learns(net, from: $0) }
            #expect(!taught.isEmpty && Set(taught.map { $0 < 4 }).count == 1, "net \(net)")
        }
    }

    /// What to learn of the difference, by what is shown.
    @Test func truthIsWhatIsShown() {
        func truth(_ shown: EvidenceSet.Shown, _ isVisible: Bool?) -> Float? {
            let post = post("Kim", .written, isVisible: isVisible)
            let scene = EvidenceForward.Scene(examples: [0], shown: [shown], entities: [post.entities(in: shown)])
            return scene.truth(offsets: [0])[0]
        }
        let own = EvidenceSet.Shown(picture: "own")
        #expect(truth(own, true) == 1 && truth(own, false) == 0 && truth(own, nil) == nil)
        #expect(truth(EvidenceSet.Shown(alt: ["a man"]), true) == 1)
        // Nothing is shown: nothing to learn. Something else is: as likely as the text says, or certainly not.
        #expect(truth(EvidenceSet.Shown(), true) == nil)
        #expect(truth(EvidenceSet.Shown(picture: "plain", showsNothing: true, leavesItToText: true), true) == 0.5)
        #expect(truth(EvidenceSet.Shown(picture: "other", showsNothing: true), true) == 0)
    }
}
