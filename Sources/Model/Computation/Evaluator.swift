import Kernels
import Randomness

/// Runs a model for its answers: no gradients, dropout off unless somebody samples, every matrix in one ``Workspace``.
final class Evaluator: Computation {
    typealias Value = Workspace.Matrix

    private let parameters: ParameterValues
    let workspace: Workspace
    /// Decides what dropout leaves out; `nil`: nothing.
    var dropoutStream: SeededGenerator?

    /// An evaluator over shared weights with scratch memory of its own (which several evaluators of one thread may
    /// share, as long as only one is at work).
    init(_ parameters: ParameterValues, workspace: Workspace) {
        self.parameters = parameters
        self.workspace = workspace
        BLAS.useCallingThreadOnly()
    }

    /// The numbers of a value, until the next ``Computation/block(_:)`` or reset ends.
    @_lifetime(borrow self)
    func read(_ value: Value, whole: Bool = false) -> Span<Float> {
        let workspace = workspace
        return unsafe _overrideLifetime(workspace.read(value, whole: whole), borrowing: self)
    }

    @_lifetime(borrow self)
    func write(_ value: Value, whole: Bool = false) -> MutableSpan<Float> {
        let workspace = workspace
        return unsafe _overrideLifetime(workspace.write(value, whole: whole), borrowing: self)
    }

    @_lifetime(borrow self)
    func matrix(_ parameter: Parameter) -> Span<Float> {
        let parameters = parameters
        return unsafe _overrideLifetime(parameters.matrix(parameter), borrowing: self)
    }

    @_lifetime(borrow self)
    func weights(_ layer: Linear) -> LinearWeights {
        let parameters = parameters
        return unsafe _overrideLifetime(parameters.weights(layer), borrowing: self)
    }

    /// The numbers of a value as an array of their own.
    func array(_ value: Value) -> [Float] {
        workspace.array(value)
    }

    /// Starts over with an empty workspace.
    func reset() {
        workspace.release(to: 0)
    }

    func constant(rows: Int, columns: Int, _ values: Span<Float>) throws(ShapeError) -> Value {
        let out = try workspace.allocate(rows: rows, columns: columns)
        guard values.count == out.count else {
            throw ShapeError("constant", expected: "\(rows)×\(columns) values", got: "\(values.count)")
        }
        workspace.copy(values, to: out)
        return out
    }

    func gather(_ table: Parameter, _ indices: [Int32]) throws(ShapeError) -> Value {
        let out = try workspace.allocate(rows: indices.count, columns: table.columns)
        var span = write(out)
        try parameters.gatherRows(&span, of: table, indices.span)
        return out
    }

    func gather(_ x: Value, _ indices: [Int32]) throws(ShapeError) -> Value {
        let out = try workspace.allocate(rows: indices.count, columns: x.columns)
        var span = write(out)
        try gatherRows(&span, table: read(x), indices: indices.span, columns: x.columns)
        return out
    }

    func linear(_ x: Value, _ layer: Linear, _ activation: Activation) throws(ShapeError) -> Value {
        let out = try workspace.allocate(rows: x.rows, columns: layer.weight.rows)
        var span = write(out, whole: true)
        let shape = LinearShape(rows: x.rows, inputs: layer.weight.columns, outputs: layer.weight.rows)
        try Kernels.linear(&span, read(x, whole: true), weights(layer), shape, activation)
        return out
    }

    func normalize(_ x: Value, _ norm: LayerNorm) throws(ShapeError) -> Value {
        let out = try workspace.allocate(rows: x.rows, columns: x.columns)
        var span = write(out)
        try layerNorm(
            &span, read(x), scale: matrix(norm.scale), shift: matrix(norm.shift), rows: x.rows,
            epsilon: norm.epsilon)
        return out
    }

    func add(_ x: Value, _ y: Value) throws(ShapeError) -> Value {
        try check("add", x, y)
        let out = try workspace.allocate(rows: x.rows, columns: x.columns)
        var span = write(out)
        try Kernels.add(&span, read(x), read(y))
        return out
    }

    func add(_ x: Value, _ y: Value, columnScale: Parameter) throws(ShapeError) -> Value {
        try check("add", x, y)
        let out = try workspace.allocate(rows: x.rows, columns: x.columns)
        var span = write(out)
        try addScaledColumns(&span, read(x), read(y), columnScale: matrix(columnScale), rows: x.rows)
        return out
    }

    func multiply(_ x: Value, _ y: Value) throws(ShapeError) -> Value {
        try check("multiply", x, y)
        let out = try workspace.allocate(rows: x.rows, columns: x.columns)
        var span = write(out)
        try Kernels.multiply(&span, read(x), read(y))
        return out
    }

    func subtract(_ x: Value, _ y: Value) throws(ShapeError) -> Value {
        try check("subtract", x, y)
        let out = try workspace.allocate(rows: x.rows, columns: x.columns)
        var span = write(out)
        try Kernels.subtract(&span, read(x), read(y))
        return out
    }

    func apply(_ activation: Activation, _ x: Value) throws(ShapeError) -> Value {
        let out = try workspace.allocate(rows: x.rows, columns: x.columns)
        workspace.copy(read(x), to: out)
        var span = write(out)
        activate(&span, activation)
        return out
    }

