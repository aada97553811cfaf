import Foundation
import Testing

@testable import Kernels

/// Everything a CRF says, against adding up or comparing all sequences one by one.
@Suite struct CRFTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var words: Int
        var tags: Int
        var masked: Bool
        var testDescription: String { "\(words) words, \(tags) tags\(masked ? ", masked" : "")" }

        /// Emissions, transitions, start, end and the mask.
        func make() throws -> (emissions: [Float], parameters: [[Float]], allowed: TagMoves?) {
            var numbers = Numbers(words * 10 + tags)
            let emissions = numbers(words * tags, scale: 2)
            let parameters = [numbers(tags * tags), numbers(tags), numbers(tags)]
            // Tag 1 may neither start a sequence nor follow tag 0; the last tag follows only itself and tag 0.
            let moves = (0..<tags * tags).map { !($0 / tags == 0 && $0 % tags == 1) }
            let allowed = try TagMoves(starts: (0..<tags).map { $0 != 1 }, moves: moves)
            return (emissions, parameters, masked ? allowed : nil)
        }
    }

    private static let cases = [
        Case(words: 1, tags: 1, masked: false), Case(words: 1, tags: 3, masked: true),
        Case(words: 2, tags: 2, masked: true), Case(words: 5, tags: 3, masked: false),
        Case(words: 5, tags: 3, masked: true), Case(words: 4, tags: 2, masked: false),
    ]

    private func field(_ parameters: [[Float]], _ allowed: TagMoves?) throws -> CRF {
        let transitions = parameters[0], start = parameters[1], end = parameters[2]
        return try CRF(transitions: transitions.span, start: start.span, end: end.span, allowed: allowed)
    }

    /// All sequences with their scores.
    private func sequences(
        _ emissions: [Double], _ parameters: [[Double]], _ allowed: TagMoves?, tags: Int
    ) -> [(path: [Int32], score: Double)] {
        let words = emissions.count / tags
        return (0..<Int(pow(Double(tags), Double(words)))).map { number in
            var rest = number
            let path = (0..<words).map { _ in
                defer { rest /= tags }
                return rest % tags
            }
            var score = parameters[1][path[0]] + parameters[2][path[words - 1]]
            if allowed?.starts[path[0]] == false { score = -.infinity }
            for i in path.indices {
                score += emissions[i * tags + path[i]]
                if i > 0 {
                    score += parameters[0][path[i - 1] * tags + path[i]]
                    if allowed?.moves[path[i - 1] * tags + path[i]] == false { score = -.infinity }
                }
            }
            return (path.map(Int32.init), score)
        }
    }

    private func logSum(_ scores: [Double]) -> Double { log(scores.reduce(0) { $0 + exp($1) }) }

    @Test(arguments: cases) func sumsAndMaximaByEnumeration(test: Case) throws {
        let (emissions, parameters, allowed) = try test.make()
        let all = sequences(wide(emissions), parameters.map(wide), allowed, tags: test.tags)
        let crf = try field(parameters, allowed)
        let lattice = try CRFLattice(crf, emissions.span)
        let logPartition = logSum(all.map(\.score))
        #expect(abs(lattice.logPartition - logPartition) < 1e-9)

        let best = try #require(all.max { $0.score < $1.score })
        let viterbi = try crf.viterbi(emissions.span)
        #expect(viterbi.path == best.path)
        #expect(abs(viterbi.score - best.score) < 1e-9)
        let counts = try TagExpectations(path: best.path, tags: test.tags)
        #expect(abs(try crf.score(emissions.span, counts) - best.score) < 1e-9)

        func share(_ matches: ([Int32]) -> Bool) -> Double {
            exp(logSum(all.filter { matches($0.path) }.map(\.score)) - logPartition)
        }
        for i in 0..<test.words {
            for k in 0..<test.tags {
                #expect(abs(lattice.marginal(i, k) - share { $0[i] == k }) < 1e-9)
                if i + 1 < test.words {
                    for j in 0..<test.tags {
                        let pair = share { $0[i] == j && $0[i + 1] == k }
                        #expect(abs(lattice.marginal(i, j, then: k) - pair) < 1e-9)
                    }
                }
            }
        }
    }

    @Test(arguments: cases) func posteriorOfASpanByEnumeration(test: Case) throws {
        let (emissions, parameters, allowed) = try test.make()
        let all = sequences(wide(emissions), parameters.map(wide), allowed, tags: test.tags)
        let lattice = try CRFLattice(field(parameters, allowed), emissions.span)
        let logPartition = logSum(all.map(\.score))
        let begin = 0, inside = test.tags - 1
        for start in 0..<test.words {
            for end in start + 1...test.words {
                let matching = all.filter { path, _ in
                    path[start] == begin && path[start + 1..<end].allSatisfy { $0 == inside }
                        && (end == test.words || path[end] != inside)
                }
                let expected = exp(logSum(matching.map(\.score)) - logPartition)
                let probability = try lattice.probability(of: start..<end, begin: begin, inside: inside)
                #expect(abs(probability - expected) < 1e-9)
            }
        }
    }

    @Test(arguments: cases.filter { !$0.masked }) func lossWithGradients(test: Case) throws {
        let gold = (0..<test.words).map { Int32($0 * 2 % test.tags) }
        try expectLoss(TagExpectations(path: gold, tags: test.tags), test, within: 1e-9) { $0 == gold ? 1 : 0 }
    }

    /// Another field, of legal tags alone, says how often each sequence is right.
    @Test(arguments: cases) func lossAgainstAnotherField(test: Case) throws {
        var numbers = Numbers(test.words + 77)
        let emissions = numbers(test.words * test.tags, scale: 2)
        let parameters = [numbers(test.tags * test.tags), numbers(test.tags), numbers(test.tags)]
        let allowed = try test.make().allowed
        let all = sequences(wide(emissions), parameters.map(wide), allowed, tags: test.tags)
        let logPartition = logSum(all.map(\.score))
        let shares = Dictionary(uniqueKeysWithValues: all.map { ($0.path, exp($0.score - logPartition)) })
        let wanted = try CRFLattice(field(parameters, allowed), emissions.span).expectations
        // Shares are kept in single precision.
        try expectLoss(wanted, test, within: 1e-5) { shares[$0] ?? .nan }
    }

    /// The loss of a case's field against sequences of which each is right in some share, by enumeration; and its gradients.
    private func expectLoss(
        _ wanted: TagExpectations, _ test: Case, within bound: Double, share: ([Int32]) -> Double
    ) throws {
        let (emissions, parameters, _) = try test.make()
        func loss(_ emissions: [Double], _ parameters: [[Double]]) -> Double {
            let all = sequences(emissions, parameters, nil, tags: test.tags)
            let logPartition = logSum(all.map(\.score))
            return all.reduce(0) { $0 + share($1.path) * (logPartition - $1.score) }
        }
        let lattice = try CRFLattice(field(parameters, nil), emissions.span)
        var gradients = [emissions, parameters[0], parameters[1], parameters[2]].map { $0.map { _ in Float(1) } }
        var value = 0.0
        do {
            var (a, b, c, d) = (gradients[0], gradients[1], gradients[2], gradients[3])
            var e = a.mutableSpan, t = b.mutableSpan, s = c.mutableSpan, n = d.mutableSpan
            value = try lattice.loss(
                wanted, weight: 0.5, emissionGradient: &e, transitionGradient: &t, startGradient: &s, endGradient: &n)
            gradients = [a, b, c, d]
        }
        let (x, p) = (wide(emissions), parameters.map(wide))
        #expect(abs(value - loss(x, p)) < bound)
        gradients = gradients.map { $0.map { ($0 - 1) * 2 } }
        expectGradient(gradients[0], at: emissions) { loss($0, p) }
        expectGradient(gradients[1], at: parameters[0]) { loss(x, [$0, p[1], p[2]]) }
        expectGradient(gradients[2], at: parameters[1]) { loss(x, [p[0], $0, p[2]]) }
        expectGradient(gradients[3], at: parameters[2]) { loss(x, [p[0], p[1], $0]) }
    }

    @Test func longSequencesNeitherOverflowNorVanish() throws {
        var numbers = Numbers(8)
        // Powers of such scores are beyond the range of a Double, one by one and in sums.
        let emissions = numbers(900 * 4, scale: 2000)
        let crf = try field([numbers(16, scale: 2000), numbers(4), numbers(4)], nil)
        let lattice = try CRFLattice(crf, emissions.span)
        #expect(lattice.logPartition.isFinite)
        for i in 0..<900 { #expect(abs((0..<4).reduce(0) { $0 + lattice.marginal(i, $1) } - 1) < 1e-9) }
        #expect(try crf.viterbi(emissions.span).score <= lattice.logPartition)
    }

    @Test func emptySequencesAndWrongSizes() throws {
        let crf = try field([[1, 2, 3, 4], [0, 0], [0, 0]], nil)
        let none: [Float] = []
        #expect(try crf.viterbi(none.span).path == [])
        #expect(try CRFLattice(crf, none.span).logPartition == 0)
        let three: [Float] = [1, 2, 3]
        #expect(throws: ShapeError.self) { try crf.viterbi(three.span) }
        #expect(throws: ShapeError.self) { try CRFLattice(crf, three.span) }
        #expect(throws: ShapeError.self) { try field([[1, 2, 3], [0, 0], [0, 0]], nil) }
        let lattice = try CRFLattice(crf, ([1, 2] as [Float]).span)
        #expect(throws: ShapeError.self) { try lattice.loss(TagExpectations(path: [1, 1], tags: 2)) }
        #expect(throws: ShapeError.self) { try TagExpectations(path: [2], tags: 2) }
        #expect(throws: ShapeError.self) { try lattice.probability(of: 0..<2, begin: 0, inside: 1) }
    }
}
