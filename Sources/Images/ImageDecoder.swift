package import Geometry

/// Something that is made of the rows of a picture.
protocol RowDestination {
    associatedtype Receiver: RowReceiver
    /// What it costs at the most to make it, besides decoding.
    func cost(of shape: DecodedShape) -> DecodingCost
    /// Who takes the rows of a picture of this shape.
    func receiver(of shape: DecodedShape) -> Receiver
}

/// Turns the bytes of a JPEG, PNG or WebP file into an upright RGB picture.
///
/// Nothing is decoded before the header was held against the limits: pixels, work and memory. Copies share their memory:
/// together they decode no more at a time than that allows, and wait for each other.
package struct ImageDecoder: Sendable {
    private let limits: ImageLimits
    private let memory: MemoryBudget

    /// A decoder that takes pictures within limits.
    package init(limits: ImageLimits = ImageLimits()) {
        self.limits = limits
        memory = MemoryBudget(bytes: limits.maxMemory)
    }

    /// Decodes a picture.
    ///
    /// A JPEG is decoded at the smallest scale n/8 whose shorter side is not below `side`, a WebP not below twice that; a
    /// PNG always in full.
    /// EXIF orientation is applied, transparent pixels are laid over white, 16-bit samples are rounded to 8.
    ///
    /// - Parameters:
    ///   - bytes: the whole file. Its first bytes decide the format.
    ///   - side: pixels that the shorter side is needed with; `Int.max` for the full size.
    ///   - deadline: when to give up.
    /// - Throws: ``ImageError`` with one of the codes `empty`, `tooLarge`, `tooManyPixels`, `tooCostly`, `format`,
    ///   `truncated`, `corrupt`, `system`, `timeout`. A damaged picture is an error, never a picture with grey parts,
    ///   unless it is a JPEG that just ends: half of its rows is enough, and ``Picture/damage`` says so.
    package func picture(
        of bytes: [UInt8], atLeast side: Int, deadline: Deadline = .never
    ) throws(ImageError) -> Picture {
        let decoded = try decode(bytes, atLeast: side, into: WholePicture(), deadline)
        var picture = decoded.rows.picture()
        picture.damage = decoded.damage
        return picture
    }

    /// Decodes a picture row by row to what a patch encoder takes, so that memory does not depend on its area, where the
    /// file's own order of pixels allows that.
    ///
    /// - Throws: as ``picture(of:atLeast:deadline:)``.
    package func patches(
        of bytes: [UInt8], _ preparation: ImageToPatches, deadline: Deadline = .never
    ) throws(ImageError) -> LoadedPicture {
        let decoded = try decode(bytes, atLeast: preparation.leastSide, into: preparation, deadline)
        func upright(_ resizer: RowResizer, _ side: Int) -> [SIMD4<Float>] {
            decoded.shape.orientation.turned(resizer.resized(), side: side)
        }
        var loaded = LoadedPicture(
            patches: preparation.matrix(ofResized: upright(decoded.rows.patches, preparation.size)),
            size: decoded.shape.uprightSize, damage: decoded.damage)
        if let pixels = preparation.pixels, let resizer = decoded.rows.pixels {
            loaded.pixels = pixels.matrix(ofResized: upright(resizer, pixels.size))
        }
        return loaded
    }

    /// The size of a picture, upright, by its header alone: nothing is decoded, and what follows may be damaged.
    ///
    /// - Throws: as ``picture(of:atLeast:deadline:)``, for what the header tells.
    package func size(of bytes: [UInt8], deadline: Deadline = .never) throws(ImageError) -> ImageSize {
        try check(bytes)
        let codec = ImageCodec(bytes: bytes, deadline: deadline)
        let header =
            switch ImageFormat(of: bytes) {
            case .jpeg: try codec.jpegHeader()
            case .png: try codec.pngHeader()
            case .webp: try codec.webpHeader()
            case .other(let name): throw Self.unknown(name)
            }
        return try check(header).shape().uprightSize
    }

    private func check(_ bytes: [UInt8]) throws(ImageError) {
        if bytes.isEmpty { throw ImageError(.empty, "no bytes") }
        if bytes.count > limits.maxBytes {
            throw ImageError(.tooLarge, "\(bytes.count) bytes, the limit is \(limits.maxBytes)")
        }
    }

    private static func unknown(_ name: String) -> ImageError {
        ImageError(.format, "no JPEG, PNG or WebP, but looks like \(name)")
    }

    private typealias Decoded<Rows> = (shape: DecodedShape, rows: Rows, damage: ImageError?)

    private func decode<Destination: RowDestination>(
        _ bytes: [UInt8], atLeast side: Int, into destination: Destination, _ deadline: Deadline
    ) throws(ImageError) -> Decoded<Destination.Receiver> {
        try check(bytes)
        let codec = ImageCodec(bytes: bytes, deadline: deadline)
        switch ImageFormat(of: bytes) {
        case .jpeg:
            let header = try check(codec.jpegHeader())
            let eighths = Self.scale(shorter: min(header.width, header.height), atLeast: side)
            let shape = header.shape(eighths: eighths)
            let cost = header.cost + Self.outputCost(of: shape, header, eighths: eighths)
            return try receive(shape, into: destination, cost, deadline) { rows throws(ImageError) in
                try codec.decodeJPEG(header, eighths: eighths, into: rows)
            }
        case .png:
            let header = try check(codec.pngHeader())
            return try receive(header.shape(), into: destination, header.cost, deadline) { rows throws(ImageError) in
                try codec.decodePNG(header, into: rows)
            }
        case .webp:
            let header = try check(codec.webpHeader())
            // Twice as much: scaling averages, which a resize to nearly the same size would show.
            let eighths = Self.scale(shorter: min(header.width, header.height), atLeast: max(side, side &* 2))
            let shape = header.shape(eighths: eighths, isFitted: true)
            let cost = header.cost + DecodingCost(work: 0, memory: shape.width * shape.height * 4)
            return try receive(shape, into: destination, cost, deadline) { rows throws(ImageError) in
                try codec.decodeWebP(header, eighths: eighths, into: rows)
            }
        case .other(let name):
            throw Self.unknown(name)
        }
    }

    /// Decodes what costs no more than it may, when there is memory for it.
    private func receive<Destination: RowDestination>(
        _ shape: DecodedShape, into destination: Destination, _ cost: DecodingCost, _ deadline: Deadline,
        _ decode: (Destination.Receiver) throws(ImageError) -> ImageError?
    ) throws(ImageError) -> Decoded<Destination.Receiver> {
        let cost = cost + destination.cost(of: shape)
        try cost.check(against: limits)
        return try memory.lend(cost.reserved(within: limits), until: deadline) { () throws(ImageError) in
            let rows = destination.receiver(of: shape)
            return (shape, rows, try decode(rows))
        }
    }

    /// The smallest n of n/8 that keeps `shorter` at `side` or more, or 8.
    static func scale(shorter: Int, atLeast side: Int) -> Int {
        (1..<8).first { (shorter * $0 + 7) / 8 >= side } ?? 8
    }

    /// What a JPEG costs when its blocks are decoded: scales that are no power of two take the longest.
    private static func outputCost(
        of shape: DecodedShape, _ header: ImageCodec.Header, eighths: Int
    ) -> DecodingCost {
        DecodingCost(work: header.blocks * (20 + 4 * eighths * eighths) + shape.width * shape.height * 3, memory: 0)
    }

    /// A side beyond this is refused whatever the area: tables of the resize grow with it.
    static let maxSide = 1_000_000

    /// A header of a picture that is not too large.
    private func check(_ header: ImageCodec.Header) throws(ImageError) -> ImageCodec.Header {
        let size = "\(header.width)x\(header.height) pixels"
        if max(header.width, header.height) > Self.maxSide {
            throw ImageError(.tooManyPixels, "\(size), the limit of a side is \(Self.maxSide)")
        }
        if header.width * header.height > limits.maxPixels {
            throw ImageError(.tooManyPixels, "\(size), the limit is \(limits.maxPixels) in all")
        }
        return header
    }
}
