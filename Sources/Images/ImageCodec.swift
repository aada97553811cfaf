internal import CImageCodec

/// Takes the rows of a picture that is being decoded.
protocol RowReceiver: AnyObject {
    /// Takes the next row, from the top: red, green, blue of each pixel.
    func take(_ row: Span<UInt8>)
}

/// The C island as Swift sees it: an array in, rows out, a status as a typed throw. All pointers stay in this file.
struct ImageCodec {
    /// What a header announces.
    struct Header {
        fileprivate let info: image_codec_info
        /// How the stored picture has to be turned.
        let orientation: Orientation

        var width: Int { Int(info.width) }
        var height: Int { Int(info.height) }
        /// Blocks of 8×8 samples, of a JPEG.
        var blocks: Int { Int(clamping: info.blocks) }
        /// How the rows of a decode at `eighths`/8 lie in the picture.
        func shape(eighths: Int = 8, isFitted: Bool = false) -> DecodedShape {
            DecodedShape(
                width: width, height: height, eighths: eighths, isFitted: isFitted, orientation: orientation)
        }
        /// What decoding costs, without what is done with rows.
        var cost: DecodingCost {
            DecodingCost(
                work: Int(clamping: info.work), memory: Int(clamping: info.memory),
                risk: Int(clamping: info.memory_perhaps))
        }
    }

    /// The whole file.
    let bytes: [UInt8]
    /// When to give up.
    let deadline: Deadline

    func jpegHeader() throws(ImageError) -> Header { try unsafe header { unsafe image_codec_jpeg_info($0, $1) } }

    func pngHeader() throws(ImageError) -> Header { try unsafe header { unsafe image_codec_png_info($0, $1) } }

    func webpHeader() throws(ImageError) -> Header { try unsafe header { unsafe image_codec_webp_info($0, $1) } }

    /// Decodes a JPEG at `eighths`/8. Returns what is wrong with it where its bytes end in its second half.
    func decodeJPEG(_ header: Header, eighths: Int, into rows: any RowReceiver) throws(ImageError) -> ImageError? {
        var info = header.info
        return try unsafe call(rows) { unsafe image_codec_jpeg_decode($0, &info, UInt32(eighths)) }
    }

    /// Decodes a PNG, or throws: nothing is wrong with one that is decoded.
    func decodePNG(_ header: Header, into rows: any RowReceiver) throws(ImageError) -> ImageError? {
        var info = header.info
        return try unsafe call(rows) { unsafe image_codec_png_decode($0, &info) }
    }

    /// Decodes a WebP at `eighths`/8, or throws: nothing is wrong with one that is decoded.
    func decodeWebP(_ header: Header, eighths: Int, into rows: any RowReceiver) throws(ImageError) -> ImageError? {
        var info = header.info
        return try unsafe call(rows) { unsafe image_codec_webp_decode($0, &info, UInt32(eighths)) }
    }

    /// What `read` fills in, or its error.
    private func header(
        _ read: (UnsafePointer<image_codec_input>, UnsafeMutablePointer<image_codec_info>) -> image_codec_status
    ) throws(ImageError) -> Header {
        var info = image_codec_info()
        _ = try unsafe call(nil) { unsafe read($0, &info) }
        let exif = bytes[info.exif_start..<(info.exif_start + min(info.exif_size, Exif.limit))]
        return Header(info: info, orientation: Exif.orientation(ofTIFF: exif))
    }

    /// Lends `body` the file, the deadline, the receiver and a message buffer.
    private func call(
        _ rows: (any RowReceiver)?, _ body: (UnsafePointer<image_codec_input>) -> image_codec_status
    ) throws(ImageError) -> ImageError? {
        var listener = Listener(deadline: deadline, rows: rows)
        return try unsafe Self.call { message, size in
            unsafe bytes.withUnsafeBufferPointer { file in
                unsafe withUnsafeMutablePointer(to: &listener) { listener in
                    var input = unsafe image_codec_input(
                        bytes: file.baseAddress, count: file.count, message: message, message_size: size,
                        gives_up: { unsafe Listener.at($0)?.deadline.hasPassed == true ? 1 : 0 },
                        takes_row: { listener, row, count in
                            guard let row = unsafe row else { return }
                            unsafe Listener.at(listener)?.rows?.take(Span(_unsafeStart: row, count: count))
                        },
                        context: listener)
                    return unsafe body(&input)
                }
            }
        }
    }

    /// Whom C calls back.
    private struct Listener {
        let deadline: Deadline
        let rows: (any RowReceiver)?

        /// What C was lent.
        static func at(_ context: UnsafeMutableRawPointer?) -> Listener? {
            unsafe context?.assumingMemoryBound(to: Listener.self).pointee
        }
    }

    /// Encodes RGB pixels as PNG in at most `capacity` bytes.
    static func encodePNG(_ rgb: [UInt8], width: Int, height: Int, capacity: Int) throws(ImageError) -> [UInt8] {
        try unsafe encode(capacity) { out, written, message, size in
            unsafe image_codec_png_encode(
                rgb, UInt32(width), UInt32(height), out, capacity, written, message, size)
        }
    }

    /// Encodes RGB pixels as JPEG in at most `capacity` bytes.
    static func encodeJPEG(_ picture: Picture, quality: Int, capacity: Int) throws(ImageError) -> [UInt8] {
        try unsafe encode(capacity) { out, written, message, size in
            unsafe picture.pixels.withUnsafeBufferPointer { rgb in
                var pixels = unsafe image_codec_pixels(
                    rgb: rgb.baseAddress, width: UInt32(picture.width), height: UInt32(picture.height))
                return unsafe image_codec_jpeg_encode(
                    &pixels, UInt32(quality), out, capacity, written, message, size)
            }
        }
    }

    /// What `body` writes into `capacity` bytes: it gets these, where to put how many it took, and a message buffer.
    private static func encode(
        _ capacity: Int,
        _ body: (UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<Int>, UnsafeMutablePointer<CChar>?, Int) ->
            image_codec_status
    ) throws(ImageError) -> [UInt8] {
        var failure: ImageError?
        let encoded = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { out, initialized in
            do throws(ImageError) {
                var written = 0
                _ = try unsafe call { message, size in unsafe body(out.baseAddress, &written, message, size) }
                initialized = written
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return encoded
    }

    /// Lends `body` a message buffer and turns a status other than success into an error: one that is thrown, or returned
    /// where there are rows all the same.
    private static func call(
        _ body: (UnsafeMutablePointer<CChar>?, Int) -> image_codec_status
    ) throws(ImageError) -> ImageError? {
        var message = [CChar](repeating: 0, count: 256)
        let status = unsafe message.withUnsafeMutableBufferPointer { buffer in
            unsafe body(buffer.baseAddress, buffer.count)
        }
        let code: ImageError.Code
        switch status {
        case IMAGE_CODEC_OK: return nil
        case IMAGE_CODEC_TRUNCATED, IMAGE_CODEC_PARTIAL: code = .truncated
        case IMAGE_CODEC_UNSUPPORTED: code = .format
        case IMAGE_CODEC_MEMORY: code = .system
        case IMAGE_CODEC_COSTLY: code = .tooCostly
        case IMAGE_CODEC_STOPPED: code = .timeout
        default: code = .corrupt
        }
        let text = String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let error = ImageError(code, text)
        if status != IMAGE_CODEC_PARTIAL { throw error }
        return error
    }
}
