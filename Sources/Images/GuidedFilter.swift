/// Smooths numbers of pixels where a picture is smooth, and leaves them apart at its edges (He, Sun & Tang 2013, with a guide
/// of one number a pixel): in every square the result is `a · guide + b`, and each pixel takes the mean over the squares that
/// it is in.
struct GuidedFilter {
    private let guide: [Float]
    private let width: Int
    private let height: Int
    private let means: [Float]
    private let variances: [Float]

    /// Pixels from the middle of a square to its edge.
    private static let radius = 5
    /// Variance of the guide that counts as an edge.
    private static let edge: Float = 0.02

    /// A filter by a number of each pixel, row by row.
    init(guide: [Float], width: Int, height: Int) {
        (self.guide, self.width, self.height) = (guide, width, height)
        means = Self.means(guide, width, height)
        variances = zip(Self.means(guide.map { $0 * $0 }, width, height), means).map { max($0 - $1 * $1, 0) }
    }

    /// The numbers, smoothed.
    func smooth(_ numbers: [Float]) -> [Float] {
        let own = Self.means(numbers, width, height)
        let both = Self.means(zip(guide, numbers).map(*), width, height)
        let slopes = numbers.indices.map { (both[$0] - means[$0] * own[$0]) / (variances[$0] + Self.edge) }
        let rest = numbers.indices.map { own[$0] - slopes[$0] * means[$0] }
        let (a, b) = (Self.means(slopes, width, height), Self.means(rest, width, height))
        return numbers.indices.map { a[$0] * guide[$0] + b[$0] }
    }

    /// The mean of each pixel's square, as far as it lies in the window.
    private static func means(_ numbers: [Float], _ width: Int, _ height: Int) -> [Float] {
        // Sums of all above and to the left, in Double: squares are differences of large sums.
        var sums = [Double](repeating: 0, count: (width + 1) * (height + 1))
        for y in 0..<height {
            var row = 0.0
            for x in 0..<width {
                row += Double(numbers[y * width + x])
                sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1] + row
            }
        }
        return numbers.indices.map { place in
            let (x, y) = (place % width, place / width)
            let (left, right) = (max(0, x - radius), min(width, x + radius + 1))
            let (top, bottom) = (max(0, y - radius), min(height, y + radius + 1))
            let sum =
                sums[bottom * (width + 1) + right] - sums[top * (width + 1) + right]
                - sums[bottom * (width + 1) + left] + sums[top * (width + 1) + left]
            return Float(sum / Double((right - left) * (bottom - top)))
        }
    }
}
