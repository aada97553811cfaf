package import Geometry
import Kernels

/// How much alike a picture's patches are, as the patch encoder saw them: a graph, in which an object is a part that hangs
/// together, and is cut off from the rest where little is cut (normalised cuts, Shi & Malik 2000; on tokens of a
/// vision transformer: TokenCut, Wang et al. 2022).
package struct PatchGraph: Sendable {
    /// Patches in a row, and in a column.
    package let side: Int
    /// `side² × side²`, 0…1.
    private let affinities: [Float]

    /// The cosine from which on patches rather belong together (TokenCut has a threshold there), and how sharply.
    private static let (alike, sharpness): (Float, Float) = (0.7, 20)
    /// Share of the box's sides by which what lies around it is looked at, too.
    private static let margin: Float = 0.2
    /// How many of the graph's eigenvectors say what an object may be: the first is the same for all, the others are the best
    /// cuts.
    private static let cuts = 3
    /// The most patches of a picture: a number for each pair of them is kept, and encoders of photographs have fewer.
    private static let most = 2500
    /// Patches that a box needs to have in it and around it.
    private static let fewest = 16

    /// The graph of a picture's patches, which are its last tokens; `nil` where a number is none, or there are too few or too many.
    package init?(_ picture: PictureFeatures) {
        let (width, side) = (picture.width, Int(Double(max(picture.rows - 1, 0)).squareRoot()))
        let count = side * side
        guard width > 0, (Self.fewest...Self.most).contains(count), picture.tokens.count == picture.rows * width,
            picture.tokens.allSatisfy(\.isFinite)
        else { return nil }
        self.side = side
        var units = [Float](repeating: 0, count: count * width)
        var cosines = [Float](repeating: 0, count: count * count)
        do throws(ShapeError) {
            var rows = units.mutableSpan
            try unitRows(&rows, picture.tokens.span.extracting(last: count * width), columns: width)
            var products = cosines.mutableSpan
            try gemm(
                &products, units.span, units.span, ProductShape(rows: count, columns: count, inner: width),
                transposeB: true)
        } catch {
            return nil
        }
        affinities = cosines.map { logistic(Self.sharpness * ($0 - Self.alike)) }
    }

    /// How probably each patch is of the object that a box is drawn around; `nil` where the box has too few patches.
    ///
    /// Of each patch near the box is known whether it is in the box, and how near to its middle. That is projected on the
    /// graph's leading eigenvectors, which leaves of it what is the same all over a part that hangs together.
    package func object(in box: RelativeBox) -> PatchMask? {
        let window = GridWindow(box, side: side, margin: Self.margin)
        guard window.width * window.height >= Self.fewest else { return nil }
        let patches = window.places(side: side)
        let coverage = box.coverage(grid: side)
        let known = patches.map { place in
            let (x, y) = (Float(place % side) + 0.5, Float(place / side) + 0.5)
            return coverage[place] * box.nearness(x: x / Float(side), y: y / Float(side))
        }
        guard let projected = project(known, among: patches) else { return nil }
        var result = [Float](repeating: 0, count: side * side)
        for (place, share) in zip(patches, Self.shares(projected)) { result[place] = share }
        return PatchMask(result)
    }

    /// With `W` the affinities and `D` their sums: `Σ v (vᵀ D known)` over the leading solutions of `W v = λ D v`.
    private func project(_ known: [Float], among patches: [Int]) -> [Float]? {
        let count = patches.count
        var matrix = patches.flatMap { row in patches.map { affinities[row * side * side + $0] } }
        // With u = √D v these are the eigenvectors of D^-½ W D^-½.
        let roots = (0..<count).map { matrix[$0 * count..<($0 + 1) * count].reduce(0, +).squareRoot() }
        for row in 0..<count {
            for column in 0..<count { matrix[row * count + column] /= roots[row] * roots[column] }
        }
        guard let vectors = try? leadingEigenvectors(of: matrix, size: count, count: Self.cuts) else { return nil }
        var result = [Float](repeating: 0, count: count)
        for start in stride(from: 0, to: vectors.count, by: count) {
            let weight = (0..<count).reduce(Float(0)) { $0 + vectors[start + $1] * roots[$1] * known[$1] }
            for place in 0..<count { result[place] += weight * vectors[start + place] / roots[place] }
        }
        return result
    }

    /// Numbers as shares of the way from the mean of the lower ones to the mean of the higher ones, cut at 0 and 1. Which are
    /// the lower ones is where both groups vary the least (Otsu 1979).
    private static func shares(_ numbers: [Float]) -> [Float] {
        let sorted = numbers.sorted()
        let all = sorted.reduce(0, +)
        var (sum, best, low, high): (Float, Float, Float, Float) = (0, 0, 0, 0)
        for (index, number) in sorted.dropLast().enumerated() {
            sum += number
            let (below, above) = (Float(index + 1), Float(sorted.count - index - 1))
            let (mean, other) = (sum / below, (all - sum) / above)
            let between = below * above * (other - mean) * (other - mean)
            if between > best { (best, low, high) = (between, mean, other) }
        }
        guard high > low else { return numbers.map { _ in 0.5 } }
        return numbers.map { min(max(($0 - low) / (high - low), 0), 1) }
    }
}
