import Testing

@testable import Kernels

/// Columns of rows, rows times numbers, lengths and products of rows.
@Suite struct RowProductTests {
    private static let widths = [1, 5, 16, 19, 33]
    private static let rows = 3

    private func product(_ x: [Double], _ y: [Double], _ row: Int, _ columns: Int) -> Double {
        (row * columns..<(row + 1) * columns).reduce(0) { $0 + x[$1] * y[$1] }
    }

    @Test(arguments: widths) func rowsTimesNumbers(columns: Int) throws {
        var numbers = Numbers(columns)
        let x = numbers(Self.rows * columns), factors = numbers(Self.rows), dy = numbers(Self.rows * columns)
        func scaled(_ x: [Double], _ factors: [Double]) -> [Double] { x.indices.map { x[$0] * factors[$0 / columns] } }
        let y = try output(x.count) { try scaleRows(&$0, x.span, by: factors.span, columns: columns) }
        expectClose(y, scaled(wide(x), wide(factors)))
        let dx = try output(x.count, from: 1) { try addScaledRows(&$0, dy.span, by: factors.span, columns: columns) }
        expectGradient(dx.map { $0 - 1 }, at: x) { dot(scaled($0, wide(factors)), dy) }
        let slopes = try output(Self.rows, from: 1) { try addRowProducts(&$0, dy.span, x.span, columns: columns) }
        expectGradient(slopes.map { $0 - 1 }, at: factors) { dot(scaled(wide(x), $0), dy) }
    }

    @Test(arguments: widths) func productsOfRows(columns: Int) throws {
        var numbers = Numbers(columns)
        let x = numbers(Self.rows * columns), y = numbers(Self.rows * columns)
        expectClose(
            try output(Self.rows) { try rowProducts(&$0, x.span, y.span, columns: columns) },
            (0..<Self.rows).map { product(wide(x), wide(y), $0, columns) })
    }

    @Test(arguments: widths) func unitRowsWithBackward(columns: Int) throws {
        var numbers = Numbers(columns)
        let x = numbers(Self.rows * columns).map { $0 + 0.5 }, dy = numbers(Self.rows * columns)
        func units(_ x: [Double]) -> [Double] {
            x.indices.map { x[$0] / product(x, x, $0 / columns, columns).squareRoot() }
        }
        expectClose(try output(x.count) { try unitRows(&$0, x.span, columns: columns) }, units(wide(x)))
        let dx = try output(x.count, from: 1) { try unitRowsBackward(&$0, dy.span, x.span, columns: columns) }
        expectGradient(dx.map { $0 - 1 }, at: x) { dot(units($0), dy) }
    }

    @Test func aRowWithoutLengthStaysAndPassesNothingBack() throws {
        let x: [Float] = [0, 0, 3, 4], dy: [Float] = [1, 2, 4, 3]
        #expect(try output(4) { try unitRows(&$0, x.span, columns: 2) }.prefix(2) == [0, 0])
        let dx = try output(4, from: 0) { try unitRowsBackward(&$0, dy.span, x.span, columns: 2) }
        #expect(dx.prefix(2) == [0, 0])
        #expect(dx.suffix(2).allSatisfy { $0 != 0 })
    }

    @Test func columnsWithBackward() throws {
        var numbers = Numbers(2)
        let x = numbers(3 * 40)
        for range in [0..<40, 3..<4, 1..<18, 7..<7, 23..<40] {
            let some = try output(3 * range.count) { try takeColumns(&$0, x.span, range, columns: 40) }
            let expected: [Float] = (0..<3).flatMap { row in range.map { x[row * 40 + $0] } }
            #expect(some == expected)
            let sums = try output(3 * 40, from: 1) { try addToColumns(&$0, some.span, range, columns: 40) }
            let added: [Float] = x.indices.map { range.contains($0 % 40) ? 1 + x[$0] : 1 }
            #expect(sums == added)
        }
    }

    @Test func refusesWhatDoesNotFit() {
        let x = [Float](repeating: 1, count: 6)
        for range in [-1..<1, 2..<4] {
            #expect(throws: ShapeError.self) {
                try output(2 * range.count) { try takeColumns(&$0, x.span, range, columns: 3) }
            }
            #expect(throws: ShapeError.self) {
                try output(6) { try addToColumns(&$0, x.span.extracting(0..<2 * range.count), range, columns: 3) }
            }
        }
        let two = x.span.extracting(0..<2)
        #expect(throws: ShapeError.self) { try output(6) { try scaleRows(&$0, x.span, by: two, columns: 4) } }
        #expect(throws: ShapeError.self) { try output(6) { try addScaledRows(&$0, x.span, by: two, columns: 2) } }
        #expect(throws: ShapeError.self) { try output(2) { try rowProducts(&$0, x.span, two, columns: 3) } }
        #expect(throws: ShapeError.self) { try output(3) { try addRowProducts(&$0, x.span, x.span, columns: 3) } }
        #expect(throws: ShapeError.self) { try output(5) { try unitRows(&$0, x.span, columns: 3) } }
        #expect(throws: ShapeError.self) { try output(6) { try unitRowsBackward(&$0, two, x.span, columns: 3) } }
        #expect(throws: ShapeError.self) { try output(0) { try unitRows(&$0, x.span, columns: 0) } }
    }
}
