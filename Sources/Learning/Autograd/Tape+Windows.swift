package import Model
package import Kernels

/// Convolutions.
extension Tape {
    /// Windows of pictures; backward adds up where they overlap.
    package func windows(_ x: Value, _ windows: WindowShape) throws(ShapeError) -> Value {
        let (out, block) = make(windows.outputRows, windows.area * x.columns, needsGradient: needsGradient(x))
        var result = block
        var span = result.mutableSpan
        let source = value(x)
        try takeWindows(&span, source.span, windows, channels: x.columns)
        record(out) { [self] (gradient) throws(ShapeError) in
            try accumulate(gradientOf: x) { (into) throws(ShapeError) in
                try addWindows(&into, gradient.span, windows, channels: x.columns)
            }
        }
        return out
    }

    /// A convolution that leaves channels apart; its weights get the products of what comes in and what goes back, its bias
    /// the sum of that.
    package func convolveChannels(
        _ x: Value, _ layer: ChannelConvolution, _ windows: WindowShape, _ activation: Activation
    ) throws(ShapeError) -> Value {
        let learns = needsGradient(x) || needsGradient(layer.weight) || needsGradient(layer.bias)
        let (out, block) = make(windows.outputRows, x.columns, needsGradient: learns)
        var result = block
        var span = result.mutableSpan
        let (source, weights) = (value(x), parameters.block(layer.weight))
        // The slope of the activation wants what comes before it.
        try Kernels.convolveChannels(
            &span, source.span, weights.span, bias: parameters.block(layer.bias).span, windows, .identity)
        record(out) { [self] (gradient) throws(ShapeError) in
            try accumulate(gradientOf: x) { (into) throws(ShapeError) in
                try convolveChannelsBackward(
                    &into, gradient.span, weights: weights.span, windows, channels: x.columns)
            }
            try accumulate(gradientOf: layer.weight) { (into) throws(ShapeError) in
                try addChannelProducts(&into, gradient.span, source.span, windows, channels: x.columns)
            }
            try accumulate(gradientOf: layer.bias) { (into) throws(ShapeError) in
                try linearBackwardBias(&into, gradient.span, rows: windows.outputRows, outputs: x.columns)
            }
        }
        return activation == .identity ? out : try apply(activation, out)
    }
}
