internal import CImageCodec

/// The C island as Swift sees it: arrays in, arrays out, a status as a typed throw. All pointers stay in this file.
struct ImageCodec {
    /// What a header announces.
    struct Header {
        let width: Int
        let height: Int
        /// Bytes a decoded pixel: 3 for RGB, 4 for RGB with alpha.
        let channels: Int
        /// How the stored picture has to be turned.
        let orientation: Orientation
    }

    /// The whole file.
    let bytes: [UInt8]
    /// When to give up.
    let deadline: Deadline

    func jpegHeader() throws(ImageError) -> Header { try unsafe header { unsafe image_codec_jpeg_info($0, $1) } }

    func pngHeader() throws(ImageError) -> Header { try unsafe header { unsafe image_codec_png_info($0, $1) } }

    /// What `read` fills in, or its error.
    private func header(
        _ read: (UnsafePointer<image_codec_input>, UnsafeMutablePointer<image_codec_info>) -> image_codec_status
    ) throws(ImageError) -> Header {
        var info = unsafe image_codec_info()
        var exif = [UInt8](repeating: 0, count: Exif.limit)
        try unsafe exif.withUnsafeMutableBufferPointer { memory throws(ImageError) in
            unsafe info.exif = memory.baseAddress
            unsafe info.exif_size = memory.count
            try unsafe call { input in unsafe read(input, &info) }
        }
        return unsafe Header(
            width: Int(info.width), height: Int(info.height), channels: Int(info.channels),
            orientation: Exif.orientation(ofTIFF: exif[..<info.exif_size]))
    }

    /// Decodes a JPEG at `eighths`/8 into `count` bytes of RGB.
    func jpegPixels(eighths: Int, count: Int, memoryLimit: Int) throws(ImageError) -> [UInt8] {
        try unsafe Self.fill(count) { pixels throws(ImageError) in
            try unsafe call { input in
                unsafe image_codec_jpeg_decode(input, UInt32(eighths), memoryLimit, pixels, count)
            }
        }
    }

    /// Decodes a PNG into `count` bytes of RGB or RGBA, as its header says.
    func pngPixels(count: Int) throws(ImageError) -> [UInt8] {
        try unsafe Self.fill(count) { pixels throws(ImageError) in
            try unsafe call { input in unsafe image_codec_png_decode(input, pixels, count) }
        }
    }

    /// Encodes RGB pixels as PNG in at most `capacity` bytes.
    static func encodePNG(_ rgb: [UInt8], width: Int, height: Int, capacity: Int) throws(ImageError) -> [UInt8] {
        var written = 0
        var encoded = try unsafe fill(capacity) { out throws(ImageError) in
            try unsafe call { message, size in
                unsafe image_codec_png_encode(
                    rgb, UInt32(width), UInt32(height), out, capacity, &written, message, size)
            }
        }
        encoded.removeLast(capacity - written)
        return encoded
    }

    /// An array of `count` bytes that `body` has filled, or its error.
    private static func fill(
        _ count: Int, _ body: (UnsafeMutablePointer<UInt8>?) throws(ImageError) -> Void
    ) throws(ImageError) -> [UInt8] {
        var failure: ImageError?
        let filled = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            do throws(ImageError) {
                try unsafe body(buffer.baseAddress)
                initialized = count
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return filled
    }

    /// Lends `body` the file, the deadline and a message buffer.
    private func call(_ body: (UnsafePointer<image_codec_input>) -> image_codec_status) throws(ImageError) {
        var deadline = deadline
        try unsafe Self.call { message, size in
            unsafe bytes.withUnsafeBufferPointer { file in
                unsafe withUnsafeMutablePointer(to: &deadline) { deadline in
                    var input = unsafe image_codec_input(
                        bytes: file.baseAddress, count: file.count, message: message, message_size: size,
                        gives_up: { unsafe Self.hasPassed($0) }, context: deadline)
                    return unsafe body(&input)
                }
            }
        }
    }

    /// What C asks of a deadline.
    private static func hasPassed(_ deadline: UnsafeMutableRawPointer?) -> CInt {
        unsafe deadline?.assumingMemoryBound(to: Deadline.self).pointee.hasPassed == true ? 1 : 0
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
        case IMAGE_CODEC_STOPPED: code = .timeout
        default: code = .corrupt
        }
        let text = String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        throw ImageError(code, text)
    }
}
