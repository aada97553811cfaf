package import Kernels
package import Model

/// Slopes, for answers that are told by them; nothing is learned through them.
extension Tape {
    /// `slope · weight`.
    package func linearBackward(_ slope: Value, _ layer: Linear) throws(ShapeError) -> Value {
        let shape = LinearShape(rows: slope.rows, inputs: layer.weight.columns, outputs: layer.weight.rows)
        try require(
            slope.columns == shape.outputs, "linearBackward", "\(shape.outputs) columns", "\(slope.columns)")
        let (out, block) = make(slope.rows, shape.inputs, needsGradient: false)
        var result = block
        var span = result.mutableSpan
        let source = value(slope)
        let weight = parameters.block(layer.weight)
        try linearBackwardInput(&span, source.span, weight: weight.span, shape, accumulate: false)
        return out
    }

    /// What layer normalisation lets back.
    package func normalizeBackward(_ slope: Value, _ x: Value, _ norm: LayerNorm) throws(ShapeError) -> Value {
        let (out, block) = make(x.rows, x.columns, needsGradient: false)
        var result = block
        var span = result.mutableSpan
        let (source, input) = (value(slope), value(x))
        let scale = parameters.block(norm.scale)
        try layerNormBackwardInput(
            &span, source.span, input.span, scale: scale.span, rows: x.rows, epsilon: norm.epsilon)
        return out
    }

    /// What an element-wise function lets back.
    package func applyBackward(_ slope: Value, _ activation: Activation, _ x: Value) throws(ShapeError) -> Value {
        try require(
            slope.rows == x.rows && slope.columns == x.columns, "applyBackward", "\(x.rows) × \(x.columns)",
            "\(slope.rows) × \(slope.columns)")
        let (out, block) = make(x.rows, x.columns, needsGradient: false)
        block.copy(from: value(slope))
        var result = block
        var span = result.mutableSpan
        let input = value(x)
        try activateBackward(&span, preactivation: input.span, activation)
        return out
    }
}
