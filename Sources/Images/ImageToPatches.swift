/// Makes what a patch encoder takes of a picture: resized to a square, normalised, and cut into patches.
///
/// The picture is squashed, not cropped, so that relative boxes mean the same in both.
package struct ImageToPatches: Sendable {
    /// Mean of ImageNet's pixels by channel, at 0…1 (He et al. 2016 and nearly every vision encoder since).
    package static let imageNetMean: [Float] = [0.485, 0.456, 0.406]
    /// Standard deviation of ImageNet's pixels by channel, at 0…1.
    package static let imageNetDeviation: [Float] = [0.229, 0.224, 0.225]

    /// Side of the resized picture, in pixels.
    package let size: Int
    /// Side of a patch, in pixels.
    package let patch: Int
    /// Patches in a row of the picture. Pixels beyond `grid * patch` are dropped, as a convolution with that stride does.
    package var grid: Int { size / patch }
    private let filter: ResizeFilter
    /// `value * gain + offset` normalises a pixel of 0…255.
    private let gain: SIMD4<Float>
    private let offset: SIMD4<Float>

    /// - Parameters:
    ///   - size: side of the square, at least `patch`.
    ///   - patch: side of a patch, at least 1.
    ///   - mean: what is subtracted by channel from pixels of 0…1; 3 values.
    ///   - deviation: what the difference is divided by; 3 values other than zero.
    ///   - filter: kernel of the resize.
    package init(
        size: Int, patch: Int, mean: [Float] = imageNetMean, deviation: [Float] = imageNetDeviation,
        filter: ResizeFilter = .bicubic
    ) {
        precondition(patch > 0 && size >= patch, "a patch of \(patch) does not fit a picture of \(size)")
        precondition(mean.count == 3 && deviation.count == 3, "mean and deviation take three channels")
        self.size = size
        self.patch = patch
        self.filter = filter
        let scale = SIMD4(deviation[0], deviation[1], deviation[2], 1)
        gain = 1 / (scale * 255)
        offset = -SIMD4(mean[0], mean[1], mean[2], 0) / scale
    }

    /// The patch matrix of a picture: `grid² × 3·patch²`, one row a patch, patches row by row, and within a row
    /// channel, y, x: the order of a flattened convolution weight `[out, 3, patch, patch]`.
    package func matrix(of picture: Picture) -> [Float] {
        let resized = resize(picture)
        let area = patch * patch
        let rowLength = 3 * area
        var matrix = [Float](repeating: 0, count: grid * grid * rowLength)
        for y in 0..<(grid * patch) {
            let patchRow = y / patch * grid
            let inside = y % patch * patch
            for column in 0..<grid {
                let start = (patchRow + column) * rowLength + inside
                for x in 0..<patch {
                    let value = clampedToByte(resized[y * size + column * patch + x])
                    let normal = value * gain + offset
                    matrix[start + x] = normal.x
                    matrix[start + area + x] = normal.y
                    matrix[start + 2 * area + x] = normal.z
                }
            }
        }
        return matrix
    }

    /// `size × size` pixels (red, green, blue, nothing) of 0…255, before clamping.
    ///
    /// Source rows pass by once: each is resized across, then added with its weight to every result row it belongs
    /// to. So memory is a function of `size` and the picture's width, not of its height.
    func resize(_ picture: Picture) -> [SIMD4<Float>] {
        let across = ResizeAxis(from: picture.width, covered: picture.columns, to: size, filter: filter)
        let down = ResizeAxis(from: picture.height, covered: picture.rows, to: size, filter: filter)
        var source = [SIMD4<Float>](repeating: .zero, count: picture.width)
        var line = [SIMD4<Float>](repeating: .zero, count: size)
        var result = [SIMD4<Float>](repeating: .zero, count: size * size)
        var firstOpen = 0
        for y in 0..<picture.height {
            unpack(picture, row: y, into: &source)
            across.apply(to: source, into: &line)
            while firstOpen < size, down.first[firstOpen] + down.count[firstOpen] <= y { firstOpen += 1 }
            var row = firstOpen
            while row < size, down.first[row] <= y {
                let weight = down.weights[row * down.taps + y - down.first[row]]
                let start = row * size
                for x in 0..<size { result[start + x] += line[x] * weight }
                row += 1
            }
        }
        return result
    }

    private func unpack(_ picture: Picture, row: Int, into source: inout [SIMD4<Float>]) {
        var at = row * picture.width * 3
        for x in 0..<picture.width {
            source[x] = SIMD4(
                Float(picture.pixels[at]), Float(picture.pixels[at + 1]), Float(picture.pixels[at + 2]), 0)
            at += 3
        }
    }
}

extension ResizeAxis {
    /// Resizes one row of pixels.
    fileprivate func apply(to source: [SIMD4<Float>], into result: inout [SIMD4<Float>]) {
        for i in result.indices {
            var sum = SIMD4<Float>.zero
            let row = i * taps
            let start = first[i]
            for k in 0..<count[i] { sum += source[start + k] * weights[row + k] }
            result[i] = clampedToByte(sum)
        }
    }
}

/// Cubic kernels overshoot at edges; a pixel cannot. Cut off after each pass, as resizing bytes does, which is what
/// the weights of vision encoders were trained on.
private func clampedToByte(_ pixel: SIMD4<Float>) -> SIMD4<Float> {
    pixel.clamped(lowerBound: SIMD4(repeating: 0), upperBound: SIMD4(repeating: 255))
}
