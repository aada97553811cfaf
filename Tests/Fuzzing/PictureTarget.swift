import Images
import TestSupport

extension FuzzTarget {
    /// Pictures: one that is taken has as many pixels as its sides say.
    static let picture: FuzzTarget = {
        let samples = [
            "baseline-420.jpg", "progressive.jpg", "restart.jpg", "separate-scans.jpg", "arithmetic.jpg", "cmyk.jpg",
            "orientation-6.jpg", "rgb-8.png", "palette-4-alpha-interlaced.png", "gray-16.png", "extras.png",
            "lossy.webp", "lossy-alpha.webp", "lossless-alpha.webp", "orientation-6.webp",
        ]
        let markers: [[UInt8]] = [
            [0xFF, 0xC0], [0xFF, 0xC2], [0xFF, 0xC4], [0xFF, 0xC9], [0xFF, 0xCC], [0xFF, 0xD0], [0xFF, 0xD8],
            [0xFF, 0xD9], [0xFF, 0xDA], [0xFF, 0xDB], [0xFF, 0xDD], [0xFF, 0xE1], [0xFF, 0xEE], [0x00, 0x00],
            [0xFF, 0xFF], [0x7F, 0xFF, 0xFF, 0xFF],
        ]
        let names = [
            "IHDR", "PLTE", "tRNS", "IDAT", "IEND", "eXIf", "iCCP", "VP8 ", "VP8L", "VP8X", "ALPH", "ANMF", "EXIF",
        ]
        var target = FuzzTarget(
            name: "picture", samples: samples.map { RepositoryFile.bytes("Tests/ImagesTests/Fixtures/pictures/\($0)") },
            words: markers + names.map { Array($0.utf8) }
        ) { bytes, _ in
            let decoder = ImageDecoder(limits: ImageLimits(maxPixels: 4_000_000))
            guard let picture = try? decoder.picture(of: bytes, atLeast: .max) else { return false }
            try promise(picture.width > 0 && picture.height > 0, "\(picture.width) × \(picture.height)")
            try promise(
                picture.pixels.count == picture.width * picture.height * 3,
                "\(picture.pixels.count) samples of \(picture.width) × \(picture.height)")
            return true
        }
        // Most chunks of a PNG with the sum that they have now: libpng looks no further where that is wrong.
        target.finish = { bytes, random in
            Int.random(in: 0..<8, using: &random) > 0 ? PictureBomb.withChecksums(bytes) : bytes
        }
        return target
    }()
}
