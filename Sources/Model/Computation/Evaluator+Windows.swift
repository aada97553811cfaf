import Kernels

/// Convolutions.
extension Evaluator {
    func windows(_ x: Value, _ windows: WindowShape) throws(ShapeError) -> Value {
        let out = try workspace.allocate(rows: windows.outputRows, columns: windows.area * x.columns)
        var span = write(out)
        try takeWindows(&span, read(x), windows, channels: x.columns)
        return out
    }

    func convolveChannels(
        _ x: Value, _ layer: ChannelConvolution, _ windows: WindowShape, _ activation: Activation
    ) throws(ShapeError) -> Value {
        let out = try workspace.allocate(rows: windows.outputRows, columns: x.columns)
        var span = write(out)
        try Kernels.convolveChannels(
            &span, read(x), matrix(layer.weight), bias: matrix(layer.bias), windows, activation)
        return out
    }
}
