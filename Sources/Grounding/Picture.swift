import Images

/// A picture: a file, or pixels that are at hand. A file is opened when a model looks, and only if it does.
public struct Picture: Sendable {
    private enum Content {
        case file(String)
        case pixels(Images.Picture)
    }

    private let content: Content
    /// One for all, so that they share what decoding may take of memory.
    private static let files = PictureSource(allowAnyPath: true)

    /// A JPEG, PNG or WebP file, turned as its EXIF orientation says.
    public static func file(_ path: String) -> Picture { Picture(content: .file(path)) }

    /// Pixels row by row, three bytes each: red, green, blue.
    ///
    /// - Throws: ``GroundingError`` unless there are `3 · width · height` bytes, and at least one pixel.
    public static func pixels(width: Int, height: Int, rgb: [UInt8]) throws(GroundingError) -> Picture {
        let (area, isLarge) = width.multipliedReportingOverflow(by: height)
        guard width > 0, height > 0, !isLarge, area <= Int.max / 3, rgb.count == 3 * area else {
            throw GroundingError(
                code: "image.pixels", message: "\(rgb.count) bytes are no picture of \(width)×\(height) pixels")
        }
        return Picture(content: .pixels(Images.Picture(width: width, height: height, pixels: rgb)))
    }

    /// The picture as a patch encoder takes it.
    ///
    /// - Throws: ``GroundingError`` for a file that is missing, too large, damaged, or no picture.
    func load(_ preparation: ImageToPatches) throws(GroundingError) -> LoadedPicture {
        do throws(ImageError) {
            let loaded =
                switch content {
                case .file(let path): try preparation.load(path, from: Self.files)
                case .pixels(let picture): preparation.load { _ in picture }
                }
            if let damage = loaded.damage { throw damage }
            return loaded
        } catch {
            throw GroundingError(code: error.code.rawValue, message: error.message)
        }
    }
}
