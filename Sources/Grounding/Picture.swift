import Images

/// A decoded picture: JPEG or PNG from a file, or pixels that are at hand.
public struct Picture: Sendable {
    let image: Images.Picture

    /// Pixels across, after the EXIF orientation. Boxes are in these pixels.
    public var width: Int { image.originalWidth }
    /// Pixels down.
    public var height: Int { image.originalHeight }

    /// Reads and decodes a file, turned as its EXIF orientation says.
    ///
    /// - Throws: ``GroundingError`` for a file that is missing, too large, damaged, or no picture.
    public init(contentsOf path: String) throws(GroundingError) {
        do throws(ImageError) {
            image = try PictureSource(allowAnyPath: true).picture(of: path, atLeast: Self.side)
        } catch {
            throw GroundingError(code: error.code.rawValue, message: error.message)
        }
    }

    /// Pixels row by row, three bytes each: red, green, blue.
    ///
    /// - Throws: ``GroundingError`` unless there are `3 · width · height` bytes, and at least one pixel.
    public init(width: Int, height: Int, rgb: [UInt8]) throws(GroundingError) {
        let (area, isLarge) = width.multipliedReportingOverflow(by: height)
        guard width > 0, height > 0, !isLarge, area <= Int.max / 3, rgb.count == 3 * area else {
            throw GroundingError(
                code: "image.pixels", message: "\(rgb.count) bytes are no picture of \(width)×\(height) pixels")
        }
        image = Images.Picture(width: width, height: height, pixels: rgb)
    }

    /// Shorter side, in pixels, that decoders keep at least where the file has it: above what any patch encoder takes.
    private static let side = 512
}
