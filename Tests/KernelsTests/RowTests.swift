import Testing

@testable import Kernels

/// Layer normalisation, gathering and means: what works row by row.
@Suite struct RowTests {
    private static let shapes = [(1, 1), (1, 5), (3, 16), (4, 17), (2, 100), (5, 33), (0, 7)]

    @Test(arguments: shapes) func layerNormWithBackward(rows: Int, columns: Int) throws {
        var numbers = Numbers(columns)
        // Far from zero, where a variance by subtraction of squares would be lost.
        let x = numbers(rows * columns).map { $0 + 30 }, scale = numbers(columns), shift = numbers(columns)
        let dy = numbers(rows * columns)
        let (wx, ws, wb) = (wide(x), wide(scale), wide(shift))
        let y = try output(rows * columns) {
            try layerNorm(&$0, x.span, scale: scale.span, shift: shift.span, rows: rows, epsilon: 1e-5)
        }
        expectClose(y, Reference.layerNorm(wx, ws, wb, rows, columns, 1e-5), within: 1e-5)
        var dScale = [Float](repeating: 1, count: columns), dShift = dScale
        var dx = [Float](repeating: .nan, count: rows * columns)
        var a = dx.mutableSpan, b = dScale.mutableSpan, c = dShift.mutableSpan
        try layerNormBackwardInput(&a, dy.span, x.span, scale: scale.span, rows: rows, epsilon: 1e-5)
        try layerNormBackwardParameters(
            scaleGradient: &b, shiftGradient: &c, dy.span, x.span, rows: rows, epsilon: 1e-5)
        expectGradient(dx, at: x, within: 2e-5) {
            dot(Reference.layerNorm($0, ws, wb, rows, columns, 1e-5), dy)
        }
        expectGradient(dScale.map { $0 - 1 }, at: scale, within: 2e-5) {
            dot(Reference.layerNorm(wx, $0, wb, rows, columns, 1e-5), dy)
        }
        expectGradient(dShift.map { $0 - 1 }, at: shift) {
            dot(Reference.layerNorm(wx, ws, $0, rows, columns, 1e-5), dy)
        }
    }

    @Test(arguments: [1, 7, 16, 20]) func gatherAndScatter(columns: Int) throws {
        var numbers = Numbers(columns)
        let table = numbers(6 * columns), indices: [Int32] = [5, 0, 2, 2]
        let rows = try output(4 * columns) {
            try gatherRows(&$0, table: table.span, indices: indices.span, columns: columns)
        }
        #expect(rows == indices.flatMap { table[Int($0) * columns..<(Int($0) + 1) * columns] })
        let sums = try output(6 * columns, from: 1) {
            try scatterAddRows(&$0, rows.span, indices: indices.span, columns: columns)
        }
        let counts: [Float] = [1, 0, 2, 0, 0, 1]
        expectClose(sums, table.indices.map { 1 + Double(counts[$0 / columns] * table[$0]) })

        let codes = table.map { Int8($0 * 127) }, scales: [Float] = [0.5, 1, 2, 3, 4, 5]
        let decoded = try output(4 * columns) {
            try gatherRows(
                &$0, table: codes.span, rowScales: scales.span, indices: indices.span, columns: columns)
        }
        #expect(
            decoded
                == indices.flatMap { index in
                    codes[Int(index) * columns..<(Int(index) + 1) * columns].map { Float($0) * scales[Int(index)] }
                })
    }

    @Test(arguments: [-1, 6, Int32.max, Int32.min]) func refusesIndicesWithoutARow(index: Int32) {
        let table = [Float](repeating: 0, count: 12), indices: [Int32] = [0, index]
        let error = #expect(throws: ShapeError.self) {
            try output(4) { try gatherRows(&$0, table: table.span, indices: indices.span, columns: 2) }
        }
        #expect(error?.description == "gatherRows: expected an index below 6 at 1, got \(index)")
        #expect(throws: ShapeError.self) {
            try output(12) {
                try scatterAddRows(&$0, table.span.extracting(0..<4), indices: indices.span, columns: 2)
            }
        }
    }

    @Test(arguments: [1, 16, 19]) func meansWithBackward(columns: Int) throws {
        var numbers = Numbers(columns)
        let x = numbers(7 * columns), ranges = [0..<7, 2..<3, 4..<4, 1..<5], dy = numbers(4 * columns)
        func mean(_ x: [Double]) -> [Double] {
            ranges.flatMap { range in
                (0..<columns).map { column in
                    range.isEmpty ? 0 : range.reduce(0) { $0 + x[$1 * columns + column] } / Double(range.count)
                }
            }
        }
        expectClose(
            try output(4 * columns) { try meanRows(&$0, x.span, ranges: ranges, columns: columns) }, mean(wide(x)))
        let dx = try output(7 * columns, from: 1) {
            try meanRowsBackward(&$0, dy.span, ranges: ranges, columns: columns)
        }
        expectGradient(dx.map { $0 - 1 }, at: x) { dot(mean($0), dy) }
        #expect(throws: ShapeError.self) {
            try output(columns) { try meanRows(&$0, x.span, ranges: [6..<8], columns: columns) }
        }
    }
}
