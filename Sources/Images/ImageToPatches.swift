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
    /// What else is made of the same picture, while it is decoded; `nil`: nothing.
    package let pixels: ImageToPixels?
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
    ///   - pixels: what else is made of the same picture.
    package init(
        size: Int, patch: Int, mean: [Float] = imageNetMean, deviation: [Float] = imageNetDeviation,
        filter: ResizeFilter = .bicubic, pixels: ImageToPixels? = nil
    ) {
        precondition(patch > 0 && size >= patch, "a patch of \(patch) does not fit a picture of \(size)")
        precondition(mean.count == 3 && deviation.count == 3, "mean and deviation take three channels")
        self.size = size
        self.patch = patch
        self.filter = filter
        self.pixels = pixels
        let scale = SIMD4(deviation[0], deviation[1], deviation[2], 1)
        gain = 1 / (scale * 255)
        offset = -SIMD4(mean[0], mean[1], mean[2], 0) / scale
    }

    /// The patch matrix of a picture: `grid² × 3·patch²`, one row a patch, patches row by row, and within a row
    /// channel, y, x: the order of a flattened convolution weight `[out, 3, patch, patch]`.
    package func matrix(of picture: Picture) -> [Float] { matrix(ofResized: resize(picture)) }

    /// The patch matrix of a picture that was resized.
    func matrix(ofResized resized: [SIMD4<Float>]) -> [Float] {
        let area = patch * patch
        let rowLength = 3 * area
        var matrix = [Float](repeating: 0, count: grid * grid * rowLength)
        for y in 0..<(grid * patch) {
            let patchRow = y / patch * grid
            let inside = y % patch * patch
            for column in 0..<grid {
                let start = (patchRow + column) * rowLength + inside
                for x in 0..<patch {
                    let normal = resized[y * size + column * patch + x] * gain + offset
                    matrix[start + x] = normal.x
                    matrix[start + area + x] = normal.y
                    matrix[start + 2 * area + x] = normal.z
                }
            }
        }
        return matrix
    }

    /// `size × size` pixels (red, green, blue, nothing) of 0…255.
    func resize(_ picture: Picture) -> [SIMD4<Float>] {
        let resizer = RowResizer(DecodedShape(picture), size: size, filter: filter)
        picture.giveRows(to: resizer)
        return resizer.resized()
    }
}

extension ImageToPatches: RowDestination {
    /// Pixels a side that the decoded picture needs.
    package var leastSide: Int { max(size, pixels?.size ?? 0) }

    func cost(of shape: DecodedShape) -> DecodingCost {
        let patches = RowResizer.cost(of: shape, size: size)
        return pixels.map { patches + RowResizer.cost(of: shape, size: $0.size) } ?? patches
    }

    func receiver(of shape: DecodedShape) -> SquareResizers {
        SquareResizers(
            patches: RowResizer(shape, size: size, filter: filter),
            pixels: pixels.map { RowResizer(shape, size: $0.size, filter: $0.filter) })
    }
}

/// Takes the rows of a picture once for all squares that are made of it.
final class SquareResizers: RowReceiver {
    let patches: RowResizer
    let pixels: RowResizer?

    init(patches: RowResizer, pixels: RowResizer?) {
        (self.patches, self.pixels) = (patches, pixels)
    }

    func take(_ row: Span<UInt8>) {
        patches.take(row)
        pixels?.take(row)
    }
}
