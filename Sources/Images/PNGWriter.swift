/// Writes pictures as PNG.
package enum PNGWriter {
    /// Encodes `height × width × 3` bytes of RGB.
    ///
    /// - Throws: ``ImageError`` where the sizes do not fit together.
    package static func encode(width: Int, height: Int, rgb: [UInt8]) throws(ImageError) -> [UInt8] {
        let side = 1...ImageDecoder.maxSide
        guard side.contains(width), side.contains(height), rgb.count == width * height * 3 else {
            throw ImageError(.corrupt, "\(rgb.count) bytes are not \(width)x\(height) RGB pixels")
        }
        // Deflate may grow what it cannot compress: at most an eighth and a bit, plus 12 bytes a chunk.
        let raw = rgb.count + height
        return try ImageCodec.encodePNG(rgb, width: width, height: height, capacity: raw + raw / 4 + 4096)
    }
}
