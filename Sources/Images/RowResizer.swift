/// Resizes a picture to a square, row by row.
///
/// Source rows pass by once: each is resized across, then added with its weight to every result row it belongs to. So
/// memory is a function of the square and the picture's sides, not of its area.
final class RowResizer: RowReceiver {
    private let size: Int
    private let across: ResizeAxis
    private let down: ResizeAxis
    private var source: [SIMD4<Float>]
    private var line: [SIMD4<Float>]
    private var result: [SIMD4<Float>]
    private var row = 0
    private var firstOpen = 0

    init(_ shape: DecodedShape, size: Int, filter: ResizeFilter) {
        self.size = size
        across = ResizeAxis(from: shape.width, covered: shape.columns, to: size, filter: filter)
        down = ResizeAxis(from: shape.height, covered: shape.rows, to: size, filter: filter)
        // What lies behind the last pixel is asked for with weights of 0.
        source = [SIMD4<Float>](repeating: .zero, count: shape.width + across.taps)
        line = [SIMD4<Float>](repeating: .zero, count: size)
        result = [SIMD4<Float>](repeating: .zero, count: size * size)
    }

    /// What resizing costs: for each pixel a share of what it becomes across, for each row of what it becomes down.
    static func cost(of shape: DecodedShape, size: Int) -> DecodingCost {
        DecodingCost(
            work: shape.width * shape.height * 2 + shape.height * size * 8,
            memory: (shape.width + shape.height) * 48 + size * size * 64)
    }

    func take(_ row: Span<UInt8>) {
        PixelRow.widen(row, into: &source)
        across.apply(to: source, into: &line)
        while firstOpen < size, Int(down.first[firstOpen]) + down.count[firstOpen] <= self.row { firstOpen += 1 }
        var open = firstOpen
        var sums = result.mutableSpan
        while open < size, Int(down.first[open]) <= self.row {
            let weight = down.weights[open * down.taps + self.row - Int(down.first[open])]
            for x in 0..<size { sums[open * size + x] += line[x] * weight }
            open += 1
        }
        self.row += 1
    }

    /// `size × size` pixels (red, green, blue, nothing), once all rows were taken: each 0…255.
    ///
    /// Cubic kernels overshoot at edges; a pixel cannot. Cut off after each pass, as resizing bytes does, which is what
    /// the weights of vision encoders were trained on.
    func resized() -> [SIMD4<Float>] { result.map(clampedToByte) }
}

private func clampedToByte(_ pixel: SIMD4<Float>) -> SIMD4<Float> {
    pixel.clamped(lowerBound: SIMD4(repeating: 0), upperBound: SIMD4(repeating: 255))
}
