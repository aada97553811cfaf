@testable import Kernels
@testable import Model

/// Convolutions.
extension DoubleComputation {
    func windows(_ x: Matrix, _ windows: WindowShape) -> Matrix {
        Matrix(rows: windows.outputRows, columns: windows.area * x.columns) { window, column in
            row(of: window, place: column / x.columns, windows).map { x[$0, column % x.columns] } ?? 0
        }
    }

    func convolveChannels(
        _ x: Matrix, _ layer: ChannelConvolution, _ windows: WindowShape, _ activation: Activation
    ) throws(ShapeError) -> Matrix {
        let (weights, bias) = (matrix(layer.weight), matrix(layer.bias))
        let sums = Matrix(rows: windows.outputRows, columns: x.columns) { window, channel in
            (0..<windows.area).reduce(bias[0, channel]) { sum, place in
                sum + (row(of: window, place: place, windows).map { x[$0, channel] * weights[place, channel] } ?? 0)
            }
        }
        return try apply(activation, sums)
    }

    /// The row of the pictures that a place of a window lies on; `nil` beyond the edges. The total of what is missing at
    /// both edges is shared out, the odd one behind.
    private func row(of window: Int, place: Int, _ shape: WindowShape) -> Int? {
        let lines = (shape.height + shape.stride - 1) / shape.stride
        let across = (shape.width + shape.stride - 1) / shape.stride
        func first(_ number: Int, _ length: Int, _ windows: Int) -> Int {
            number * shape.stride - max(0, (windows - 1) * shape.stride + shape.side - length) / 2
        }
        let picture = window / (lines * across)
        let y = first(window / across % lines, shape.height, lines) + place / shape.side
        let x = first(window % across, shape.width, across) + place % shape.side
        guard (0..<shape.height).contains(y), (0..<shape.width).contains(x) else { return nil }
        return (picture * shape.height + y) * shape.width + x
    }
}
