import Testing

@testable import Kernels

/// What works on a number for each pair of rows: where the groups end, and numbers at which the obvious way fails. Slopes
/// are held against differences in the tests of the tape.
@Suite struct PairTests {
    /// The second group has no key, the third no query, and the last more keys than lanes.
    private static func groups() throws -> PairGroups {
        try PairGroups(queryLengths: [2, 1, 0, 2], keyLengths: [3, 0, 1, 19])
    }

    @Test func pairsLieGroupByGroupAndQueryByQuery() throws {
        let groups = try Self.groups()
        let queries: [Float] = [1, 2, 3, 4, 5], keys = (0..<23).map { Float($0 + 1) }
        let products = try output(groups.pairCount) { try pairProducts(&$0, queries.span, keys.span, groups, scale: 2) }
        let expected = [(0, 0..<3), (1, 0..<3), (3, 4..<23), (4, 4..<23)].flatMap { query, keys in
            keys.map { 2 * queries[query] * Float($0 + 1) }
        }
        #expect(products == expected)
    }

    @Test func aQueryWithoutKeysIsLeftAlone() throws {
        let groups = try Self.groups()
        let weights = [Float](repeating: 1, count: groups.pairCount), keys = (0..<23).map { Float($0 + 1) }
        let sums = try output(5, from: 7) { try addPairSums(&$0, weights.span, keys.span, groups, over: .keys) }
        #expect(sums == [13, 13, 7, 273, 273])
        let queries: [Float] = [1, 2, 3, 4, 5]
        let back = try output(23, from: 0) { try addPairSums(&$0, weights.span, queries.span, groups, over: .queries) }
        #expect(back == [3, 3, 3, 0] + [Float](repeating: 9, count: 19))
    }

    @Test(arguments: [PairGroups.Side.keys, .queries]) func sharesAddUpToOne(side: PairGroups.Side) throws {
        let groups = try PairGroups(queryLengths: [3, 4], keyLengths: [21, 2])
        var numbers = Numbers(3)
        let scores = numbers(groups.pairCount, scale: 300)
        let shares = try output(scores.count) { try pairSoftmax(&$0, scores.span, groups, over: side) }
        #expect(shares.allSatisfy { $0 >= 0 && $0 <= 1 })
        let ones = [Float](repeating: 1, count: side == .keys ? groups.keyCount : groups.queryCount)
        let count = side == .keys ? groups.queryCount : groups.keyCount
        let sums = try output(count, from: 0) { try addPairSums(&$0, shares.span, ones.span, groups, over: side) }
        expectClose(sums, [Double](repeating: 1, count: count))
    }

    /// `exp(0.9 / 0.001)` is no Float; nor is `exp(0.9 / 0.002)`, of which the share of ε is nothing.
    @Test func aFilterOfAnyTemperatureStaysFinite() throws {
        let groups = try PairGroups(queryLengths: [3], keyLengths: [3])
        let similarities: [Float] = [0.9, 0.8, -1, 0.1, 0.2, 0.2, 0.2001, 0.3, -0.5]
        for temperature: Float in [1e-30, 0.001, 0.002, 1e30] {
            let filter = SimilarityFilter(threshold: 0.2, temperature: temperature, epsilon: 0.1)
            let shares = try output(9) { try filterPairs(&$0, similarities.span, filter, groups) }
            #expect(shares.allSatisfy { $0 >= 0 && $0 <= 1 })
            #expect(shares[0] > (temperature < 1 ? 0.999 : 0.4) && shares[2] == 0 && shares[8] == 0)
            // Similar to none: as if there were no key.
            #expect(shares[3..<6] == [0, 0, 0])
            var slope = [Float](repeating: 0, count: 9)
            var span = slope.mutableSpan
            let threshold = try filterPairsBackward(&span, shares.span, similarities.span, filter, groups)
            #expect(threshold.isFinite)
            #expect(slope.allSatisfy { $0.isFinite })
            #expect(slope[3..<6] == [0, 0, 0])
        }
    }

    /// A share grows from nothing with what is above the threshold, and ε says how soon.
    @Test func sharesGoToZeroAtTheThreshold() throws {
        let groups = try PairGroups(queryLengths: [1], keyLengths: [1])
        let filter = SimilarityFilter(threshold: 0.25, temperature: 0.5, epsilon: 0.1)
        let shares = try [0.25, 0.2501, 0.35, 1].map { similarity -> Float in
            let x = [Float(similarity)]
            return try output(1) { try filterPairs(&$0, x.span, filter, groups) }[0]
        }
        expectClose(shares, [0, 0.001646, 0.668187, 0.982270], within: 1e-5)
    }

