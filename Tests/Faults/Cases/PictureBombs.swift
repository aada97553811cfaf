import SystemPackage
import TestSupport

/// Pictures that cost more than they look.
extension Bomb {
    static let pictures: [Bomb] =
        known
        + [
            Bomb(picture: "PNG, a palette") { palette(side: 8_000) },
            Bomb(picture: "PNG, cut off") { half(PictureBomb.png(8_000, 8_000, depth: 8, colour: .rgb)) },
            Bomb(picture: "JPEG, cut off") {
                half(PictureBomb.jpeg(.sequential, side: 4_000, components: 3, scans: 3))
            },
            Bomb(picture: "JPEG, a profile of 255 parts") {
                let part = Array("ICC_PROFILE\0".utf8) + [1, 255] + [UInt8](repeating: 0, count: 4_000)
                return withSegments([[UInt8]](repeating: part, count: 255), 0xE2)
            },
            Bomb(picture: "JPEG, notes that go round") {
                // Directories of 65535 entries that lie on each other.
                let loop = Array("Exif\0\0II*\0\u{8}\0\0\0".utf8) + [UInt8](repeating: 0xFF, count: 60_000)
                return withSegments([loop], 0xE1)
            },
            Bomb("long text, heavy picture") { folder in
                let picture = PictureBomb.jpeg(.refined, side: 4_600, components: 3, scans: 40)
                try Bytes.write(picture, to: folder.appending("heavy"))
                return Array(#"{"image":"heavy","text":""#.utf8) + Array("Paris ".times(upTo: 60_000).utf8)
                    + Array(#""}"#.utf8)
            },
            Bomb("many pictures", isLarge: true) { folder in
                let picture = PictureBomb.png(8_000, 8_000, depth: 8, colour: .rgb)
                for number in 0..<8 { try Bytes.write(picture, to: folder.appending("many\(number)")) }
                let names = (0..<8).map { "\"many\($0)\"" }.joined(separator: ",")
                return Array("{\"text\":\"Mark met Anna in Chicago\",\"image\":[\(names)]}".utf8)
            },
        ]

    /// Those that the decoder is tested with. Made when they are needed: together they are tens of megabytes.
    private static let known = PictureBomb.all().map(\.description).map { name in
        Bomb(picture: name) { PictureBomb.all().first { $0.description == name }?.bytes ?? [] }
    }

    private static func half(_ file: [UInt8]) -> [UInt8] { Array(file[..<(file.count / 2)]) }

    /// A small JPEG with segments behind its beginning.
    private static func withSegments(_ contents: [[UInt8]], _ marker: UInt8) -> [UInt8] {
        let file = PictureBomb.jpeg(.sequential, side: 8, components: 1, scans: 1)
        return file[..<2] + contents.flatMap { PictureBomb.segment(marker, $0) } + file[2...]
    }

    /// A PNG whose pixels are numbers of 256 colours, which may be seen through.
    private static func palette(side: Int) -> [UInt8] {
        let size = [side >> 24, side >> 16 & 255, side >> 8 & 255, side & 255].map { UInt8($0) }
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
            + PictureBomb.chunk("IHDR", size + size + [8, 3, 0, 0, 0])
            + PictureBomb.chunk("PLTE", [UInt8](repeating: 7, count: 768))
            + PictureBomb.chunk("tRNS", [UInt8](repeating: 9, count: 256))
            + PictureBomb.chunk("IDAT", PictureBomb.zeros(side * (side + 1))) + PictureBomb.chunk("IEND", [])
    }
}
