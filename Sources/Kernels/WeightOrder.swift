/// How the weights of a linear layer lie in memory.
package enum WeightOrder: Sendable {
    /// As checkpoints have them: `outputs × inputs`, row by row.
    case rows
    /// In panels of ``panelWidth`` outputs, one after the other, each `inputs × width` row by row; the last panel is as
    /// wide as outputs are left.
    ///
    /// A product with a panel and a few dozen rows is small enough for the kernels that multiply operands where they
    /// are. Otherwise BLAS copies the weights into an order of its own in every call, which for the rows of one short
    /// text costs more than the product.
    case panels

    /// The order that products are fastest with.
    package static let preferred: WeightOrder = BLAS.multipliesInPlace ? .panels : .rows

    /// Outputs of one panel.
    static let panelWidth = 64

    /// Where the weight of an output and an input lies in a matrix of `outputs × inputs`.
    package func index(output: Int, input: Int, outputs: Int, inputs: Int) -> Int {
        guard self == .panels else { return output * inputs + input }
        let first = output / Self.panelWidth * Self.panelWidth
        return first * inputs + input * min(Self.panelWidth, outputs - first) + output - first
    }

    /// Calls `body` for each panel with its first output and how many it has.
    @inline(__always)
    static func forEachPanel(_ outputs: Int, _ body: (_ first: Int, _ width: Int) -> Void) {
        for first in stride(from: 0, to: outputs, by: panelWidth) { body(first, min(panelWidth, outputs - first)) }
    }
}

/// Brings weights of `outputs × inputs` from rows into panels.
///
/// - Throws: ``ShapeError`` where an operand has another size.
package func packPanels(
    _ out: inout MutableSpan<Float>, rows: Span<Float>, outputs: Int, inputs: Int
) throws(ShapeError) {
    try check(rows.count, outputs, inputs, "packPanels", "rows")
    try check(out.count, outputs, inputs, "packPanels", "out")
    WeightOrder.forEachPanel(outputs) { first, width in
        transpose(
            &out, Block(offset: first * inputs, stride: width), rows, Block(offset: first * inputs, stride: inputs),
            rows: width, columns: inputs)
    }
}

/// `out = xᵀ` for blocks of larger matrices, whose extents the caller has checked; `x` is `rows × columns`.
func transpose(
    _ out: inout MutableSpan<Float>, _ atOut: Block, _ x: Span<Float>, _ atX: Block, rows: Int, columns: Int
) {
    let side = 4
    for row in stride(from: 0, to: rows, by: side) {
        for column in stride(from: 0, to: columns, by: side) {
            let source = atX.offset &+ row &* atX.stride &+ column
            let target = atOut.offset &+ column &* atOut.stride &+ row
            if row &+ side <= rows && column &+ side <= columns {
                transposeSquare(&out, target, atOut.stride, x, source, atX.stride)
            } else {
                for i in 0..<min(side, rows - row) {
                    for j in 0..<min(side, columns - column) {
                        out[target &+ j &* atOut.stride &+ i] = x[source &+ i &* atX.stride &+ j]
                    }
                }
            }
        }
    }
}

/// Transposes a square of four by four in registers.
@inline(__always)
private func transposeSquare(
    _ out: inout MutableSpan<Float>, _ target: Int, _ outStride: Int, _ x: Span<Float>, _ source: Int, _ stride: Int
) {
    let a = x.four(at: source), b = x.four(at: source &+ stride)
    let c = x.four(at: source &+ 2 &* stride), d = x.four(at: source &+ 3 &* stride)
    let lowAC = SIMD4(a[0], c[0], a[1], c[1]), highAC = SIMD4(a[2], c[2], a[3], c[3])
    let lowBD = SIMD4(b[0], d[0], b[1], d[1]), highBD = SIMD4(b[2], d[2], b[3], d[3])
    out.store(SIMD4(lowAC[0], lowBD[0], lowAC[1], lowBD[1]), at: target)
    out.store(SIMD4(lowAC[2], lowBD[2], lowAC[3], lowBD[3]), at: target &+ outStride)
    out.store(SIMD4(highAC[0], highBD[0], highAC[1], highBD[1]), at: target &+ 2 &* outStride)
    out.store(SIMD4(highAC[2], highBD[2], highAC[3], highBD[3]), at: target &+ 3 &* outStride)
}

extension Span where Element == Float {
    @inline(__always)
    fileprivate func four(at index: Int) -> SIMD4<Float> {
        precondition(index >= 0 && index &+ 4 <= count)
        return unsafe bytes.unsafeLoadUnaligned(
            fromUncheckedByteOffset: index &* MemoryLayout<Float>.stride, as: SIMD4<Float>.self)
    }
}

extension MutableSpan where Element == Float {
    @inline(__always)
    fileprivate mutating func store(_ four: SIMD4<Float>, at index: Int) {
        precondition(index >= 0 && index &+ 4 <= count)
        var bytes = unsafe mutableBytes
        unsafe bytes.storeBytes(
            of: four, toUncheckedByteOffset: index &* MemoryLayout<Float>.stride, as: SIMD4<Float>.self)
    }
}
