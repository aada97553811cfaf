/// Extents of a linear layer at work: `x` is `rows × inputs`, the weight `outputs × inputs`, what comes out
/// `rows × outputs`.
package struct LinearShape: Sendable {
    /// Rows that go through it.
    package var rows: Int
    /// Columns that come in.
    package var inputs: Int
    /// Columns that go out.
    package var outputs: Int

    /// A layer's extents, and how many rows go through it.
    package init(rows: Int, inputs: Int, outputs: Int) {
        self.rows = rows
        self.inputs = inputs
        self.outputs = outputs
    }
}

/// The numbers of a linear layer, to be read: `outputs × inputs` in some order, and perhaps `outputs` to add.
package struct LinearWeights: ~Escapable {
    let matrix: Span<Float>
    let order: WeightOrder
    let bias: Span<Float>?

    /// Views of somebody else's numbers.
    @_lifetime(copy matrix, copy bias)
    package init(_ matrix: Span<Float>, order: WeightOrder = .rows, bias: Span<Float>?) {
        self.matrix = matrix
        self.order = order
        self.bias = bias
    }
}

/// `out = activation(x · weightᵀ + bias)`.
///
/// With weights in rows, the bias is written into `out` before the product and the product added to it: BLAS would
/// otherwise write zeros there, so the bias costs nothing. With panels, bias and activation follow each small product,
/// while its result is in the cache.
///
/// A product with rows is fastest over whole groups of four rows (``wholeRows(_:)``), by a fifth for a few dozen of
/// them. Where `x` and `out` both have room for the rest of the last group, it is computed too, and what stands there
/// afterwards means nothing.
///
/// - Throws: ``ShapeError`` where an operand has another size.
package func linear(
    _ out: inout MutableSpan<Float>, _ x: Span<Float>, _ weights: LinearWeights, _ shape: LinearShape,
    _ activation: Activation = .identity
) throws(ShapeError) {
    let (inputs, outputs, whole) = (shape.inputs, shape.outputs, wholeRows(shape.rows))
    let hasRoom = x.count == whole * inputs && out.count == whole * outputs
    let computed = hasRoom ? whole : shape.rows
    try check(x.count, computed, inputs, "linear", "x")
    try check(weights.matrix.count, outputs, inputs, "linear", "weight")
    try check(out.count, computed, outputs, "linear", "out")
    if let bias = weights.bias { try check(bias.count, 1, outputs, "linear", "bias") }
    if weights.order == .panels {
        panelLinear(&out, x, weights, shape, activation)
        return
    }
    if let bias = weights.bias {
        for row in 0..<computed { out.copy(bias, from: 0, to: row * outputs, count: outputs) }
    }
    product(
        &out, Block(stride: outputs), Operand(x, Block(stride: inputs)),
        Operand(weights.matrix, Block(stride: inputs, transposed: true)),
        ProductShape(rows: computed, columns: outputs, inner: inputs, beta: weights.bias == nil ? 0 : 1))
    activate(&out, 0..<shape.rows * outputs, activation)
}

/// ``linear`` with weights in panels: products small enough to be made in place, a block of rows and a part of the
/// inputs at a time.
private func panelLinear(
    _ out: inout MutableSpan<Float>, _ x: Span<Float>, _ weights: LinearWeights, _ shape: LinearShape,
    _ activation: Activation
) {
    let (rows, inputs, outputs) = (shape.rows, shape.inputs, shape.outputs)
    let part = 384
    let height = BLAS.largestProductInPlace / (part * WeightOrder.panelWidth) / 4 * 4
    WeightOrder.forEachPanel(outputs) { first, width in
        for start in stride(from: 0, to: max(inputs, 1), by: part) {
            let inner = min(part, inputs - start)
            for top in stride(from: 0, to: rows, by: height) {
                let count = min(height, rows - top), corner = top * outputs + first
                product(
                    &out, Block(offset: corner, stride: outputs),
                    Operand(x, Block(offset: top * inputs + start, stride: inputs)),
                    Operand(weights.matrix, Block(offset: first * inputs + start * width, stride: width)),
                    ProductShape(rows: count, columns: width, inner: inner, beta: start == 0 ? 0 : 1))
                if start + inner < inputs { continue }
                activate(
                    &out, Region(start: corner, rows: count, columns: width, stride: outputs), activation,
                    adding: weights.bias?.extracting(first..<first + width))
            }
        }
    }
}

