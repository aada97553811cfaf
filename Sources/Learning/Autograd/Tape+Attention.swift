package import Model
package import Kernels

extension Tape {
    /// Layer normalisation of each row; the gradients of scale and shift go to the parameters.
    package func normalize(_ x: Value, _ norm: LayerNorm) throws(ShapeError) -> Value {
        let wanted = needsGradient(x) || needsGradient(norm.scale) || needsGradient(norm.shift)
        let (out, block) = make(x.rows, x.columns, needsGradient: wanted)
        var result = block
        var span = result.mutableSpan
        let source = value(x)
        let (scale, shift) = (parameters.block(norm.scale), parameters.block(norm.shift))
        try layerNorm(
            &span, source.span, scale: scale.span, shift: shift.span, rows: x.rows, epsilon: norm.epsilon)
        record(out) { [self] (gradient) throws(ShapeError) in
            if needsGradient(norm.scale) || needsGradient(norm.shift) {
                // The kernel makes both at once: an unwanted one goes to scratch.
                let scratch = arena.zeros(x.columns)
                var scaleGradient = accumulator(norm.scale, or: scratch)
                var shiftGradient = accumulator(norm.shift, or: scratch)
                var scaleSpan = scaleGradient.mutableSpan
                var shiftSpan = shiftGradient.mutableSpan
                try layerNormBackwardParameters(
                    scaleGradient: &scaleSpan, shiftGradient: &shiftSpan, gradient.span, source.span, rows: x.rows,
                    epsilon: norm.epsilon)
                arena.give(scratch)
            }
            try overwrite(gradientOf: x) { (into) throws(ShapeError) in
                try layerNormBackwardInput(
                    &into, gradient.span, source.span, scale: scale.span, rows: x.rows, epsilon: norm.epsilon)
            }
        }
        return out
    }

    /// Attention of each sequence within itself; backward computes the probabilities again.
    package func selfAttention(
        _ packed: Value, heads: Int, lengths: [Int], relativeBias: Value?
    ) throws(ShapeError) -> Value {
        let width = packed.columns / 3
        try require(
            packed.columns == 3 * width && width % heads == 0, "selfAttention",
            "[q | k | v] of a multiple of \(heads) columns each", "\(packed.columns) columns")
        let shape = AttentionShape.packed(heads: heads, headWidth: width / heads, lengths: lengths)
        let wanted = needsGradient(packed) || (relativeBias.map { needsGradient($0) } ?? false)
        let (out, block) = make(packed.rows, width, needsGradient: wanted)
        let source = value(packed)
        let bias = relativeBias.map { value($0) }
        try attend(
            block, AttentionOperands(packed: source.span, width: width, relativeBias: bias?.span), shape)
        record(out) { [self] (gradient) throws(ShapeError) in
            let operands = AttentionOperands(packed: source.span, width: width, relativeBias: bias?.span)
            try overwrite(gradientOf: packed) { (into) throws(ShapeError) in
                let scratch = arena.take(shape.backwardScratchCount)
                var work = scratch
                var workSpan = work.mutableSpan
                let biasSlope = arena.zeros(bias?.count ?? 0)
                var intoBias = biasSlope
                var biasSpan = intoBias.mutableSpan
                try attentionBackward(
                    dPacked: &into, dRelativeBias: &biasSpan, gradient.span, operands, shape, scratch: &workSpan)
                if let relativeBias { try pass(biasSlope, to: relativeBias) }
                arena.give(biasSlope)
                arena.give(scratch)
            }
        }
        return out
    }

    /// Attention from queries to keys and values, group by group.
    package func crossAttention(
        _ queries: Value, _ keysValues: Value, heads: Int, queryLengths: [Int], keyLengths: [Int]
    ) throws(ShapeError) -> Value {
        let width = queries.columns
        try require(
            keysValues.columns == 2 * width && width % heads == 0, "crossAttention",
            "[k | v] of \(2 * width) columns, a multiple of \(heads) each", "\(keysValues.columns)")
        let shape = AttentionShape.crossed(
            heads: heads, headWidth: width / heads, queryLengths: queryLengths, keyLengths: keyLengths)
        let wanted = needsGradient(queries) || needsGradient(keysValues)
        let (out, block) = make(queries.rows, width, needsGradient: wanted)
        let (asking, evidence) = (value(queries), value(keysValues))
        try attend(
            block, AttentionOperands(queries: asking.span, keysValues: evidence.span, width: width), shape)
        record(out) { [self] (gradient) throws(ShapeError) in
            let operands = AttentionOperands(queries: asking.span, keysValues: evidence.span, width: width)
            let (scratch, querySlope) = (arena.take(shape.backwardScratchCount), arena.take(queries.count))
            let evidenceSlope = arena.take(keysValues.count)
            var (work, intoQueries, intoEvidence) = (scratch, querySlope, evidenceSlope)
            var workSpan = work.mutableSpan
            var querySpan = intoQueries.mutableSpan
            var evidenceSpan = intoEvidence.mutableSpan
            try attentionBackward(
                dQueries: &querySpan, dKeysValues: &evidenceSpan, gradient.span, operands, shape,
                scratch: &workSpan)
            try pass(querySlope, to: queries)
            try pass(evidenceSlope, to: keysValues)
            for block in [scratch, querySlope, evidenceSlope] { arena.give(block) }
        }
        return out
    }

    private func accumulator(_ parameter: Parameter, or scratch: FloatView) -> FloatView {
        guard let gradients, gradients.wants(parameter) else { return scratch }
        return gradients.accumulator(parameter)
    }

    private func attend(
        _ out: FloatView, _ operands: AttentionOperands, _ shape: AttentionShape
    ) throws(ShapeError) {
        let scratch = arena.take(shape.scratchCount)
        var (result, work) = (out, scratch)
        var span = result.mutableSpan
        var workSpan = work.mutableSpan
        try attention(&span, operands, shape, scratch: &workSpan)
        arena.give(scratch)
    }
}
