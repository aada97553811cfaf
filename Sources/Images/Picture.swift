package import Geometry

/// A decoded picture, upright.
package struct Picture: Sendable, Equatable {
    /// Width of ``pixels``.
    package let width: Int
    /// Height of ``pixels``.
    package let height: Int
    /// Width of the stored picture after EXIF orientation; more than ``width`` where decoding scaled down.
    package let originalWidth: Int
    /// Height of the stored picture after EXIF orientation.
    package let originalHeight: Int
    /// `height × width × 3` bytes, row by row: red, green, blue.
    package internal(set) var pixels: [UInt8]
    /// Where the stored picture lies in ``pixels``, across and down. Scaled decoding rounds sides up, so that the
    /// outermost column and row may be covered in part; taken for whole ones, they would shift what is resized.
    let columns: Range<Double>
    let rows: Range<Double>

    /// Size of the stored picture after EXIF orientation, which boxes count in.
    package var storedSize: ImageSize { ImageSize(width: originalWidth, height: originalHeight) }

    /// Makes a picture of pixels that are at hand. `pixels` must have `height × width × 3` bytes.
    package init(width: Int, height: Int, pixels: [UInt8]) {
        self.init(
            width: width, height: height, originalWidth: width, originalHeight: height, pixels: pixels,
            columns: 0..<Double(width), rows: 0..<Double(height))
    }

    init(
        width: Int, height: Int, originalWidth: Int, originalHeight: Int, pixels: [UInt8], columns: Range<Double>,
        rows: Range<Double>
    ) {
        precondition(width > 0 && height > 0 && pixels.count == width * height * 3, "pixels do not match the size")
        self.width = width
        self.height = height
        self.originalWidth = originalWidth
        self.originalHeight = originalHeight
        self.pixels = pixels
        self.columns = columns
        self.rows = rows
    }
}
