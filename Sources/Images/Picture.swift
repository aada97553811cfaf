/// A decoded picture, upright.
public struct Picture: Sendable, Equatable {
    /// Width of ``pixels``.
    public let width: Int
    /// Height of ``pixels``.
    public let height: Int
    /// Width of the stored picture after EXIF orientation; more than ``width`` where decoding scaled down.
    public let originalWidth: Int
    /// Height of the stored picture after EXIF orientation.
    public let originalHeight: Int
    /// `height × width × 3` bytes, row by row: red, green, blue.
    public internal(set) var pixels: [UInt8]

    /// Makes a picture of pixels that are at hand. `pixels` must have `height × width × 3` bytes.
    public init(
        width: Int, height: Int, pixels: [UInt8], originalWidth: Int? = nil, originalHeight: Int? = nil
    ) {
        precondition(width > 0 && height > 0 && pixels.count == width * height * 3, "pixels do not match the size")
        self.width = width
        self.height = height
        self.originalWidth = originalWidth ?? width
        self.originalHeight = originalHeight ?? height
        self.pixels = pixels
    }
}
