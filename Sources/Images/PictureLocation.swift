import FoundationEssentials

/// Where a picture is that a feed names: in a file, or in the name itself.
enum PictureLocation {
    /// A path, also one that was written as a `file:` URL (RFC 8089).
    case file(String)
    /// What stands behind the comma of a `data:` URI (RFC 2397): in base64, or percent-encoded.
    case data(Substring, isBase64: Bool)

    /// Tells them apart. Nothing is fetched, so every other URL is refused.
    ///
    /// - Throws: ``ImageError`` with the code `url` or `data`.
    init(_ written: String) throws(ImageError) {
        guard let colon = written.utf8.firstIndex(of: UInt8(ascii: ":")), Self.isScheme(written[..<colon]) else {
            self = .file(written)
            return
        }
        let rest = written[written.utf8.index(after: colon)...]
        switch written[..<colon].lowercased() {
        case "file": self = .file(try Self.path(rest))
        case "data": self = try Self.embedded(rest)
        case _ where rest.hasPrefix("//"):
            throw ImageError(.url, "nothing is fetched; get the picture first, and give the path of its file")
        default: self = .file(written)
        }
    }

    private static func isScheme(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, (0x61...0x7A).contains(first | 0x20) else { return false }
        return text.utf8.allSatisfy {
            (0x61...0x7A).contains($0 | 0x20) || (0x30...0x39).contains($0) || [0x2B, 0x2D, 0x2E].contains($0)
        }
    }

    // MARK: Files

    /// The path of a `file:` URL, given without its scheme.
    private static func path(_ url: Substring) throws(ImageError) -> String {
        var path = url
        if url.hasPrefix("//") {
            let authority = url.dropFirst(2).prefix { $0 != "/" }
            guard authority.isEmpty || authority.lowercased() == "localhost" else {
                throw ImageError(.url, "a file of another machine; nothing is fetched")
            }
            path = url[authority.endIndex...]
        }
        guard path.hasPrefix("/") else { throw ImageError(.url, "a file: URL without an absolute path") }
        guard let bytes = percentDecoded(path), let decoded = String(validating: bytes, as: UTF8.self) else {
            throw ImageError(.url, "a file: URL whose percent-encoding is no path in UTF-8")
        }
        return decoded
    }

    /// The bytes of a percent-encoded text, or `nil` where a `%` is not followed by two hexadecimal digits.
    private static func percentDecoded(_ text: Substring) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        var rest = text.utf8
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(hexadecimal), let low = rest.popFirst().flatMap(hexadecimal) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func hexadecimal(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x41...0x46, 0x61...0x66: (digit | 0x20) - 0x57
        default: nil
        }
    }

    // MARK: Data

    /// A `data:` URI, given without its scheme. The media type is not asked: a picture's first bytes say what it is.
    private static func embedded(_ uri: Substring) throws(ImageError) -> PictureLocation {
        guard let comma = uri.utf8.firstIndex(of: UInt8(ascii: ",")) else {
            throw ImageError(.data, "a data: URI without a comma")
        }
        let isBase64 = uri[..<comma].lowercased().hasSuffix(";base64")
        return .data(uri[uri.utf8.index(after: comma)...], isBase64: isBase64)
    }

    /// The bytes of a `data:` URI, of which there may be `limit`.
    ///
    /// - Throws: ``ImageError`` with one of the codes `data`, `tooLarge`, `empty`.
    static func bytes(of data: Substring, isBase64: Bool, limit: Int) throws(ImageError) -> [UInt8] {
        // Before memory is taken. Four signs of base64 are three bytes, and any sign may take three letters.
        let least = data.utf8.count / (isBase64 ? 4 : 3)
        if least > limit { throw ImageError(.tooLarge, "\(least) bytes or more, the limit is \(limit)") }
        guard var bytes = percentDecoded(data) else {
            throw ImageError(.data, "a data: URI whose percent-encoding is damaged")
        }
        if isBase64 {
            // Lines of base64 may be broken, and feeds leave out what fills the last group.
            bytes.removeAll { $0 == 0x0A || $0 == 0x0D }
            while !bytes.count.isMultiple(of: 4), bytes.count % 4 != 1 { bytes.append(UInt8(ascii: "=")) }
            guard let decoded = Data(base64Encoded: Data(bytes)) else {
                throw ImageError(.data, "a data: URI whose base64 is damaged")
            }
            bytes = Array(decoded)
        }
        if bytes.isEmpty { throw ImageError(.empty, "a data: URI without data") }
        if bytes.count > limit { throw ImageError(.tooLarge, "\(bytes.count) bytes, the limit is \(limit)") }
        return bytes
    }
}
