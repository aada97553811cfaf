/// Bounds on what a picture may cost; checked before it does.
package struct ImageLimits: Sendable {
    /// Pixels (width × height) that the picture's header may announce.
    package var maxPixels: Int
    /// Bytes that the file may have.
    package var maxBytes: Int

    /// Limits of 64 million pixels and 64 MiB, unless told otherwise.
    package init(maxPixels: Int = 64_000_000, maxBytes: Int = 64 << 20) {
        self.maxPixels = maxPixels
        self.maxBytes = maxBytes
    }

    /// Work that decoding may be, in the unit of ``DecodingCost``: enough for pictures of that many pixels as cameras
    /// and drawing programs make them, and a second where limits are not set.
    var maxWork: Int { Self.share(of: maxPixels, each: 15, base: 64_000_000) }

    /// Bytes that decoding may take: the coefficients of a progressive photograph of that many pixels, and some rows.
    var maxMemory: Int { Self.share(of: maxPixels, each: 4, base: 16 << 20) }

    private static func share(of pixels: Int, each: Int, base: Int) -> Int {
        base + min(max(pixels, 0), 1 << 40) * each
    }
}
