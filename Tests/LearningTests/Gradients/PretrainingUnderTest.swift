import Testing

@testable import Kernels
@testable import Learning
@testable import Model

@Suite("Heads of pre-training, forward and backward against double precision")
struct PretrainingGradientTests {
    @Test(arguments: MultiLevelSettings.Pooling.allCases)
    func matching(_ pooling: MultiLevelSettings.Pooling) throws {
        try GradientCheck.check(MatchingNetwork(pooling))
    }

    @Test func objects() throws { try GradientCheck.check(ObjectNetwork()) }

    fileprivate static func shape(_ pooling: MultiLevelSettings.Pooling) -> MultiLevelHeads.Shape {
        MultiLevelHeads.Shape(
            textWidth: 4, pictureWidth: 3, width: 5, matching: (4, 2), hidden: 6, nouns: 3, pooling: pooling)
    }
}

/// Sentences of two and three pieces beside pictures of two tokens each.
private struct MatchingNetwork: NetworkUnderTest {
    private(set) var layout = ParameterLayout()
    let inputs = [(rows: 5, columns: 4), (rows: 4, columns: 3)]
    let dropout: Float = 0.1
    private let matcher: PairMatcher

    init(_ pooling: MultiLevelSettings.Pooling) {
        matcher = PairMatcher(PretrainingGradientTests.shape(pooling), in: &layout)
    }

    func results<C: Computation>(_ x: [C.Value], on computation: C) throws -> [C.Value] {
        let offered = try matcher.offer(x[1], on: computation)
        return [
            try matcher.match(x[0], lengths: [2, 3], with: offered, tokens: 2, dropout: dropout, on: computation)
        ]
    }
}

private struct ObjectNetwork: NetworkUnderTest {
    private(set) var layout = ParameterLayout()
    let inputs = [(rows: 4, columns: 3)]
    let dropout: Float = 0.1
    private let heads: MultiLevelHeads

    init() { heads = MultiLevelHeads(PretrainingGradientTests.shape(.mean), in: &layout) }

    func results<C: Computation>(_ x: [C.Value], on computation: C) throws -> [C.Value] {
        [try heads.classify(x[0], dropout: dropout, on: computation)]
    }
}