    @Test func noNumberStaysNone() throws {
        let groups = try PairGroups(queryLengths: [2], keyLengths: [2])
        let x: [Float] = [.nan, 0.9, .nan, -0.9]
        let filter = SimilarityFilter(threshold: 0.2, temperature: 0.1, epsilon: 0.1)
        let shares = try output(4) { try filterPairs(&$0, x.span, filter, groups) }
        #expect(shares[0].isNaN)
        #expect(shares[2].isNaN)
        for side in [PairGroups.Side.keys, .queries] {
            let all = try output(4) { try pairSoftmax(&$0, x.span, groups, over: side) }
            #expect(all[0].isNaN)
        }
    }

    @Test func whatIsAddedIsBounded() throws {
        let x: [Float] = [3, 4, 0, 0, 1, 1], y: [Float] = [0, 50, 1, 2, 0, 0]
        let sum = try output(6) { try boundedSum(&$0, x.span, y.span, limit: 0.1, lengths: [1, 1, 1], columns: 2) }
        expectClose(sum, [3, 4.5, 0, 0, 1, 1])
        // Where one side is nothing, no slope is none.
        let ones = [Float](repeating: 1, count: 6)
        let operands = BoundedSumOperands(x.span, y.span, limit: 0.1, lengths: [1, 1, 1], columns: 2)
        let first = try output(6, from: 0) { try boundedSumBackward(x: &$0, ones.span, operands) }
        #expect(first.allSatisfy { $0.isFinite })
        let second = try output(6, from: 0) { try boundedSumBackward(y: &$0, ones.span, operands) }
        expectClose(second, [0.01, 0, 0, 0, 1, 1])
    }

    @Test func variancesAreHeld() throws {
        let zeros: [Float] = [0, 0, 0], ones: [Float] = [1, 1, 1], l: [Float] = [-100, 0, 100]
        let sample = try output(3) { try normalSample(&$0, zeros.span, logVariance: l.span, noise: ones.span) }
        expectClose(sample, [0.018316, 1, 54.598150])
        let slope = try output(3, from: 0) {
            try normalSampleBackward(logVariance: &$0, ones.span, logVariance: l.span, noise: ones.span)
        }
        #expect(slope == [0, 0.5, 0])
    }

    @Test func refusesWhatDoesNotFit() throws {
        let groups = try PairGroups(queryLengths: [2], keyLengths: [3]), x = [Float](repeating: 0, count: 6)
        let filter = SimilarityFilter(threshold: 0, temperature: 1, epsilon: 1)
        #expect(throws: ShapeError.self) { try PairGroups(queryLengths: [1, 2], keyLengths: [3]) }
        #expect(throws: ShapeError.self) { try PairGroups(queryLengths: [-1], keyLengths: [3]) }
        #expect(throws: ShapeError.self) { try output(5) { try pairProducts(&$0, x.span, x.span, groups) } }
        #expect(throws: ShapeError.self) {
            try output(6) { try addPairSums(&$0, x.span, x.span, groups, over: .keys) }
        }
        #expect(throws: ShapeError.self) { try output(5) { try pairSoftmax(&$0, x.span, groups, over: .keys) } }
        #expect(throws: ShapeError.self) { try output(5) { try filterPairs(&$0, x.span, filter, groups) } }
        #expect(throws: ShapeError.self) {
            let cold = SimilarityFilter(threshold: 0, temperature: 0, epsilon: 1)
            return try output(6) { try filterPairs(&$0, x.span, cold, groups) }
        }
        #expect(throws: ShapeError.self) { try output(6) { try levelPairs(&$0, x.span, by: x.span, groups) } }
        #expect(throws: ShapeError.self) {
            try output(6) { try boundedSum(&$0, x.span, x.span, limit: 1, lengths: [2], columns: 2) }
        }
        #expect(throws: ShapeError.self) {
            let few = x.span.extracting(0..<5)
            return try output(6) { try normalSample(&$0, x.span, logVariance: few, noise: x.span) }
        }
    }
}
