package import Geometry

/// A decoded picture, upright.
package struct Picture: Sendable, Equatable {
    /// Width of ``pixels``.
    package let width: Int
    /// Height of ``pixels``.
    package let height: Int
    /// Size of the stored picture after EXIF orientation, which boxes count in; more than this one's where decoding scaled
    /// down.
    package let storedSize: ImageSize
    /// `height × width × 3` bytes, row by row: red, green, blue.
    package internal(set) var pixels: [UInt8]
    /// What is missing of the picture, where its file ends too early; the pixels in its place are grey, or coarse.
    package internal(set) var damage: ImageError?
    /// Where the stored picture lies in ``pixels``, across and down. Scaled decoding rounds sides up, so that the
    /// outermost column and row may be covered in part; taken for whole ones, they would shift what is resized.
    let columns: Range<Double>
    let rows: Range<Double>

    /// Makes a picture of pixels that are at hand. `pixels` must have `height × width × 3` bytes.
    package init(width: Int, height: Int, pixels: [UInt8]) {
        self.init(
            width: width, height: height, storedSize: ImageSize(width: width, height: height), pixels: pixels,
            columns: 0..<Double(width), rows: 0..<Double(height))
    }

    init(
        width: Int, height: Int, storedSize: ImageSize, pixels: [UInt8], columns: Range<Double>, rows: Range<Double>
    ) {
        precondition(width > 0 && height > 0 && pixels.count == width * height * 3, "pixels do not match the size")
        self.width = width
        self.height = height
        self.storedSize = storedSize
        self.pixels = pixels
        self.columns = columns
        self.rows = rows
    }

    /// The picture, if nothing of it is missing.
    ///
    /// - Throws: ``damage``.
    package func whole() throws(ImageError) -> Picture {
        if let damage { throw damage }
        return self
    }
}