    func selfAttention(
        _ packed: Value, heads: Int, lengths: [Int], relativeBias: Value?
    ) throws(ShapeError) -> Value {
        let width = packed.columns / 3
        let bias: Span<Float>? = if let relativeBias { read(relativeBias) } else { nil }
        return try attend(
            AttentionOperands(packed: read(packed), width: width, relativeBias: bias),
            AttentionShape.packed(heads: heads, headWidth: width / heads, lengths: lengths), rows: packed.rows)
    }

    // Inlined beside other reads of the workspace, it ends the compiler (Swift 6.3: CopyPropagation moves the span out of
    // the lifetime that it depends on).
    @inline(never)
    func crossAttention(
        _ queries: Value, _ keysValues: Value, heads: Int, queryLengths: [Int], keyLengths: [Int]
    ) throws(ShapeError) -> Value {
        let width = queries.columns
        guard keysValues.columns == 2 * width else {
            throw ShapeError("cross attention", expected: "\(2 * width) columns", got: "\(keysValues.columns)")
        }
        return try attend(
            AttentionOperands(queries: read(queries), keysValues: read(keysValues), width: width),
            AttentionShape.crossed(
                heads: heads, headWidth: width / heads, queryLengths: queryLengths, keyLengths: keyLengths),
            rows: queries.rows)
    }

    func products(
        _ queries: Value, _ keys: Value, queryLengths: [Int], keysPerGroup: Int, scale: Float
    ) throws(ShapeError) -> Value {
        let groups = try ProductGroups(queries, keys, queryLengths: queryLengths, keysPerGroup: keysPerGroup)
        let out = try workspace.allocate(rows: queries.rows, columns: keysPerGroup)
        var span = write(out)
        let (q, k) = (read(queries), read(keys))
        for group in groups.groups {
            var part = span._mutatingExtracting(group.products)
            try gemm(
                &part, q.extracting(group.queries), k.extracting(group.keys),
                ProductShape(rows: group.rows, columns: keysPerGroup, inner: queries.columns, alpha: scale),
                transposeB: true)
        }
        return out
    }

    func mean(_ x: Value, over ranges: [Range<Int>]) throws(ShapeError) -> Value {
        let out = try workspace.allocate(rows: ranges.count, columns: x.columns)
        var span = write(out)
        try meanRows(&span, read(x), ranges: ranges, columns: x.columns)
        return out
    }

    func concatenateColumns(_ values: [Value]) throws(ShapeError) -> Value {
        let rows = values.first?.rows ?? 0
        guard values.allSatisfy({ $0.rows == rows }) else {
            throw ShapeError("concatenate columns", expected: "\(rows) rows each", got: "\(values.map(\.rows))")
        }
        let out = try workspace.allocate(rows: rows, columns: values.reduce(0) { $0 + $1.columns })
        var span = write(out)
        var start = 0
        for value in values {
            let input = read(value)
            for row in 0..<rows {
                let target = row * out.columns + start
                let source = row * value.columns
                for column in 0..<value.columns { span[target + column] = input[source + column] }
            }
            start += value.columns
        }
        return out
    }

    func concatenateRows(_ values: [Value]) throws(ShapeError) -> Value {
        let columns = values.first?.columns ?? 0
        guard values.allSatisfy({ $0.columns == columns }) else {
            throw ShapeError("concatenate rows", expected: "\(columns) columns each", got: "\(values.map(\.columns))")
        }
        let out = try workspace.allocate(rows: values.reduce(0) { $0 + $1.rows }, columns: columns)
        var row = 0
        for value in values {
            workspace.copy(read(value), to: out, row: row)
            row += value.rows
        }
        return out
    }

    func dropout(_ x: Value, rate: Float) throws(ShapeError) -> Value {
        guard rate > 0, var stream = dropoutStream else { return x }
        let mask = try workspace.allocate(rows: x.rows, columns: x.columns)
        var drawn = write(mask)
        dropoutMask(&drawn, rate: rate, &stream)
        dropoutStream = stream
        return try multiply(x, mask)
    }

    func block(replacing input: Value?, _ body: () throws(ShapeError) -> Value) throws(ShapeError) -> Value {
        // What is replaced can give up its room only if it is the newest value.
        let mark = input.map { workspace.isTop($0) ? $0.offset : workspace.top } ?? workspace.top
        let result = try body()
        return result.offset < mark ? result : try workspace.keep(result, at: mark)
    }

    private func attend(
        _ operands: AttentionOperands, _ shape: AttentionShape, rows: Int
    ) throws(ShapeError) -> Value {
        let out = try workspace.allocate(rows: rows, columns: shape.heads * shape.headWidth)
        let mark = workspace.top
        let scratch = try workspace.allocate(rows: 1, columns: shape.scratchCount)
        defer { workspace.release(to: mark) }
        var span = write(out)
        var scratchSpan = write(scratch)
        try attention(&span, operands, shape, scratch: &scratchSpan)
        return out
    }

    func check(_ operation: String, _ x: Value, _ y: Value) throws(ShapeError) {
        try check(operation, y, rows: x.rows, columns: x.columns)
    }

    func check(_ operation: String, _ x: Value, rows: Int, columns: Int) throws(ShapeError) {
        guard x.rows == rows, x.columns == columns else {
            throw ShapeError(operation, expected: "\(rows)×\(columns)", got: "\(x.rows)×\(x.columns)")
        }
    }
}
