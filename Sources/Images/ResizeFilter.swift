import CVectorMath

/// The kernel of a resize.
package enum ResizeFilter: Sendable {
    /// Cubic convolution with a = −0.5 (Keys 1981, eq. 4), the choice of Pillow and torchvision.
    case bicubic
    /// The triangle.
    case bilinear

    /// Half width, in source pixels at scale 1.
    var support: Double {
        switch self {
        case .bicubic: 2
        case .bilinear: 1
        }
    }

    func callAsFunction(_ distance: Double) -> Double {
        let x = abs(distance)
        switch self {
        case .bilinear: return max(0, 1 - x)
        case .bicubic:
            let a = -0.5
            if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
            if x < 2 { return (((x - 5) * x + 8) * x - 4) * a }
            return 0
        }
    }
}

/// Weights of one axis of a resize: pixel `i` of the result is the sum of `weights[i, k] * source[first[i] + k]`.
///
/// When it shrinks, the kernel is as wide as the area that falls into one pixel of the result, so that nothing of the
/// source is skipped (antialiasing). Weights of a pixel sum to one, also at the edges, where the kernel is cut off.
struct ResizeAxis {
    /// First source pixel of each result pixel; never falls.
    let first: [Int32]
    /// Number of source pixels of each result pixel.
    let count: [Int]
    /// `result × taps` weights, the rest of a row 0.
    let weights: [Float]
    /// Length of a row of ``weights``, so that it can be read in whole lanes.
    let taps: Int
    /// Source pixels that are read at the most: rows of ``weights`` go on behind the last.
    var end: Int { Int(first.last ?? 0) + taps }

    /// Weights from the part `covered` of `source` pixels to `result` pixels.
    init(from source: Int, covered: Range<Double>, to result: Int, filter: ResizeFilter) {
        let scale = (covered.upperBound - covered.lowerBound) / Double(result)
        let stretch = max(scale, 1)
        let support = filter.support * stretch
        let pixels = vector_math_pixels
        let taps = (Int(support.rounded(.up)) * 2 + pixels) / pixels * pixels
        var first = [Int32]()
        var count = [Int]()
        var weights = [Float](repeating: 0, count: result * taps)
        for i in 0..<result {
            let center = covered.lowerBound + (Double(i) + 0.5) * scale
            let from = max(0, Int(center - support + 0.5))
            let to = min(source, Int(center + support + 0.5))
            let row = (from..<to).map { filter((Double($0) - center + 0.5) / stretch) }
            let sum = row.reduce(0, +)
            for (k, weight) in row.enumerated() { weights[i * taps + k] = Float(weight / sum) }
            first.append(Int32(from))
            count.append(to - from)
        }
        self.first = first
        self.count = count
        self.weights = weights
        self.taps = taps
    }
}
