import Kernels

/// Slopes, for answers that are told by them.
extension Evaluator {
    func linearBackward(_ slope: Value, _ layer: Linear) throws(ShapeError) -> Value {
        try check("linearBackward", slope, rows: slope.rows, columns: layer.weight.rows)
        let out = try workspace.allocate(rows: slope.rows, columns: layer.weight.columns)
        var span = write(out)
        try linearBackwardInput(
            &span, read(slope), weights(layer),
            LinearShape(rows: slope.rows, inputs: layer.weight.columns, outputs: layer.weight.rows))
        return out
    }

    func normalizeBackward(_ slope: Value, _ x: Value, _ norm: LayerNorm) throws(ShapeError) -> Value {
        try check("normalizeBackward", slope, x)
        let out = try workspace.allocate(rows: x.rows, columns: x.columns)
        var span = write(out)
        try layerNormBackwardInput(
            &span, read(slope), read(x), scale: matrix(norm.scale), rows: x.rows, epsilon: norm.epsilon)
        return out
    }

    func applyBackward(_ slope: Value, _ activation: Activation, _ x: Value) throws(ShapeError) -> Value {
        try check("applyBackward", slope, x)
        let out = try workspace.allocate(rows: x.rows, columns: x.columns)
        workspace.copy(read(slope), to: out)
        var span = write(out)
        try activateBackward(&span, preactivation: read(x), activation)
        return out
    }
}
