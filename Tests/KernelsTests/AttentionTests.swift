import Testing

@testable import Kernels

@Suite struct AttentionTests {
    /// One packed matrix `[q | k | v]`, groups of different length, an empty one among them.
    struct Case: Sendable, CustomTestStringConvertible {
        var heads: Int
        var width: Int
        var lengths: [Int]
        var surplus: Int?
        var testDescription: String { "\(heads) × \(width), \(lengths), bias \(surplus.map { "+\($0)" } ?? "none")" }
    }

    private static let cases = [
        Case(heads: 1, width: 1, lengths: [1]), Case(heads: 2, width: 3, lengths: [4, 1, 0, 5]),
        Case(heads: 3, width: 8, lengths: [17]), Case(heads: 2, width: 5, lengths: [3, 18], surplus: 0),
        Case(heads: 2, width: 4, lengths: [1, 6, 2], surplus: 3), Case(heads: 1, width: 4, lengths: [1], surplus: 0),
        Case(heads: 2, width: 2, lengths: []), Case(heads: 2, width: 16, lengths: [1, 5, 0, 17]),
        Case(heads: 1, width: 32, lengths: [16, 3]), Case(heads: 1, width: 64, lengths: [6]),
    ]

    /// Groups on both sides of what is short, and of whole lanes; queries and keys of different number.
    @Test(arguments: [16, 32, 64]) func lengthsAroundTheShortOnes(width: Int) throws {
        let queryLengths = [1, 2, 3, 4, 5, 9, 7, 2, 0], keyLengths = [64, 65, 1, 15, 16, 33, 48, 0, 7]
        let heads = 2, columns = heads * width
        let shape = AttentionShape(
            heads: heads, headWidth: width, queryLengths: queryLengths, keyLengths: keyLengths)
        var numbers = Numbers(width)
        let queries = numbers(queryLengths.reduce(0, +) * columns, scale: 2)
        let keys = numbers(keyLengths.reduce(0, +) * columns, scale: 2), values = numbers(keys.count)
        var scratch = [Float](repeating: .nan, count: shape.scratchCount)
        var room = scratch.mutableSpan
        let out = try output(queries.count) {
            try attention(
                &$0, AttentionOperands(queries: queries.span, keys: keys.span, values: values.span), shape,
                scratch: &room)
        }
        let expected = Reference.attention(wide(queries), wide(keys), wide(values), shape)
        expectClose(out, expected)
    }

    @Test(arguments: cases) func selfAttentionWithBackward(test: Case) throws {
        let width = test.heads * test.width, rows = test.lengths.reduce(0, +)
        let shape = AttentionShape.packed(heads: test.heads, headWidth: test.width, lengths: test.lengths)
        var numbers = Numbers(width + rows)
        let packed = numbers(rows * 3 * width, scale: 2), dOut = numbers(rows * width)
        let longest = test.lengths.max() ?? 0
        let bias = test.surplus.map { numbers((2 * (longest + $0) - 1) * test.heads, scale: 3) }
        func reference(_ packed: [Double], _ bias: [Double]?) -> [Double] {
            Reference.attention(
                packed, Array(packed.dropFirst(width)), Array(packed.dropFirst(2 * width)), shape, bias: bias)
        }
        let expected = reference(wide(packed), bias.map(wide))
        var scratch = [Float](repeating: .nan, count: shape.backwardScratchCount)
        var room = scratch.mutableSpan
        let operands = AttentionOperands(packed: packed.span, width: width, relativeBias: bias?.span)
        let out = try output(rows * width) { try attention(&$0, operands, shape, scratch: &room) }
        expectClose(out, expected)

        var dBias = [Float](repeating: 1, count: bias?.count ?? 0)
        var dBiasSpan = dBias.mutableSpan
        let dPacked = try output(packed.count) {
            try attentionBackward(
                dPacked: &$0, dRelativeBias: &dBiasSpan, dOut.span, operands, shape, scratch: &room)
        }
        expectGradient(dPacked, at: packed) { dot(reference($0, bias.map(wide)), dOut) }
        if let bias {
            expectGradient(dBias.map { $0 - 1 }, at: bias) { dot(reference(wide(packed), $0), dOut) }
        }
    }

    @Test func crossAttentionWithBackward() throws {
        let shape = AttentionShape.crossed(
            heads: 2, headWidth: 3, queryLengths: [2, 3, 0, 1], keyLengths: [4, 0, 2, 19])
        var numbers = Numbers(3)
        let queries = numbers(6 * 6), keysValues = numbers(25 * 12), dOut = numbers(6 * 6)
        func reference(_ queries: [Double], _ keysValues: [Double]) -> [Double] {
            Reference.attention(queries, keysValues, Array(keysValues.dropFirst(6)), shape)
        }
        var scratch = [Float](repeating: .nan, count: shape.backwardScratchCount)
        var room = scratch.mutableSpan
        let operands = AttentionOperands(queries: queries.span, keysValues: keysValues.span, width: 6)
        let out = try output(36) { try attention(&$0, operands, shape, scratch: &room) }
        expectClose(out, reference(wide(queries), wide(keysValues)))
        #expect(out[12..<30].allSatisfy { $0 == 0 }, "a group without keys gives zeros")
        var dQueries = [Float](repeating: .nan, count: queries.count)
        var dQueriesSpan = dQueries.mutableSpan
        let dKeysValues = try output(keysValues.count) {
            try attentionBackward(
                dQueries: &dQueriesSpan, dKeysValues: &$0, dOut.span, operands, shape, scratch: &room)
        }
        expectGradient(dQueries, at: queries) { dot(reference($0, wide(keysValues)), dOut) }
        expectGradient(dKeysValues, at: keysValues) { dot(reference(wide(queries), $0), dOut) }
    }

