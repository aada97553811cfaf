/// The scores of one head in one group, and their softmax: rows of `shape.scoreStride(keys)` at the start of `scratch`.
struct AttentionScores {
    let shape: AttentionShape
    let hasBias: Bool

    /// Loads the bias table, if there is one, head by head and with the scale of powers of two.
    init(_ shape: AttentionShape, relativeBias: Span<Float>?, scratch: inout MutableSpan<Float>) {
        self.shape = shape
        guard let relativeBias else {
            hasBias = false
            return
        }
        hasBias = true
        let surplus = shape.surplusRows(relativeBias.count)
        let occurring = shape.biasCount - Lanes.scalarCount
        for head in 0..<shape.heads {
            let start = shape.biasStart + head * shape.biasCount
            for row in 0..<occurring {
                scratch[start &+ row] = relativeBias[(row &+ surplus) &* shape.heads &+ head] * 1.442_695_04
            }
            scratch.store(Lanes(), at: start + occurring)
        }
    }

    /// Fills `scratch` with `2^(score − top)` of each row and writes `1 / Σ` of it to the row's factor.
    func fill(
        _ scratch: inout MutableSpan<Float>, _ operands: AttentionOperands, _ group: AttentionShape.Group, _ head: Int
    ) {
        if group.keys == 0 { return }
        let stride = shape.scoreStride(group.keys)
        var blocks = AttentionShape.HeadBlocks(shape, group, head)
        blocks.key.transposed = true
        padRows(&scratch, at: 0, group, with: -.infinity)
        product(
            &scratch, Block(stride: stride), Operand(operands.queries, blocks.query),
            Operand(operands.keys, blocks.key),
            ProductShape(
                rows: group.queries, columns: group.keys, inner: shape.headWidth, alpha: shape.binaryScale))
        let factors = shape.factorStart
        // Key j of query i is at distance j − i, kept at j − i + longest − 1.
        let bias = shape.biasStart &+ head &* shape.biasCount &+ shape.longest &- 1
        for row in 0..<group.queries {
            let sum = scratch.powers(row &* stride, stride, bias: hasBias ? bias &- row : nil)
            scratch[factors &+ row] = 1 / sum
        }
    }

    /// Turns what ``fill(_:_:_:_:)`` left into probabilities.
    func normalize(_ scratch: inout MutableSpan<Float>, _ group: AttentionShape.Group) {
        let stride = shape.scoreStride(group.keys)
        for row in 0..<group.queries {
            let factor = scratch[shape.factorStart &+ row]
            scratch.update(row &* stride..<(row &+ 1) &* stride) { value, _, _ in value * factor }
        }
    }

    /// Puts a value where rows end, before a product writes the columns that count: what lies in the lanes behind them
    /// takes part in sums.
    func padRows(
        _ scratch: inout MutableSpan<Float>, at start: Int, _ group: AttentionShape.Group, with value: Float
    ) {
        let stride = shape.scoreStride(group.keys)
        if stride == group.keys { return }
        for row in 1...max(group.queries, 1) where group.queries > 0 {
            scratch.store(Lanes(repeating: value), at: start &+ row &* stride &- Lanes.scalarCount)
        }
    }
}
