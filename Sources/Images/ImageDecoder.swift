internal import CImageCodec
import Geometry

/// Turns the bytes of a JPEG or PNG file into an upright RGB picture.
package enum ImageDecoder {
    /// Decodes a picture.
    ///
    /// A JPEG is decoded at the smallest scale n/8 whose shorter side is not below `side`; a PNG always in full.
    /// EXIF orientation is applied, transparent pixels are laid over white, 16-bit samples are rounded to 8.
    ///
    /// - Parameters:
    ///   - bytes: the whole file. Its first bytes decide the format.
    ///   - side: pixels that the shorter side is needed with; `Int.max` for the full size.
    ///   - limits: what the picture may cost; the header is checked before memory is taken.
    ///   - deadline: when to give up.
    /// - Throws: ``ImageError`` with one of the codes `empty`, `tooLarge`, `tooManyPixels`, `format`, `truncated`,
    ///   `corrupt`, `timeout`. A damaged picture is an error, never a picture with grey parts.
    package static func decode(
        _ bytes: [UInt8], atLeast side: Int, limits: ImageLimits = ImageLimits(), deadline: Deadline = .never
    ) throws(ImageError) -> Picture {
        if bytes.isEmpty { throw ImageError(.empty, "no bytes") }
        if bytes.count > limits.maxBytes {
            throw ImageError(.tooLarge, "\(bytes.count) bytes, the limit is \(limits.maxBytes)")
        }
        let codec = ImageCodec(bytes: bytes, deadline: deadline)
        switch ImageFormat(of: bytes) {
        case .jpeg:
            let header = try codec.jpegHeader()
            try check(header, limits)
            let eighths = scale(shorter: min(header.width, header.height), atLeast: side)
            let width = (header.width * eighths + 7) / 8
            let height = (header.height * eighths + 7) / 8
            let pixels = try codec.jpegPixels(
                eighths: eighths, count: width * height * 3, memoryLimit: memoryLimit(header))
            let stored = Picture(
                width: width, height: height, storedSize: ImageSize(width: header.width, height: header.height),
                pixels: pixels, columns: 0..<Double(header.width * eighths) / 8,
                rows: 0..<Double(header.height * eighths) / 8)
            return header.orientation.applied(to: stored)
        case .png:
            let header = try codec.pngHeader()
            try check(header, limits)
            var pixels = try codec.pngPixels(count: header.width * header.height * header.channels)
            if header.channels == 4 { layOverWhite(&pixels) }
            let stored = Picture(width: header.width, height: header.height, pixels: pixels)
            return header.orientation.applied(to: stored)
        case .other(let name):
            throw ImageError(.format, "neither JPEG nor PNG, but looks like \(name)")
        }
    }

    /// The smallest n of n/8 that keeps `shorter` at `side` or more, or 8.
    static func scale(shorter: Int, atLeast side: Int) -> Int {
        (1..<8).first { (shorter * $0 + 7) / 8 >= side } ?? 8
    }

    /// A side beyond this is refused whatever the area: tables of the resize grow with it.
    static let maxSide = 1_000_000

    private static func check(_ header: ImageCodec.Header, _ limits: ImageLimits) throws(ImageError) {
        let size = "\(header.width)x\(header.height) pixels"
        if max(header.width, header.height) > maxSide {
            throw ImageError(.tooManyPixels, "\(size), the limit of a side is \(maxSide)")
        }
        if header.width * header.height > limits.maxPixels {
            throw ImageError(.tooManyPixels, "\(size), the limit is \(limits.maxPixels) in all")
        }
    }

    /// What libjpeg may take: the coefficients of a progressive picture (2 bytes a sample, up to 4 samples a pixel),
    /// and room for its tables and for blocks that hang over the edge.
    private static func memoryLimit(_ header: ImageCodec.Header) -> Int {
        header.width * header.height * 8 + (64 << 20)
    }

    /// Composites RGBA pixels over white, in place, and leaves RGB.
    private static func layOverWhite(_ pixels: inout [UInt8]) {
        let count = pixels.count / 4
        for i in 0..<count {
            let alpha = Int(pixels[i * 4 + 3])
            for channel in 0..<3 {
                let blend = Int(pixels[i * 4 + channel]) * alpha + 255 * (255 - alpha)
                pixels[i * 3 + channel] = UInt8((blend + 127) / 255)
            }
        }
        pixels.removeLast(count)
    }
}
