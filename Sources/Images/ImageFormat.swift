/// What a file is, by its first bytes. Names and extensions are never asked.
enum ImageFormat: Equatable {
    case jpeg
    case png
    case webp
    /// Something else, and what it looks like.
    case other(String)

    private static let jpegMagic: [UInt8] = [0xFF, 0xD8, 0xFF]
    private static let pngMagic: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    /// First bytes of things that feeds pass off as pictures.
    private static let others: [(magic: [UInt8], offset: Int, name: String)] = [
        (Array("GIF8".utf8), 0, "GIF"),
        (Array("ftypavif".utf8), 4, "AVIF"),
        (Array("ftypheic".utf8), 4, "HEIC"),
        (Array("ftypmif1".utf8), 4, "HEIF"),
        (Array("ftyp".utf8), 4, "MP4 video"),
        (Array("BM".utf8), 0, "BMP"),
        ([0x49, 0x49, 42, 0], 0, "TIFF"),
        ([0x4D, 0x4D, 0, 42], 0, "TIFF"),
        ([0xFF, 0x0A], 0, "JPEG XL"),
        ([0, 0, 0, 12, 0x4A, 0x58, 0x4C, 0x20], 0, "JPEG XL"),
        ([0, 0, 0, 12, 0x6A, 0x50, 0x20, 0x20], 0, "JPEG 2000"),
        ([0, 0, 1, 0], 0, "an icon"),
        (Array("%PDF".utf8), 0, "PDF"),
        ([0x1F, 0x8B], 0, "gzip"),
        (Array("PK".utf8), 0, "a ZIP archive"),
    ]

    /// Recognises `bytes`; a file too short to tell counts as what it has begun to be.
    init(of bytes: [UInt8]) {
        let begins = { (magic: [UInt8]) in magic.starts(with: bytes.prefix(magic.count)) && !bytes.isEmpty }
        let isWebP = begins(Array("RIFF".utf8)) && Array("WEBP".utf8).starts(with: bytes.dropFirst(8).prefix(4))
        if begins(Self.jpegMagic) {
            self = .jpeg
        } else if begins(Self.pngMagic) {
            self = .png
        } else if isWebP {
            self = .webp
        } else if let other = Self.others.first(where: { bytes.dropFirst($0.offset).starts(with: $0.magic) }) {
            self = .other(other.name)
        } else {
            self = .other(Self.looksLikeMarkup(bytes) ? "HTML or XML" : "unknown data")
        }
    }

    private static func looksLikeMarkup(_ bytes: [UInt8]) -> Bool {
        let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let text = bytes.starts(with: byteOrderMark) ? bytes.dropFirst(3) : bytes[...]
        guard let open = text.firstIndex(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }) else { return false }
        let next = text.dropFirst(open - text.startIndex + 1).first ?? 0
        let isLetter = (0x41...0x5A).contains(next | 0x20) || (0x61...0x7A).contains(next)
        return text[open] == UInt8(ascii: "<") && (isLetter || next == UInt8(ascii: "!") || next == UInt8(ascii: "?"))
    }
}
