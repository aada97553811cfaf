/// Pictures, and the square windows in which a convolution looks at them.
///
/// A picture is a matrix with a row for each place, line by line, and a column for each channel; several lie one below the
/// other. Windows lie as TensorFlow's padding `SAME` has them: as many as strides fit in, what is missing at the edges
/// shared out between both, the odd one behind.
package struct WindowShape: Sendable, Equatable {
    /// How many pictures there are.
    package let count: Int
    /// Lines of a picture.
    package let height: Int
    /// Places of a line.
    package let width: Int
    /// Side of a window.
    package let side: Int
    /// Places from one window to the next, across and down.
    package let stride: Int

    /// Windows over some pictures of one size; `side` and `stride` at least 1.
    package init(count: Int = 1, height: Int, width: Int, side: Int = 3, stride: Int = 1) {
        (self.count, self.height, self.width, self.side, self.stride) = (count, height, width, side, stride)
    }

    /// Lines of windows.
    package var outputHeight: Int { (height + stride - 1) / stride }
    /// Windows of a line.
    package var outputWidth: Int { (width + stride - 1) / stride }
    /// Rows of all pictures.
    package var inputRows: Int { count * height * width }
    /// Windows of all pictures.
    package var outputRows: Int { count * outputHeight * outputWidth }
    /// Places of a window.
    package var area: Int { side * side }

    /// How far the first window reaches over the edge.
    private func before(_ length: Int, _ windows: Int) -> Int { max(0, (windows - 1) * stride + side - length) / 2 }

    /// Calls `body` for each place of each window that lies in its picture: the window, the place in it, and the row of the
    /// picture there.
    @inline(__always)
    func forEachPlace(_ body: (_ window: Int, _ place: Int, _ row: Int) -> Void) {
        for window in 0..<outputRows {
            forEachPlace(of: window) { place, row in body(window, place, row) }
        }
    }

    /// Calls `body` for each place of a window that lies in its picture.
    @inline(__always)
    func forEachPlace(of window: Int, _ body: (_ place: Int, _ row: Int) -> Void) {
        let line = window / outputWidth
        let left = window % outputWidth * stride - before(width, outputWidth)
        let top = line % outputHeight * stride - before(height, outputHeight)
        let first = line / outputHeight * height
        for y in max(0, -top)..<max(max(0, -top), min(side, height - top)) {
            for x in max(0, -left)..<max(max(0, -left), min(side, width - left)) {
                body(y &* side &+ x, (first &+ top &+ y) &* width &+ left &+ x)
            }
        }
    }

    fileprivate func check(_ operation: StaticString) throws(ShapeError) {
        try Kernels.check(
            count >= 0 && height > 0 && width > 0 && side > 0 && stride > 0, operation,
            expected: "pictures, windows and strides of some size",
            got: "\(count) of \(width)×\(height), windows of \(side), strides of \(stride)")
    }
}

/// The numbers in each window side by side, zeros beyond the edges: `outputRows × area · channels`, so that a convolution is
/// a product of these with its weights.
package func takeWindows(
    _ out: inout MutableSpan<Float>, _ x: Span<Float>, _ shape: WindowShape, channels: Int
) throws(ShapeError) {
    try shape.check("takeWindows")
    try check(x.count, shape.inputRows, channels, "takeWindows", "x")
    try check(out.count, shape.outputRows, shape.area * channels, "takeWindows", "out")
    for window in 0..<shape.outputRows {
        let start = window &* shape.area &* channels
        out.fill(start..<start &+ shape.area &* channels) { _, _ in Lanes() }
        shape.forEachPlace(of: window) { place, row in
            out.copy(x, from: row &* channels, to: start &+ place &* channels, count: channels)
        }
    }
}

/// What goes back through ``takeWindows``, added to `dx`: each number gets the gradients of all windows that it lies in.
package func addWindows(
    _ dx: inout MutableSpan<Float>, _ dy: Span<Float>, _ shape: WindowShape, channels: Int
) throws(ShapeError) {
    try shape.check("addWindows")
    try check(dx.count, shape.inputRows, channels, "addWindows", "dx")
    try check(dy.count, shape.outputRows, shape.area * channels, "addWindows", "dy")
    shape.forEachPlace { window, place, row in
        let start = row &* channels
        let source = (window &* shape.area &+ place) &* channels &- start
        dx.update(start..<start &+ channels) { old, index, count in old + dy.lanes(at: source &+ index, count: count) }
    }
}

/// A convolution that leaves channels apart (Howard et al. 2017): `out[w, c] = activation(bias[c] + Σ_p weights[p, c] ·
/// x[w at p, c])`, with `weights` of `area × channels`, a row for each place of a window, and `bias` of `channels`.
package func convolveChannels(
    _ out: inout MutableSpan<Float>, _ x: Span<Float>, _ weights: Span<Float>, bias: Span<Float>, _ shape: WindowShape,
    _ activation: Activation
) throws(ShapeError) {
    let channels = bias.count
    try shape.check("convolveChannels")
    try check(x.count, shape.inputRows, channels, "convolveChannels", "x")
    try check(weights.count, shape.area, channels, "convolveChannels", "weights")
    try check(out.count, shape.outputRows, channels, "convolveChannels", "out")
    for window in 0..<shape.outputRows {
        let start = window &* channels
        out.fill(start..<start &+ channels) { index, count in
            let channel = index &- start
            var sum = bias.lanes(at: channel, count: count)
            shape.forEachPlace(of: window) { place, row in
                sum +=
                    weights.lanes(at: place &* channels &+ channel, count: count)
                    * x.lanes(at: row &* channels &+ channel, count: count)
            }
            return sum
        }
        activate(&out, start..<start &+ channels, activation)
    }
}

/// What goes back through ``convolveChannels`` without an activation to `x`, added to `dx`.
package func convolveChannelsBackward(
    _ dx: inout MutableSpan<Float>, _ dy: Span<Float>, weights: Span<Float>, _ shape: WindowShape, channels: Int
) throws(ShapeError) {
    try shape.check("convolveChannelsBackward")
    try check(dx.count, shape.inputRows, channels, "convolveChannelsBackward", "dx")
    try check(dy.count, shape.outputRows, channels, "convolveChannelsBackward", "dy")
    try check(weights.count, shape.area, channels, "convolveChannelsBackward", "weights")
    shape.forEachPlace { window, place, row in
        let start = row &* channels
        dx.update(start..<start &+ channels) { old, index, count in
            let channel = index &- start
            return old + dy.lanes(at: window &* channels &+ channel, count: count)
                * weights.lanes(at: place &* channels &+ channel, count: count)
        }
    }
}

/// What goes back through ``convolveChannels`` without an activation to its weights, added to `dw`.
package func addChannelProducts(
    _ dw: inout MutableSpan<Float>, _ dy: Span<Float>, _ x: Span<Float>, _ shape: WindowShape, channels: Int
) throws(ShapeError) {
    try shape.check("addChannelProducts")
    try check(dw.count, shape.area, channels, "addChannelProducts", "dw")
    try check(dy.count, shape.outputRows, channels, "addChannelProducts", "dy")
    try check(x.count, shape.inputRows, channels, "addChannelProducts", "x")
    shape.forEachPlace { window, place, row in
        let start = place &* channels
        dw.update(start..<start &+ channels) { old, index, count in
            let channel = index &- start
            return old + dy.lanes(at: window &* channels &+ channel, count: count)
                * x.lanes(at: row &* channels &+ channel, count: count)
        }
    }
}
