import Testing

@testable import Kernels

@Suite struct ElementwiseTests {
    @Test(arguments: [0, 1, 15, 16, 17, 70]) func arithmetic(count: Int) throws {
        var numbers = Numbers(count)
        let x = numbers(count), y = numbers(count), z = numbers(count)
        #expect(try output(count) { try add(&$0, x.span, y.span) } == zip(x, y).map { $0 + $1 })
        #expect(try output(count) { try subtract(&$0, x.span, y.span) } == zip(x, y).map { $0 - $1 })
        #expect(try output(count) { try multiply(&$0, x.span, y.span) } == zip(x, y).map { $0 * $1 })
        #expect(
            try inPlace(z) { try multiplyAdd(&$0, x.span, y.span) } == (0..<count).map { z[$0] + x[$0] * y[$0] })
        #expect(try inPlace(z) { try axpy(&$0, alpha: -2, x.span) } == zip(z, x).map { $0 - 2 * $1 })
        #expect(inPlace(z) { scale(&$0, by: 3) } == z.map { $0 * 3 })
    }

    @Test(arguments: [(1, 1), (3, 7), (2, 16), (4, 37), (0, 3)])
    func scaledColumnsWithBackward(rows: Int, columns: Int) throws {
        var numbers = Numbers(rows)
        let x = numbers(rows * columns), y = numbers(rows * columns), columnScale = numbers(columns)
        let dOut = numbers(rows * columns)
        func reference(_ y: [Double], _ scale: [Double]) -> [Double] {
            y.indices.map { Double(x[$0]) + y[$0] * scale[$0 % columns] }
        }
        let out = try output(rows * columns) {
            try addScaledColumns(&$0, x.span, y.span, columnScale: columnScale.span, rows: rows)
        }
        expectClose(out, reference(wide(y), wide(columnScale)))
        var dy = [Float](repeating: 1, count: rows * columns), dScale = [Float](repeating: 1, count: columns)
        var a = dy.mutableSpan, b = dScale.mutableSpan
        try addScaledColumnsBackward(
            &a, scaleGradient: &b, dOut.span, y.span, columnScale: columnScale.span, rows: rows)
        expectGradient(dy.map { $0 - 1 }, at: y) { dot(reference($0, wide(columnScale)), dOut) }
        expectGradient(dScale.map { $0 - 1 }, at: columnScale) { dot(reference(wide(y), $0), dOut) }
    }

    @Test func refusesOtherSizes() {
        let two: [Float] = [1, 2], three: [Float] = [1, 2, 3]
        #expect(throws: ShapeError.self) { try output(2) { try add(&$0, two.span, three.span) } }
        #expect(throws: ShapeError.self) { try output(3) { try multiply(&$0, two.span, three.span) } }
        #expect(throws: ShapeError.self) { try output(3) { try axpy(&$0, two.span) } }
    }
}
