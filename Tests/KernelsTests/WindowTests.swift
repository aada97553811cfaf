import Testing

@testable import Kernels

/// Windows of pictures, and convolutions that leave channels apart.
@Suite struct WindowTests {
    private static let shapes = [
        WindowShape(height: 4, width: 5), WindowShape(count: 2, height: 5, width: 4, stride: 2),
        WindowShape(height: 1, width: 1, stride: 2), WindowShape(height: 2, width: 2, stride: 2),
        WindowShape(count: 3, height: 3, width: 1, side: 1), WindowShape(height: 9, width: 7, side: 5, stride: 3),
        WindowShape(height: 5, width: 5, side: 2, stride: 4), WindowShape(count: 0, height: 2, width: 2),
    ]
    private static let widths = [1, 5, 16, 19]

    /// The row that each place of each window lies on; `nil` beyond the edges.
    private func rows(_ shape: WindowShape) -> [[Int?]] {
        var rows: [[Int?]] = []
        func before(_ length: Int, _ windows: Int) -> Int {
            max(0, (windows - 1) * shape.stride + shape.side - length) / 2
        }
        for picture in 0..<shape.count {
            for line in 0..<shape.outputHeight {
                for window in 0..<shape.outputWidth {
                    rows.append(
                        (0..<shape.area).map { place in
                            let y = line * shape.stride - before(shape.height, shape.outputHeight) + place / shape.side
                            let x = window * shape.stride - before(shape.width, shape.outputWidth) + place % shape.side
                            let isInside = y >= 0 && y < shape.height && x >= 0 && x < shape.width
                            return isInside ? (picture * shape.height + y) * shape.width + x : nil
                        })
                }
            }
        }
        return rows
    }

    @Test(arguments: shapes, widths) func windowsWithBackward(shape: WindowShape, channels: Int) throws {
        var numbers = Numbers(channels)
        let x = numbers(shape.inputRows * channels), dy = numbers(shape.outputRows * shape.area * channels)
        func taken(_ x: [Double]) -> [Double] {
            rows(shape).flatMap { window in
                window.flatMap { row in (0..<channels).map { channel in row.map { x[$0 * channels + channel] } ?? 0 } }
            }
        }
        expectClose(try output(dy.count) { try takeWindows(&$0, x.span, shape, channels: channels) }, taken(wide(x)))
        let dx = try output(x.count, from: 1) { try addWindows(&$0, dy.span, shape, channels: channels) }
        expectGradient(dx.map { $0 - 1 }, at: x) { dot(taken($0), dy) }
    }

    @Test(arguments: shapes, widths) func channelsApartWithBackward(shape: WindowShape, channels: Int) throws {
        var numbers = Numbers(channels)
        let x = numbers(shape.inputRows * channels), weights = numbers(shape.area * channels)
        let bias = numbers(channels), dy = numbers(shape.outputRows * channels)
        func convolved(_ x: [Double], _ weights: [Double]) -> [Double] {
            rows(shape).flatMap { window in
                (0..<channels).map { channel in
                    window.enumerated().reduce(Double(bias[channel])) { sum, place in
                        guard let row = place.element else { return sum }
                        return sum + x[row * channels + channel] * weights[place.offset * channels + channel]
                    }
                }
            }
        }
        for activation in [Activation.identity, .relu6] {
            let y = try output(dy.count) {
                try convolveChannels(&$0, x.span, weights.span, bias: bias.span, shape, activation)
            }
            expectClose(y, convolved(wide(x), wide(weights)).map { Reference.activation(activation, $0) })
        }
        let dx = try output(x.count, from: 1) {
            try convolveChannelsBackward(&$0, dy.span, weights: weights.span, shape, channels: channels)
        }
        expectGradient(dx.map { $0 - 1 }, at: x) { dot(convolved($0, wide(weights)), dy) }
        let dw = try output(weights.count, from: 1) {
            try addChannelProducts(&$0, dy.span, x.span, shape, channels: channels)
        }
        expectGradient(dw.map { $0 - 1 }, at: weights) { dot(convolved(wide(x), $0), dy) }
    }

    @Test func sizesThatDoNotFitAreRefused() {
        let x: [Float] = Array(repeating: 0, count: 12), nine: [Float] = Array(repeating: 0, count: 9)
        let shape = WindowShape(height: 3, width: 4)
        #expect(throws: ShapeError.self) { try output(107) { try takeWindows(&$0, x.span, shape, channels: 1) } }
        #expect(throws: ShapeError.self) { try output(108) { try takeWindows(&$0, nine.span, shape, channels: 1) } }
        #expect(throws: ShapeError.self) { try output(11) { try addWindows(&$0, x.span, shape, channels: 1) } }
        #expect(throws: ShapeError.self) {
            try output(12) {
                try takeWindows(&$0, x.span, WindowShape(height: 3, width: 4, stride: 0), channels: 1)
            }
        }
        #expect(throws: ShapeError.self) {
            try output(12) {
                try convolveChannels(&$0, x.span, x.span, bias: [0].span, shape, .identity)
            }
        }
    }
}
