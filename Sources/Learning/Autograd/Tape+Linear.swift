package import Model
package import Kernels

extension Tape {
    /// `activation(x · weightᵀ + bias)`.
    package func linear(_ x: Value, _ layer: Linear, _ activation: Activation) throws(ShapeError) -> Value {
        let (outputs, inputs) = (layer.weight.rows, layer.weight.columns)
        try require(x.columns == inputs, "linear", "\(inputs) columns", "\(x.columns)")
        let wanted =
            needsGradient(x) || needsGradient(layer.weight) || (layer.bias.map { needsGradient($0) } ?? false)
        let (out, block) = make(x.rows, outputs, needsGradient: wanted)
        var result = block
        var span = result.mutableSpan
        let source = value(x)
        let weight = parameters.block(layer.weight)
        let bias = layer.bias.map(parameters.block)
        try Kernels.linear(
            &span, source.span, LinearWeights(weight.span, bias: bias?.span),
            LinearShape(rows: x.rows, inputs: inputs, outputs: outputs))
        let product = out
        record(product) { [self] (gradient) throws(ShapeError) in
            try linearBackward(x, layer, gradient)
        }
        return activation == .identity ? product : try apply(activation, product)
    }

    /// What `gradient`, that of `x · weightᵀ + bias`, does to operand and parameters.
    private func linearBackward(_ x: Value, _ layer: Linear, _ gradient: FloatView) throws(ShapeError) {
        let shape = LinearShape(rows: x.rows, inputs: layer.weight.columns, outputs: layer.weight.rows)
        let source = value(x)
        if let gradients, gradients.wants(layer.weight) {
            // The first product of a step overwrites what was there, so that nothing has to be zeroed.
            let isFirst = !gradients.hasValue(layer.weight)
            gradients.markWritten(layer.weight)
            var weightGradient = gradients.block(layer.weight)
            var span = weightGradient.mutableSpan
            try linearBackwardWeight(&span, gradient.span, source.span, shape, accumulate: !isFirst)
        }
        if let bias = layer.bias {
            try accumulate(gradientOf: bias) { (into) throws(ShapeError) in
                try linearBackwardBias(&into, gradient.span, rows: x.rows, outputs: shape.outputs)
            }
        }
        try contribute(to: x) { (into, accumulates) throws(ShapeError) in
            let weight = parameters.block(layer.weight)
            try linearBackwardInput(&into, gradient.span, weight: weight.span, shape, accumulate: accumulates)
        }
    }
}
