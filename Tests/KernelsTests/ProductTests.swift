import Testing

@testable import Kernels

@Suite struct ProductTests {
    @Test(
        arguments: [
            (1, 1, 1), (1, 7, 5), (7, 1, 5), (3, 5, 1), (17, 9, 33), (4, 8, 16), (1, 64, 40), (5, 3, 0), (0, 3, 4),
            (3, 0, 4),
        ],
        [(false, false), (true, false), (false, true), (true, true)])
    func agreesWithTheDefinition(size: (Int, Int, Int), transposed: (Bool, Bool)) throws {
        let (rows, columns, inner) = size
        var numbers = Numbers(rows * 100 + columns)
        let a = numbers(rows * inner), b = numbers(inner * columns), old = numbers(rows * columns)
        let product = Reference.product(
            wide(a), wide(b), rows, columns, inner, transposeA: transposed.0, transposeB: transposed.1)
        func run(_ start: [Float], alpha: Float, beta: Float) throws -> [Float] {
            try inPlace(start) { c in
                try gemm(
                    &c, a.span, b.span,
                    ProductShape(rows: rows, columns: columns, inner: inner, alpha: alpha, beta: beta),
                    transposeA: transposed.0, transposeB: transposed.1)
            }
        }
        // With beta 0, what is there is not even read.
        expectClose(try run(old.map { _ in .nan }, alpha: 1, beta: 0), product)
        expectClose(
            try run(old, alpha: -2, beta: 0.5), zip(product, old).map { -2 * $0 + 0.5 * Double($1) })
    }

    @Test(arguments: [(1, 5), (4, 1), (4, 5)])
    func stridesLeaveTheGapsAlone(rows: Int, columns: Int) {
        let inner = 3
        var numbers = Numbers(4)
        let a = numbers(rows * 7), b = numbers(columns * 5)
        let c = output(rows * 6, from: 9) { c in
            product(
                &c, Block(stride: 6), Operand(a.span, Block(stride: 7)),
                Operand(b.span, Block(stride: 5, transposed: true)),
                ProductShape(rows: rows, columns: columns, inner: inner))
        }
        for row in 0..<rows {
            let product = Reference.product(
                wide(Array(a[row * 7..<row * 7 + inner])),
                (0..<columns).flatMap { wide(Array(b[$0 * 5..<$0 * 5 + inner])) },
                1, columns, inner, transposeB: true)
            expectClose(Array(c[row * 6..<row * 6 + columns]), product)
            #expect(c[row * 6 + columns..<row * 6 + 6].allSatisfy { $0 == 9 })
        }
    }

    @Test(arguments: [(1, 1, 1), (3, 17, 5), (9, 16, 32), (1, 33, 2), (0, 4, 4), (2, 0, 3), (70, 3, 50)])
    func linearWithBackward(rows: Int, inputs: Int, outputs: Int) throws {
        var numbers = Numbers(inputs)
        let x = numbers(rows * inputs), weight = numbers(outputs * inputs), bias = numbers(outputs)
        let dy = numbers(rows * outputs)
        let (wx, ww, wb) = (wide(x), wide(weight), wide(bias))
        let shape = LinearShape(rows: rows, inputs: inputs, outputs: outputs)
        for activation in [Activation.identity, .relu, .relu6, .leakyRelu, .gelu, .tanh, .sigmoid] {
            let y = try output(rows * outputs) { y in
                try linear(&y, x.span, LinearWeights(weight.span, bias: bias.span), shape, activation)
            }
            expectClose(y, Reference.linear(wx, ww, wb, rows, inputs, outputs, activation), "\(activation)")
        }
        let plain = try output(rows * outputs) { y in
            try linear(&y, x.span, LinearWeights(weight.span, bias: nil), shape)
        }
        expectClose(plain, Reference.linear(wx, ww, nil, rows, inputs, outputs))

        for accumulate in [false, true] {
            let start: Float = accumulate ? 2 : .nan
            let dx = try output(rows * inputs, from: start) { dx in
                try linearBackwardInput(&dx, dy.span, weight: weight.span, shape, accumulate: accumulate)
            }
            expectGradient(dx.map { accumulate ? $0 - 2 : $0 }, at: x) {
                dot(Reference.linear($0, ww, wb, rows, inputs, outputs), dy)
            }
        }
        for accumulate in [false, true] {
            let dw = try output(outputs * inputs, from: accumulate ? 1 : .nan) { dw in
                try linearBackwardWeight(&dw, dy.span, x.span, shape, accumulate: accumulate)
            }
            expectGradient(dw.map { accumulate ? $0 - 1 : $0 }, at: weight) {
                dot(Reference.linear(wx, $0, wb, rows, inputs, outputs), dy)
            }
        }
        let db = try output(outputs, from: 1) { db in
            try linearBackwardBias(&db, dy.span, rows: rows, outputs: outputs)
        }
        expectGradient(db.map { $0 - 1 }, at: bias) { dot(Reference.linear(wx, ww, $0, rows, inputs, outputs), dy) }
    }

