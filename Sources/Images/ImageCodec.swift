internal import CImageCodec

/// The C island as Swift sees it: arrays in, arrays out, a status as a typed throw. All pointers stay in this file.
enum ImageCodec {
    /// What a header announces.
    struct Header {
        let width: Int
        let height: Int
        /// Bytes a decoded pixel: 3 for RGB, 4 for RGB with alpha.
        let channels: Int
        /// How the stored picture has to be turned.
        let orientation: Orientation
    }

    static func jpegHeader(_ bytes: [UInt8]) throws(ImageError) -> Header {
        try unsafe header { info, message, size in
            unsafe image_codec_jpeg_info(bytes, bytes.count, info, message, size)
        }
    }

    static func pngHeader(_ bytes: [UInt8]) throws(ImageError) -> Header {
        try unsafe header { info, message, size in
            unsafe image_codec_png_info(bytes, bytes.count, info, message, size)
        }
    }

    /// What `read` fills in, or its error.
    private static func header(
        _ read: (UnsafeMutablePointer<image_codec_info>, UnsafeMutablePointer<CChar>?, Int) -> image_codec_status
    ) throws(ImageError) -> Header {
        var info = unsafe image_codec_info()
        var exif = [UInt8](repeating: 0, count: Exif.limit)
        try unsafe exif.withUnsafeMutableBufferPointer { memory throws(ImageError) in
            unsafe info.exif = memory.baseAddress
            unsafe info.exif_size = memory.count
            try unsafe call { message, size in unsafe read(&info, message, size) }
        }
        return unsafe Header(
            width: Int(info.width), height: Int(info.height), channels: Int(info.channels),
            orientation: Exif.orientation(ofTIFF: exif[..<info.exif_size]))
    }

    /// Decodes a JPEG at `eighths`/8 into `count` bytes of RGB.
    static func jpegPixels(
        _ bytes: [UInt8], eighths: Int, count: Int, memoryLimit: Int
    ) throws(ImageError) -> [UInt8] {
        try unsafe fill(count) { pixels, message, size in
            unsafe image_codec_jpeg_decode(
                bytes, bytes.count, UInt32(eighths), memoryLimit, pixels, count, message, size)
        }
    }

    /// Decodes a PNG into `count` bytes of RGB or RGBA, as its header says.
    static func pngPixels(_ bytes: [UInt8], count: Int) throws(ImageError) -> [UInt8] {
        try unsafe fill(count) { pixels, message, size in
            unsafe image_codec_png_decode(bytes, bytes.count, pixels, count, message, size)
        }
    }

    /// Encodes RGB pixels as PNG in at most `capacity` bytes.
    static func png(_ rgb: [UInt8], width: Int, height: Int, capacity: Int) throws(ImageError) -> [UInt8] {
        var written = 0
        var encoded = try unsafe fill(capacity) { out, message, size in
            unsafe image_codec_png_encode(
                rgb, UInt32(width), UInt32(height), out, capacity, &written, message, size)
        }
        encoded.removeLast(capacity - written)
        return encoded
    }

    /// An array of `count` bytes that `body` has filled, or its error.
    private static func fill(
        _ count: Int,
        _ body: (UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<CChar>?, Int) -> image_codec_status
    ) throws(ImageError) -> [UInt8] {
        var failure: ImageError?
        let filled = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            let start = buffer.baseAddress
            do throws(ImageError) {
                try unsafe call { message, size in unsafe body(start, message, size) }
                initialized = count
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return filled
    }

    /// Lends `body` a message buffer and turns a status other than success into an error.
    private static func call(
        _ body: (UnsafeMutablePointer<CChar>?, Int) -> image_codec_status
    ) throws(ImageError) {
        var message = [CChar](repeating: 0, count: 256)
        let status = unsafe message.withUnsafeMutableBufferPointer { buffer in
            unsafe body(buffer.baseAddress, buffer.count)
        }
        let code: ImageError.Code
        switch status {
        case IMAGE_CODEC_OK: return
        case IMAGE_CODEC_TRUNCATED: code = .truncated
        case IMAGE_CODEC_UNSUPPORTED: code = .format
        case IMAGE_CODEC_MEMORY: code = .tooManyPixels
        default: code = .corrupt
        }
        let text = String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        throw ImageError(code, text)
    }
}