/// How many rows ``linear(_:_:_:_:_:)`` works on where there is room: the next multiple of four, but one row alone, which
/// is no product of matrices.
package func wholeRows(_ rows: Int) -> Int { rows > 1 ? (rows + 3) / 4 * 4 : rows }

/// `dx = dy · weight`, or `dx += dy · weight` when accumulating.
///
/// `dy` is `rows × outputs` (before the activation), `weight` is `outputs × inputs`, `dx` is `rows × inputs`.
package func linearBackwardInput(
    _ dx: inout MutableSpan<Float>, _ dy: Span<Float>, weight: Span<Float>, _ shape: LinearShape, accumulate: Bool
) throws(ShapeError) {
    let (rows, inputs, outputs) = (shape.rows, shape.inputs, shape.outputs)
    try check(dy.count, rows, outputs, "linearBackwardInput", "dy")
    try check(weight.count, outputs, inputs, "linearBackwardInput", "weight")
    try check(dx.count, rows, inputs, "linearBackwardInput", "dx")
    product(
        &dx, Block(stride: inputs), Operand(dy, Block(stride: outputs)), Operand(weight, Block(stride: inputs)),
        ProductShape(rows: rows, columns: inputs, inner: outputs, beta: accumulate ? 1 : 0))
}

/// `dx = dy · weight` for weights in either order.
///
/// - Throws: ``ShapeError`` where an operand has another size.
package func linearBackwardInput(
    _ dx: inout MutableSpan<Float>, _ dy: Span<Float>, _ weights: LinearWeights, _ shape: LinearShape
) throws(ShapeError) {
    let (rows, inputs, outputs) = (shape.rows, shape.inputs, shape.outputs)
    guard weights.order == .panels else {
        return try linearBackwardInput(&dx, dy, weight: weights.matrix, shape, accumulate: false)
    }
    try check(dy.count, rows, outputs, "linearBackwardInput", "dy")
    try check(weights.matrix.count, outputs, inputs, "linearBackwardInput", "weight")
    try check(dx.count, rows, inputs, "linearBackwardInput", "dx")
    WeightOrder.forEachPanel(outputs) { first, width in
        product(
            &dx, Block(stride: inputs), Operand(dy, Block(offset: first, stride: outputs)),
            Operand(weights.matrix, Block(offset: first * inputs, stride: width, transposed: true)),
            ProductShape(rows: rows, columns: inputs, inner: width, beta: first == 0 ? 0 : 1))
    }
}

/// `dw = dyᵀ · x`, or `dw += dyᵀ · x` when accumulating; `dw` is `outputs × inputs`, `dy` is `rows × outputs`, `x` is
/// `rows × inputs`.
package func linearBackwardWeight(
    _ dw: inout MutableSpan<Float>, _ dy: Span<Float>, _ x: Span<Float>, _ shape: LinearShape, accumulate: Bool
) throws(ShapeError) {
    let (rows, inputs, outputs) = (shape.rows, shape.inputs, shape.outputs)
    try check(dy.count, rows, outputs, "linearBackwardWeight", "dy")
    try check(x.count, rows, inputs, "linearBackwardWeight", "x")
    try check(dw.count, outputs, inputs, "linearBackwardWeight", "dw")
    product(
        &dw, Block(stride: inputs), Operand(dy, Block(stride: outputs, transposed: true)),
        Operand(x, Block(stride: inputs)),
        ProductShape(rows: outputs, columns: inputs, inner: rows, beta: accumulate ? 1 : 0))
}

/// `db += Σ_rows dy`; `db` has `outputs` elements, `dy` is `rows × outputs`.
package func linearBackwardBias(
    _ db: inout MutableSpan<Float>, _ dy: Span<Float>, rows: Int, outputs: Int
) throws(ShapeError) {
    try check(dy.count, rows, outputs, "linearBackwardBias", "dy")
    try check(db.count, 1, outputs, "linearBackwardBias", "db")
    for row in 0..<rows {
        db.update(0..<outputs) { sum, index, count in
            sum + dy.lanes(at: row &* outputs &+ index, count: count)
        }
    }
}
