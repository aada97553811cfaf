import Foundation
import Testing

@testable import Kernels

@Suite struct AttentionSlopesTests {
    private static let heads = 2
    private static let width = 6
    /// Groups without keys and without queries, and one of more keys than a register has.
    private static let lengths = (queries: [2, 3, 0, 1], keys: [4, 0, 2, 19])

    private struct Operands {
        let shape = AttentionShape.crossed(
            heads: heads, headWidth: width / heads, queryLengths: lengths.queries, keyLengths: lengths.keys)
        let queries: [Float]
        let keysValues: [Float]
        let slopes: [Float]

        init() {
            var numbers = Numbers(8)
            (queries, keysValues, slopes) = (numbers(6 * width, scale: 2), numbers(25 * 2 * width), numbers(6 * width))
        }

        func attention() throws -> AttentionSlopes {
            try AttentionSlopes(queries: queries, keysValues: keysValues, outputSlopes: slopes, shape)
        }

        /// `Σ slopes ⊙ O` with shares that are told, query by query: what the slopes by the shares are of.
        func cells(_ body: (_ query: Int, _ key: Int, _ head: Int, _ group: Range<Int>) -> Double) -> [Double] {
            var (all, query, key) = ([Double](), 0, 0)
            for (queries, keys) in zip(lengths.queries, lengths.keys) {
                for head in 0..<heads {
                    for asked in query..<query + queries {
                        all += (key..<key + keys).map { body(asked, $0, head, key..<key + keys) }
                    }
                }
                (query, key) = (query + queries, key + keys)
            }
            return all
        }

        func product(_ x: [Float], _ row: Int, _ y: [Float], _ other: Int, from column: Int, _ head: Int) -> Double {
            let size = width / heads
            return (0..<size).reduce(0) {
                $0 + Double(x[row * width + head * size + $1])
                    * Double(y[other * 2 * width + column + head * size + $1])
            }
        }

        func share(_ query: Int, _ key: Int, _ head: Int, _ group: Range<Int>) -> Double {
            func power(_ key: Int) -> Double {
                exp(product(queries, query, keysValues, key, from: 0, head) / Double(width / heads).squareRoot())
            }
            return power(key) / group.reduce(0) { $0 + power($1) }
        }
    }

    @Test func sharesAndSlopesAreByDefinition() throws {
        let operands = Operands()
        let attention = try operands.attention()
        expectClose(attention.shares, operands.cells(operands.share))
        expectClose(
            attention.slopes,
            operands.cells { query, key, head, _ in
                operands.product(operands.slopes, query, operands.keysValues, key, from: Self.width, head)
            })
    }

    @Test func slopesByTheQueriesAreThoseOfAttention() throws {
        let operands = Operands()
        let (shape, count) = (operands.shape, operands.queries.count)
        let asked = AttentionOperands(
            queries: operands.queries.span, keysValues: operands.keysValues.span, width: Self.width)
        let got = try operands.attention().querySlopes()
        var scratch = [Float](repeating: .nan, count: shape.backwardScratchCount)
        var room = scratch.mutableSpan
        var keysValues = operands.keysValues
        var ignored = keysValues.mutableSpan
        let expected = try output(count) {
            try attentionBackward(
                dQueries: &$0, dKeysValues: &ignored, operands.slopes.span, asked, shape, scratch: &room)
        }
        expectClose(got, wide(expected))
        // A group without keys.
        #expect(got[12..<30].allSatisfy { $0 == 0 })
    }

    @Test func heatIsTheMeanOfWhatRaises() throws {
        let operands = Operands()
        let attention = try operands.attention()
        let maps = attention.heat()
        #expect(maps.map(\.count) == [4, 4, 0, 0, 0, 19])
        // The first group's cells: two heads of two queries on four keys.
        let cells = (0..<16).map { max(attention.slopes[$0], 0) * attention.shares[$0] }
        let expected = (0..<8).map { (cells[$0] + cells[8 + $0]) / 2 }
        expectClose(maps[0] + maps[1], wide(expected))
        #expect(cells.contains(0) && cells.contains { $0 > 0 })
    }

    @Test func operandsOfAnotherShapeAreRefused() {
        let operands = Operands()
        #expect(throws: ShapeError.self) {
            try AttentionSlopes(
                queries: operands.queries, keysValues: operands.keysValues,
                outputSlopes: Array(operands.slopes[..<6]), operands.shape)
        }
    }

    /// More outputs than one panel has, and fewer.
    @Test(arguments: [(1, 3, 5), (4, 70, 9), (3, 128, 64), (2, 200, 1)])
    func whatPanelsLetBackIsWhatRowsDo(rows: Int, outputs: Int, inputs: Int) throws {
        var numbers = Numbers(rows * outputs)
        let weight = numbers(outputs * inputs), slope = numbers(rows * outputs)
        let panels = try output(weight.count) { (out) throws(ShapeError) in
            try packPanels(&out, rows: weight.span, outputs: outputs, inputs: inputs)
        }
        let shape = LinearShape(rows: rows, inputs: inputs, outputs: outputs)
        let expected = Reference.product(wide(slope), wide(weight), rows, inputs, outputs)
        for (order, matrix) in [(WeightOrder.rows, weight), (.panels, panels)] {
            let got = try output(rows * inputs) {
                try linearBackwardInput(&$0, slope.span, LinearWeights(matrix.span, order: order, bias: nil), shape)
            }
            expectClose(got, expected, within: 5e-6)
        }
    }
}
