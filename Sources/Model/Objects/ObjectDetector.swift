package import Kernels

/// Pixels to scores of objects in boxes that are laid out beforehand: SSD (Liu et al. 2016) on MobileNetV2 (Sandler et al.
/// 2018). Normalisation of batches is a part of the weights.
///
/// Six maps of features, each smaller than the one before, are looked at through windows of 3 × 3: the widened rows of the
/// fourteenth inverted residual, the last convolution's, and four layers behind.
package struct ObjectDetector: Sendable {
    /// An inverted residual: widen, convolve channels apart, narrow; added to what came in where sizes allow.
    struct Residual: Sendable {
        let widen: Linear?
        let apart: ChannelConvolution
        let narrow: Linear
        let stride: Int
        let isAdded: Bool
    }

    /// Narrow, halve, widen.
    struct Extra: Sendable {
        let narrow: Linear
        let apart: ChannelConvolution
        let widen: Linear
    }

    /// What a map of features says.
    struct Prediction: Sendable {
        /// `4 · boxes` outputs: offsets of centre and logarithms of sides, y before x.
        let offsets: Linear
        /// `labels · boxes` outputs: logits.
        let scores: Linear
    }

    /// What it says of a map of places.
    package struct Output<Value> {
        /// Places of the map, across and down.
        package let side: Int
        /// For each place `4 · boxes` offsets.
        package let offsets: Value
        /// For each place `labels · boxes` logits.
        package let scores: Value
    }

    /// Groups of inverted residuals: how many there are, and the stride of the first (Sandler et al. 2018, table 2).
    private static let groups: [(count: Int, stride: Int)] = [(1, 1), (2, 2), (3, 2), (4, 2), (3, 1), (3, 2), (1, 1)]
    /// The residual whose widened rows are the first map.
    private static let firstMap = 13
    private static let expansion = 6

    /// The weight file that a model keeps it in.
    package static let file = "objects.safetensors"

    /// The shape that it was declared with.
    package let configuration: ObjectDetectorConfiguration
    let stem: Linear
    let residuals: [Residual]
    let last: Linear
    let extras: [Extra]
    let predictions: [Prediction]

    /// Declares the detector's parameters.
    package init(_ configuration: ObjectDetectorConfiguration, in layout: inout ParameterLayout) {
        self.configuration = configuration
        let widths = configuration.widths
        stem = layout.linear("stem", inputs: 27, outputs: widths[0])
        var residuals: [Residual] = []
        for (group, (count, stride)) in Self.groups.enumerated() {
            for place in 0..<count {
                let inputs = place == 0 ? widths[group] : widths[group + 1]
                residuals.append(
                    layout.at("residual.\(residuals.count)") {
                        Self.residual(
                            from: inputs, to: widths[group + 1], stride: place == 0 ? stride : 1, isFirst: group == 0,
                            in: &$0)
                    })
            }
        }
        self.residuals = residuals
        last = layout.linear("last", inputs: widths[7], outputs: widths[8])
        var inputs = widths[8]
        extras = configuration.extras.enumerated().map { number, widths in
            defer { inputs = widths[1] }
            return layout.at("extra.\(number)") { layout in
                Extra(
                    narrow: layout.linear("narrow", inputs: inputs, outputs: widths[0]),
                    apart: layout.channelConvolution("apart", places: 9, channels: widths[0]),
                    widen: layout.linear("widen", inputs: widths[0], outputs: widths[1]))
            }
        }
        let mapped = [Self.expansion * widths[5], widths[8]] + configuration.extras.map { $0[1] }
        predictions = mapped.enumerated().map { number, width in
            let boxes = PriorBoxes.sizes(ofMap: number).count
            return layout.at("map.\(number)") { layout in
                Prediction(
                    offsets: layout.linear("offsets", inputs: 9 * width, outputs: 4 * boxes),
                    scores: layout.linear("scores", inputs: 9 * width, outputs: configuration.labels.count * boxes))
            }
        }
    }

    private static func residual(
        from inputs: Int, to outputs: Int, stride: Int, isFirst: Bool, in layout: inout ParameterLayout
    ) -> Residual {
        let width = isFirst ? inputs : expansion * inputs
        return Residual(
            widen: isFirst ? nil : layout.linear("widen", inputs: inputs, outputs: width),
            apart: layout.channelConvolution("apart", places: 9, channels: width),
            narrow: layout.linear("narrow", inputs: width, outputs: outputs), stride: stride,
            isAdded: stride == 1 && inputs == outputs)
    }

    /// Looks at one picture.
    ///
    /// - Parameter pixels: `imageSize² × 3`, line by line, red, green and blue of −1…1.
    /// - Returns: What it says of each map, the finest first.
    package func detect<C: Computation>(_ pixels: C.Value, on computation: C) throws(ShapeError) -> [Output<C.Value>] {
        var side = configuration.imageSize
        guard pixels.rows == side * side, pixels.columns == 3 else {
            throw ShapeError("object detector", expected: "\(side * side)×3", got: "\(pixels.rows)×\(pixels.columns)")
        }
        let windows = WindowShape(height: side, width: side, stride: 2)
        side = windows.outputHeight
        var x = try computation.block(replacing: nil) { () throws(ShapeError) in
            try computation.linear(computation.windows(pixels, windows), stem, .relu6)
        }
        var outputs: [Output<C.Value>] = []
        for (number, residual) in residuals.enumerated() {
            let (input, before) = (x, side)
            side = (side + residual.stride - 1) / residual.stride
            if number == Self.firstMap, let widen = residual.widen {
                // Looked at before it goes on, so that it need not be kept.
                outputs.append(
                    try predict(0, side: before, on: computation) { () throws(ShapeError) in
                        try computation.linear(input, widen, .relu6)
                    })
            }
            x = try computation.block(replacing: number == Self.firstMap ? nil : input) { () throws(ShapeError) in
                try run(residual, input, side: before, on: computation)
            }
        }
        var map = try computation.linear(x, last, .relu6)
        outputs.append(try predict(1, side: side, on: computation) { () throws(ShapeError) in map })
        for (number, extra) in extras.enumerated() {
            let input = map
            let windows = WindowShape(height: side, width: side, stride: 2)
            side = windows.outputHeight
            map = try computation.block(replacing: nil) { () throws(ShapeError) in
                let narrow = try computation.linear(input, extra.narrow, .relu6)
                return try computation.linear(
                    computation.convolveChannels(narrow, extra.apart, windows, .relu6), extra.widen, .relu6)
            }
            outputs.append(try predict(2 + number, side: side, on: computation) { () throws(ShapeError) in map })
        }
        return outputs
    }

    private func run<C: Computation>(
        _ residual: Residual, _ x: C.Value, side: Int, on computation: C
    ) throws(ShapeError) -> C.Value {
        let wide = if let widen = residual.widen { try computation.linear(x, widen, .relu6) } else { x }
        let apart = try computation.convolveChannels(
            wide, residual.apart, WindowShape(height: side, width: side, stride: residual.stride), .relu6)
        let narrow = try computation.linear(apart, residual.narrow, .identity)
        return residual.isAdded ? try computation.add(x, narrow) : narrow
    }

    /// What is said of a map, which `features` makes or has.
    private func predict<C: Computation>(
        _ map: Int, side: Int, on computation: C, features: () throws(ShapeError) -> C.Value
    ) throws(ShapeError) -> Output<C.Value> {
        let prediction = predictions[map]
        let columns = prediction.offsets.weight.rows
        let said = try computation.block(replacing: nil) { () throws(ShapeError) in
            let windows = try computation.windows(features(), WindowShape(height: side, width: side))
            return try computation.concatenateColumns([
                computation.linear(windows, prediction.offsets, .identity),
                computation.linear(windows, prediction.scores, .identity),
            ])
        }
        return Output(
            side: side, offsets: try computation.columns(said, 0..<columns),
            scores: try computation.columns(said, columns..<said.columns))
    }
}
