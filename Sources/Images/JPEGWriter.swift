/// Writes pictures as JPEG.
package enum JPEGWriter {
    /// Encodes a picture, without any of what its file said besides pixels.
    ///
    /// - Parameter quality: 1…100, as libjpeg counts it.
    /// - Throws: ``ImageError`` where a side is longer than the format knows.
    package static func encode(_ picture: Picture, quality: Int) throws(ImageError) -> [UInt8] {
        // Noise takes about as many bytes as it has; this is twice as much, and what stands in front of it.
        let capacity = picture.pixels.count * 2 + 4096
        return try ImageCodec.encodeJPEG(picture, quality: min(max(1, quality), 100), capacity: capacity)
    }
}