    @Test func hugeScoresStayFinite() throws {
        let shape = AttentionShape(heads: 1, headWidth: 1, queryLengths: [2], keyLengths: [2])
        let x: [Float] = [1e15, -1e15], values: [Float] = [1, 2]
        var scratch = [Float](repeating: 0, count: shape.scratchCount)
        var room = scratch.mutableSpan
        let out = try output(2) {
            try attention(
                &$0, AttentionOperands(queries: x.span, keys: x.span, values: values.span), shape, scratch: &room)
        }
        #expect(out == [1, 2])
    }

    /// NaN in one query is NaN in its row, in one key in all rows of its group, and nowhere else; on every way through:
    /// short groups of each number of blocks, long ones, with a bias, and back. A NaN may carry bits, and a score overflow.
    @Test(
        arguments: [(16, 5), (16, 20), (32, 33), (64, 64), (16, 65), (8, 3), (5, 40)],
        [Float.nan, -.nan, Float(nan: 0x1ff, signaling: false), Float(nan: 0x8_1234, signaling: false), .infinity])
    func whatIsNoNumberStaysNone(size: (width: Int, keys: Int), bad: Float) throws {
        let (width, keys, heads) = (size.width, size.keys, 2)
        let columns = heads * width
        let shape = AttentionShape(heads: heads, headWidth: width, queryLengths: [keys, 4], keyLengths: [keys, keys])
        var numbers = Numbers(width)
        // All of one sign: an infinite score of the other one would only be a weight of zero.
        let queries = numbers((keys + 4) * columns).map { $0 + 2 }
        let others = numbers(2 * keys * columns).map { $0 + 2 }
        let values = numbers(2 * keys * columns), bias = numbers((2 * max(keys, 4) - 1) * heads)
        var poisonedQueries = queries, poisonedKeys = others
        poisonedQueries[2 * columns + width - 1] = bad
        poisonedKeys[(keys + 1) * columns + width - 1] = bad
        for bias in [nil, bias] {
            func rows(_ queries: [Float], _ keys: [Float]) throws -> [Float] {
                var scratch = [Float](repeating: 0, count: shape.scratchCount)
                var room = scratch.mutableSpan
                return try output(queries.count) {
                    try attention(
                        &$0,
                        AttentionOperands(
                            queries: queries.span, keys: keys.span, values: values.span, relativeBias: bias?.span),
                        shape, scratch: &room)
                }
            }
            let good = try rows(queries, others)
            #expect(good.allSatisfy { $0.isFinite })
            // Another order of additions is another product of matrices; only NaN may differ here.
            for (index, value) in try rows(poisonedQueries, others).enumerated() {
                let isHit = index / columns == 2 && index % columns < width
                #expect(value.isNaN == isHit, "element \(index) of \(bad.bitPattern)")
            }
            for (index, value) in try rows(queries, poisonedKeys).enumerated() {
                let isHit = index / columns >= keys && index % columns < width
                #expect(value.isNaN == isHit, "element \(index) of \(bad.bitPattern)")
            }
        }
    }

    @Test func whatIsNoNumberGoesBackward() throws {
        let shape = AttentionShape.packed(heads: 1, headWidth: 16, lengths: [20])
        var numbers = Numbers(1)
        var packed = numbers(20 * 48)
        packed[3 * 48 + 7] = .nan
        let dOut = numbers(20 * 16)
        var scratch = [Float](repeating: 0, count: shape.backwardScratchCount)
        var room = scratch.mutableSpan, none = MutableSpan<Float>()
        let gradient = try output(packed.count) {
            try attentionBackward(
                dPacked: &$0, dRelativeBias: &none, dOut.span, AttentionOperands(packed: packed.span, width: 16), shape,
                scratch: &room)
        }
        #expect(gradient[3 * 48..<3 * 48 + 16].allSatisfy { $0.isNaN })
    }

    @Test func refusesWhatDoesNotFit() {
        let x = [Float](repeating: 1, count: 12)
        func error(_ shape: AttentionShape, bias: [Float]? = nil, room: Int = 100) -> String? {
            var out = [Float](repeating: 0, count: 12), scratch = [Float](repeating: 0, count: room)
            var span = out.mutableSpan, roomSpan = scratch.mutableSpan
            do throws(ShapeError) {
                try attention(
                    &span,
                    AttentionOperands(queries: x.span, keys: x.span, values: x.span, relativeBias: bias?.span), shape,
                    scratch: &roomSpan)
            } catch { return error.operation }
            return nil
        }
        let good = AttentionShape(heads: 2, headWidth: 2, queryLengths: [3], keyLengths: [3])
        #expect(error(good) == nil)
        #expect(error(good, room: good.scratchCount - 1) == "attention, scratch")
        #expect(error(good, bias: [1, 2]) == "attention")
        var bad = good
        bad.keyLengths = [4]
        #expect(error(bad) == "attention, keys")
        bad.keyLengths = []
        #expect(error(bad) == "attention")
        bad = good
        bad.valueStride = 1
        #expect(error(bad) == "attention, values")
        bad = good
        bad.queryLengths = [-1]
        #expect(error(bad) == "attention")
    }
}