    /// Panels that are not full, inputs in several parts, blocks of rows with a rest, one row.
    @Test(arguments: [
        (1, 1, 1), (1, 400, 70), (3, 17, 5), (41, 5, 64), (85, 390, 129), (4, 9, 66), (0, 3, 4), (2, 0, 3),
    ])
    func linearWithPanels(rows: Int, inputs: Int, outputs: Int) throws {
        var numbers = Numbers(outputs)
        let x = numbers(rows * inputs), weight = numbers(outputs * inputs), bias = numbers(outputs)
        let panels = try output(weight.count) { panels in
            try packPanels(&panels, rows: weight.span, outputs: outputs, inputs: inputs)
        }
        for output in 0..<outputs {
            for input in 0..<inputs {
                let index = WeightOrder.panels.index(output: output, input: input, outputs: outputs, inputs: inputs)
                #expect(panels[index] == weight[output * inputs + input])
            }
        }
        for (activation, bias) in [(Activation.gelu, bias), (.identity, bias), (.relu, nil), (.identity, nil)] {
            let y = try output(rows * outputs) { y in
                try linear(
                    &y, x.span, LinearWeights(panels.span, order: .panels, bias: bias?.span),
                    LinearShape(rows: rows, inputs: inputs, outputs: outputs), activation)
            }
            expectClose(
                y, Reference.linear(wide(x), wide(weight), bias.map(wide), rows, inputs, outputs, activation),
                "\(activation)")
        }
    }

    /// The rest of the last group of rows may hold anything, and nothing of it gets into the rows that count.
    @Test(arguments: [1, 2, 3, 4, 5, 23]) func linearWithRoomForWholeGroups(rows: Int) throws {
        let inputs = 9, outputs = 6, whole = wholeRows(rows)
        #expect(whole == (rows == 1 ? 1 : (rows + 3) / 4 * 4))
        var numbers = Numbers(rows)
        let x = numbers(rows * inputs), weight = numbers(outputs * inputs), bias = numbers(outputs)
        let roomy = x + [Float](repeating: .nan, count: (whole - rows) * inputs)
        let y = try output(whole * outputs) { y in
            try linear(
                &y, roomy.span, LinearWeights(weight.span, bias: bias.span),
                LinearShape(rows: rows, inputs: inputs, outputs: outputs), .gelu)
        }
        expectClose(
            Array(y[..<(rows * outputs)]),
            Reference.linear(wide(x), wide(weight), wide(bias), rows, inputs, outputs, .gelu))
    }

    @Test func refusesOperandsOfOtherSizes() {
        let four: [Float] = [1, 2, 3, 4]
        func error(_ body: (inout MutableSpan<Float>) throws(ShapeError) -> Void) -> String? {
            var out = [Float](repeating: 0, count: 4)
            var span = out.mutableSpan
            do { try body(&span) } catch { return error.description }
            return nil
        }
        func product(_ rows: Int, _ columns: Int, _ inner: Int) -> String? {
            error { c throws(ShapeError) in
                try gemm(&c, four.span, four.span, ProductShape(rows: rows, columns: columns, inner: inner))
            }
        }
        #expect(product(2, 2, 2) == nil)
        #expect(product(2, 2, 3) == "gemm, a: expected 2 × 3 elements, got 4")
        #expect(product(2, 1, 2) == "gemm, b: expected 2 × 1 elements, got 4")
        #expect(product(1, 1, 4) == "gemm, c: expected 1 × 1 elements, got 4")
        #expect(product(-1, 2, 3) == "gemm, a: expected -1 × 3 elements, got 4")
        #expect(product(.max, 2, .max) != nil)
        #expect(
            error { out throws(ShapeError) in
                try linear(
                    &out, four.span, LinearWeights(four.span, bias: four.span),
                    LinearShape(rows: 2, inputs: 2, outputs: 2))
            } == "linear, bias: expected 1 × 2 elements, got 4")
    }

    @Test func describesTheLibrary() {
        BLAS.useCallingThreadOnly()
        #expect(BLAS.description.contains("OpenBLAS"))
    }
}
